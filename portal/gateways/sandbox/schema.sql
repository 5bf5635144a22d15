-- The sandbox's own books. Made when the file is opened; money is in whole cents, times are UTC text.
create table if not exists customers (
    ref text primary key, client_id text not null, name text not null, email text not null
) strict;
create table if not exists methods (
    ref text primary key, customer_ref text not null references customers (ref),
    named text not null, exp_month integer, exp_year integer, holder_name text not null,
    is_kept integer not null, is_detached integer not null, refusals integer not null
) strict;
create table if not exists payments (
    ref text primary key, our_id text not null, customer_ref text not null references customers (ref),
    page_ref text, method_ref text, named text, state text not null,
    amount_cents integer not null check (amount_cents > 0),
    fee_cents integer not null check (fee_cents >= 0 and fee_cents < amount_cents),
    captured_cents integer not null check (captured_cents in (0, amount_cents)),
    refunded_cents integer not null check (refunded_cents between 0 and captured_cents),
    currency text not null, is_off_session integer not null, description text not null,
    return_url text not null, decline_code text, return_code text, dispute text, captured_at text,
    check (state in
        ('waiting', 'requires_action', 'processing', 'succeeded', 'declined', 'cancelled')),
    check (captured_cents = 0 or state = 'succeeded')
) strict;
create index if not exists payments_by_our_id on payments (our_id);
create table if not exists refunds (
    ref text primary key, our_id text not null, payment_ref text not null references payments (ref),
    amount_cents integer not null check (amount_cents > 0),
    state text not null check (state in ('pending', 'succeeded', 'failed'))
) strict;
create index if not exists refunds_by_payment on refunds (payment_ref);
create table if not exists pages (
    ref text primary key, customer_ref text not null references customers (ref), our_id text,
    purpose text not null check (purpose in ('pay', 'save', 'pay_and_save')),
    state text not null check (state in ('open', 'done', 'expired')),
    amount_cents integer not null, currency text not null, fees text not null, kinds text not null,
    description text not null, return_url text not null, expires_at text not null,
    is_question integer not null, payment_ref text, method_ref text, asking text, refusal text, version integer not null
) strict;
create table if not exists steps (
    step_no integer primary key, at text not null, kind text not null, subject text not null
) strict;
create index if not exists steps_by_time on steps (at, step_no);
create table if not exists entries (
    entry_no integer primary key, at text not null, paid_date text not null, kind text not null,
    payment_ref text not null, refund_ref text, currency text not null,
    gross_cents integer not null, fee_cents integer not null, net_cents integer not null,
    payout_ref text, check (net_cents = gross_cents - fee_cents)
) strict;
create index if not exists entries_unpaid on entries (paid_date) where payout_ref is null;
create index if not exists entries_by_payout on entries (payout_ref);
create table if not exists payouts (
    ref text primary key, paid_date text not null, currency text not null,
    amount_cents integer not null
) strict;
create table if not exists events (
    event_no integer primary key, event_id text not null unique, kind text not null,
    at text not null, payment_ref text, refund_ref text, method_ref text, page_ref text,
    payout_ref text, tries integer not null, next_try_at text
) strict;
create index if not exists events_to_deliver on events (next_try_at) where next_try_at is not null;
create table if not exists keys (
    key text primary key, call text not null, fingerprint text not null, at text not null,
    answer text not null
) strict;
create table if not exists faults (
    fault_no integer primary key, call text not null, kind text not null
) strict;
create table if not exists facts (name text primary key, value text not null) strict;
