"""A warehouse to read from in tests: the canonical tables and marts, without a source or a refresh.

`small_warehouse` holds hand-written awkward rows; `generated_warehouse` any number of invoices.
"""

# ruff: noqa: E501

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from portal.domain.errors import NotFound
from portal.warehouse.store_tables import lay_out, show

CANONICAL = """
create or replace table staff (staff_id bigint, full_name varchar, email varchar, is_active boolean);
create or replace table clients (client_id bigint, client_number varchar, client_name varchar,
    client_group varchar, client_status varchar, office varchar, partner_id bigint,
    manager_id bigint, responsible_id bigint, opened_date date, changed_at timestamp);
create or replace table contacts (contact_id bigint, client_id bigint, full_name varchar,
    email varchar, phone varchar, is_primary boolean, is_billing boolean,
    receives_invoices boolean, receives_statements boolean, changed_at timestamp);
create or replace table engagements (engagement_id bigint, client_id bigint,
    engagement_name varchar, engagement_status varchar, changed_at timestamp);
create or replace table invoices (invoice_id bigint, invoice_number varchar, client_id bigint,
    engagement_id bigint, entry_kind varchar, invoice_date date, due_date date, currency varchar,
    amount_cents bigint, is_disputed boolean, is_void boolean, open_cents bigint,
    changed_at timestamp);
create or replace table receipts (receipt_id bigint, client_id bigint, entry_kind varchar,
    receipt_date date, method varchar, reference varchar, currency varchar, amount_cents bigint,
    changed_at timestamp);
create or replace table applications (application_id varchar, receipt_id bigint,
    invoice_id bigint, amount_cents bigint, applied_date date, changed_at timestamp);
create or replace table data_version as select 1::bigint as version,
    timestamp '2026-06-30 12:00:00' as refreshed_at, timestamp '2026-06-30 11:59:58' as source_as_of;
create or replace table refresh_log (refresh_id bigint, kind varchar, started_at timestamp,
    finished_at timestamp, outcome varchar, version bigint, changed_rows bigint, seconds double,
    detail varchar, message varchar);
"""

MARTS = """
create or replace table invoice_list as
select i.invoice_id, i.invoice_number, i.client_id, c.partner_id, c.manager_id, i.engagement_id,
    i.entry_kind, i.invoice_date, i.due_date, coalesce(i.due_date, date '9999-12-31') as due_key,
    i.currency, i.amount_cents, coalesce(a.applied_cents, 0)::bigint as applied_cents,
    case when i.is_void then 0 else i.amount_cents - coalesce(a.applied_cents, 0) end::bigint
        as outstanding_cents,
    a.last_applied_date, i.is_disputed, i.is_void, i.changed_at
from invoices i join clients c using (client_id)
left join (select invoice_id, sum(amount_cents)::bigint as applied_cents,
    max(applied_date) as last_applied_date from applications group by invoice_id) a
    using (invoice_id)
order by i.invoice_date, i.invoice_id;
create or replace table open_invoices as
select invoice_id, client_id, partner_id, manager_id, entry_kind, invoice_date, due_date, due_key,
    currency, outstanding_cents, is_disputed
from invoice_list where outstanding_cents > 0 order by invoice_date, invoice_id;
create or replace table receipt_list as
select r.receipt_id, r.client_id, c.partner_id, c.manager_id, r.entry_kind, r.receipt_date,
    r.method, r.reference, r.currency, r.amount_cents,
    coalesce(a.applied_cents, 0)::bigint as applied_cents,
    (r.amount_cents - coalesce(a.applied_cents, 0))::bigint as unapplied_cents,
    coalesce(a.invoice_count, 0)::bigint as invoice_count, r.changed_at,
    case when r.reference like 'PI-%' then r.reference end as payment_id
from receipts r join clients c using (client_id)
left join (select receipt_id, sum(amount_cents)::bigint as applied_cents,
    count(distinct invoice_id) as invoice_count from applications group by receipt_id) a
    using (receipt_id)
order by r.receipt_date, r.receipt_id;
create or replace table posted_items as from receipt_list where payment_id is not null;
create or replace table client_list as
with
money as (
    select client_id, currency, sum(outstanding_cents) as outstanding_cents,
        count(*) filter (outstanding_cents > 0) as unpaid_invoices, 0 as unapplied_cents,
        0 as payments_to_date_cents, null::date as last_payment_date
    from invoice_list group by client_id, currency
    union all
    select client_id, currency, 0, 0, sum(unapplied_cents),
        sum(amount_cents) filter (entry_kind in ('payment', 'refund', 'return', 'reversal')),
        max(receipt_date) filter (entry_kind = 'payment')
    from receipt_list group by client_id, currency
    union all
    select client_id, 'USD', 0, 0, 0, 0, null from clients
    where client_id not in (select client_id from invoices union all select client_id from receipts)
),
grouped as (
    select client_id, currency, sum(outstanding_cents)::bigint as outstanding_cents,
        sum(unpaid_invoices)::bigint as unpaid_invoices,
        sum(unapplied_cents)::bigint as unapplied_cents,
        coalesce(sum(payments_to_date_cents), 0)::bigint as payments_to_date_cents,
        max(last_payment_date) as last_payment_date
    from money group by client_id, currency
),
ranked as (
    select *, lower(strip_accents(client_name || ' ' || client_number)) as search_text,
        row_number() over (order by lower(strip_accents(client_name)), client_id)::integer
            as name_rank,
        row_number() over (order by lower(strip_accents(client_number)), client_id)::integer
            as number_rank
    from clients
),
people as (
    select client_id, max(full_name) filter (is_billing) as billing_contact,
        max(email) filter (is_billing) as billing_email,
        max(full_name) filter (is_primary) as primary_contact
    from contacts group by client_id
),
work as (
    select client_id, string_agg(engagement_name, ', ' order by engagement_name)
        as engagement_names, count(*) as engagement_count
    from engagements group by client_id
)
select ranked.client_id, ranked.client_number, ranked.client_name, ranked.search_text,
    ranked.name_rank, ranked.number_rank, ranked.client_group, ranked.client_status,
    ranked.office, ranked.partner_id, ranked.manager_id, ranked.responsible_id,
    ranked.opened_date, grouped.currency, grouped.outstanding_cents, grouped.unpaid_invoices,
    grouped.unapplied_cents, grouped.payments_to_date_cents, grouped.last_payment_date,
    people.billing_contact, people.billing_email, people.primary_contact,
    work.engagement_names, coalesce(work.engagement_count, 0)::bigint as engagement_count,
    ranked.changed_at
from ranked join grouped using (client_id)
left join people using (client_id) left join work using (client_id)
order by ranked.client_id, grouped.currency;
create or replace table aging_day as
select 'due' as lens, partner_id, manager_id, due_date as day, currency,
    sum(outstanding_cents)::bigint as outstanding_cents, count(*)::bigint as invoice_count
from open_invoices group by all
union all
select 'invoice', partner_id, manager_id, invoice_date, currency,
    sum(outstanding_cents)::bigint, count(*)::bigint
from open_invoices group by all;
"""

SMALL = """
insert into staff values
    (1, 'Ada Quill', 'ada@firm.test', true), (2, 'Ben Okafor', 'ben@firm.test', true),
    (3, 'Cleo Marsh', 'cleo@firm.test', true), (4, 'Dev Rao', 'dev@firm.test', true);
insert into clients
select id, number, name, team, state, office, partner, manager, coalesce(manager, partner),
    date '2020-01-01', timestamp '2026-06-01 00:00:00'
from (values
    (10, 'C-0010', 'Acme Holdings', 'Acme group', 'Active', 'Boston', 1, 3),
    (11, 'C-0011', 'acme tools', 'Acme group', 'Active', 'Boston', 1, 4),
    (12, 'C-0012', 'Müller & Söhne', null, 'Active', 'Albany', 2, 3),
    (13, 'C-0013', '=HYPERLINK("http://x.test","go")', null, 'Active', 'Albany', 2, 4),
    (14, 'C-0014', 'Fifty% Off_Ltd', 'O''Neil', 'Closed', null, 1, null),
    (15, 'C-0015', 'Back\\slash Co', null, 'Active', 'Boston', null, 3),
    (16, 'C-0016', 'Zürich Trading 🚚', 'O''Neil', 'Active', 'Boston', 2, null),
    (17, 'C-0017', 'Nothing Yet LLC', null, 'Active', 'Albany', 2, 2),
    (18, '+18', '@Sum Partners', null, 'Closed', '', 3, 1)
) as c (id, number, name, team, state, office, partner, manager);
insert into contacts values
    (1, 10, 'Ann Bell', 'ann@acme.test', '1', true, true, true, true, null),
    (2, 12, 'Jörg Müller', 'joerg@mueller.test', '2', true, true, true, false, null),
    (3, 13, 'Kim Lee', null, '3', true, false, false, false, null),
    (4, 16, 'Uwe Frei', 'uwe@zt.test', null, false, true, true, true, null);
insert into engagements values
    (1, 10, 'Audit 2025', 'Active', null), (2, 10, 'Tax 2025', 'Active', null),
    (3, 12, 'Payroll', 'Closed', null);
insert into invoices
select id, number, client, engagement, kind, posted::date, due::date, currency, cents, disputed,
    void, null, timestamp '2026-06-01 00:00:00'
from (values
    (100, 'INV-100', 10, 1, 'invoice', '2026-01-05', '2026-02-04', 'USD', 120000, false, false),
    (101, 'INV-101', 10, 2, 'invoice', '2026-05-20', '2026-06-19', 'USD', 50050, true, false),
    (102, 'INV-102', 11, null, 'service_charge', '2026-06-25', '2026-07-25', 'USD', 999, false, false),
    (103, 'INV-103', 12, 3, 'invoice', '2025-11-01', '2025-12-01', 'EUR', 700000, false, false),
    (104, 'INV-104', 12, null, 'invoice', '2026-06-01', '2026-07-01', 'USD', 45000, false, false),
    (105, 'INV-105', 13, null, 'invoice', '2026-03-15', null, 'USD', 31000, false, false),
    (106, '=1+1', 13, null, 'debit_memo', '2026-04-15', '2026-05-15', 'USD', 12345, false, false),
    (107, 'inv_107%', 14, null, 'invoice', '2026-02-10', '2026-06-30', 'USD', 8800, false, false),
    (108, 'INV-108', 14, null, 'invoice', '2026-02-11', '2026-03-13', 'USD', 6000, false, true),
    (109, 'INV-109', 15, null, 'invoice', '2024-12-31', '2025-01-30', 'USD', 1, false, false),
    (110, 'INV-110', 16, null, 'invoice', '2026-06-29', '2026-06-29', 'USD', 250000, false, false),
    (111, 'INV-111', 18, null, 'invoice', '2026-05-31', '2026-05-31', 'USD', 4200, true, false),
    (112, 'INV-112', 10, null, 'invoice', '2026-07-15', '2026-08-14', 'USD', 7700, false, false)
) as i (id, number, client, engagement, kind, posted, due, currency, cents, disputed, void);
insert into receipts
select id, client, kind, day::date, method, reference, currency, cents,
    timestamp '2026-06-01 00:00:00'
from (values
    (500, 10, 'payment', '2026-02-01', 'check', '1001', 'USD', 100000),
    (501, 12, 'payment', '2026-01-10', 'wire', null, 'EUR', 700000),
    (502, 13, 'credit_memo', '2026-05-01', null, '=cmd', 'USD', 2345),
    (503, 14, 'payment', '2026-06-15', 'ach', 'A-1', 'USD', 8800),
    (504, 14, 'return', '2026-06-20', 'ach', 'A-1', 'USD', -8800),
    (505, 16, 'write_off', '2026-06-30', null, null, 'USD', 50000),
    (506, 15, 'payment', '2026-03-01', 'card', 'x', 'USD', 777)
) as r (id, client, kind, day, method, reference, currency, cents);
insert into applications values
    ('1', 500, 100, 90000, date '2026-02-01', null), ('2', 501, 103, 700000, date '2026-01-10', null),
    ('3', 502, 106, 2345, date '2026-05-01', null), ('4', 503, 107, 8800, date '2026-06-15', null),
    ('5', 504, 107, -8800, date '2026-06-20', null), ('6', 505, 110, 50000, date '2026-06-30', null);
"""

GENERATED = """
insert into staff select i, 'Staff ' || i, 's' || i || '@firm.test', true from range(1, 201) t(i);
insert into clients
select i, 'C-' || lpad(i::varchar, 6, '0'),
    ['Acme','Birch','Cobalt','Delta','Ember','Fjord','Granite','Harbor'][1 + (hash(i) % 8)::int]
        || ' ' || ['Holdings','Tools','Partners','Foods','Transport','Media'][1 + (hash(i * 7) % 6)::int]
        || ' ' || i,
    case when i % 10 = 0 then 'Group ' || (i % 500) end, 'Active',
    ['Boston','Albany','Chicago'][1 + (i % 3)::int], 1 + (hash(i * 3) % 60)::bigint,
    61 + (hash(i * 5) % 140)::bigint, 1, date '2015-01-01', timestamp '2026-06-01 00:00:00'
from range(1, $clients + 1) t(i);
insert into contacts
select i, i, 'Contact ' || i, 'c' || i || '@client.test', null, true, true, true, true, null
from range(1, $clients + 1) t(i);
insert into engagements
select i, i, 'Tax ' || i, 'Active', null from range(1, $clients + 1) t(i) where i % 3 = 0;
insert into invoices
select i, 'INV-' || lpad(i::varchar, 8, '0'), 1 + (hash(i) % $clients)::bigint, null, 'invoice',
    day, case when i % 97 <> 0 then day + 30 end, 'USD', 1000 + (hash(i * 11) % 900000)::bigint,
    i % 211 = 0, i % 499 = 0, null, timestamp '2026-06-01 00:00:00'
from (select i, date '2026-06-30' - ((($invoices - i) * 2190) // $invoices)::integer as day
    from range(1, $invoices + 1) t(i));
insert into receipts
select invoice_id, client_id, case when invoice_id % 50 = 0 then 'credit_memo' else 'payment' end,
    least(date '2026-06-30', invoice_date + (hash(invoice_id * 13) % 60)::integer),
    ['check','ach','card','wire'][1 + (invoice_id % 4)::int], 'R' || invoice_id, currency,
    case when hash(invoice_id * 17) % 100 < 4 then amount_cents // 2 else amount_cents end
        + case when invoice_id % 333 = 0 then 500 else 0 end,
    timestamp '2026-06-01 00:00:00'
from invoices
where not is_void and hash(invoice_id * 19) % 100
    < case when invoice_date > date '2026-05-20' then 20 else 95 end;
insert into applications
select invoice_id::varchar, receipt_id, invoice_id,
    (receipts.amount_cents - case when invoice_id % 333 = 0 then 500 else 0 end)::bigint,
    receipt_date, null
from receipts join invoices on receipts.receipt_id = invoices.invoice_id;
"""


class FixtureWarehouse:
    """Reads like the portal's warehouse; the file has no source behind it."""

    def __init__(self, path: Path | str = ":memory:", config: dict | None = None) -> None:
        self.connection = duckdb.connect(str(path), config=config or {})
        lay_out(self.connection, "BIGINT")

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One read transaction."""
        cursor = self.connection.cursor()
        try:
            cursor.begin()
            yield cursor
            cursor.rollback()
        finally:
            cursor.close()

    def key(self, text: object) -> object:
        """An id as this warehouse stores it.

        Raises: NotFound.
        """
        if text is None:
            return None
        try:
            number = int(str(text))
        except ValueError:
            raise NotFound("There is no such record.") from None
        if abs(number) >= 2**63:
            raise NotFound("There is no such record.")
        return number

    def version(self) -> int:
        """The data version now committed."""
        with self.cursor() as cursor:
            return cursor.execute("select version from data_version").fetchone()[0]

    def bump(self) -> None:
        """Commit a new data version."""
        self.connection.execute("update data_version set version = version + 1")


def fill_small(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the small firm into a database."""
    for script in (CANONICAL, SMALL, MARTS):
        connection.execute(script)
    lay_out(connection, "BIGINT")
    show(connection)


def small_warehouse(path: Path | str = ":memory:", config: dict | None = None) -> FixtureWarehouse:
    """Nine clients, thirteen invoices, seven receipts, two currencies; meant for 2026-06-30."""
    warehouse = FixtureWarehouse(path, config)
    fill_small(warehouse.connection)
    return warehouse


def generated_warehouse(
    path: Path | str = ":memory:", *, invoices: int, config: dict | None = None
) -> FixtureWarehouse:
    """`invoices` invoices of a tenth as many clients, six years up to 2026-06-30."""
    warehouse = FixtureWarehouse(path, config)
    warehouse.connection.execute(CANONICAL)
    sizes = {"$clients": str(max(1, invoices // 10)), "$invoices": str(invoices)}
    text = GENERATED
    for name, value in sizes.items():
        text = text.replace(name, value)
    warehouse.connection.execute(text)
    warehouse.connection.execute(MARTS)
    show(warehouse.connection)
    return warehouse
