"""A day's money goes into its files once, and the sample firm's bookkeeper posts them once."""

import csv
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal.documents.payment_files import FOLDER, PaymentFileShelf
from portal.domain.errors import Invalid, SettingsInvalid
from portal.domain.payment_files import Layout, PaymentLine, write_payments
from portal.domain.payment_states import PaymentState
from portal.firm_toml.payment_files import read_payment_files
from portal.pms.sample_firm import payment_files as bookkeeper
from portal.pms.sample_firm.create import create_sample_firm
from portal.pms.sample_firm.tick import tick_sample_firm
from portal.services.associate_payment import AssociatePayment, associate_payment
from portal.services.make_payment_files import MakePaymentFiles, make_payment_files
from portal.services.money_ports import ClientCard, PaymentEvent, RefundItem, RefundState
from portal.store import Store
from tests.adapters.money_rows import a_payment, a_refund, an_item
from tests.adapters.store_backends import cluster, store, store_url
from tests.services.money_desk import ADMIN

__all__ = ["cluster", "store", "store_url"]

ZONE = ZoneInfo("America/New_York")
DAY = date(2026, 6, 29)
NOON = datetime(2026, 6, 29, 16, tzinfo=UTC)
MORNING_AFTER = datetime(2026, 6, 30, 12, tzinfo=UTC)


class Clients:
    """The directory of clients."""

    def client(self, client_id: str) -> ClientCard:
        return ClientCard(client_id=client_id, client_number="=C-1", client_name="Acme")


def make(store: Store, home: Path, day: date = DAY, now: datetime = MORNING_AFTER):
    return make_payment_files(
        MakePaymentFiles(day=day, timezone=ZONE),
        store=store,
        directory=Clients(),
        shelf=PaymentFileShelf(home),
        clock=lambda: now,
    )


def captured(store: Store, number: int = 1, cents: int = 10_000, invoice="7", **changes):
    payment = a_payment(
        number, amount_cents=cents, captured_cents=cents, state=PaymentState.SUCCEEDED,
        captured_at=NOON, gateway_ref=f"g{number}", **changes,
    )  # fmt: skip
    item = an_item(
        number, item_id=f"PI-{number:04d}-{number:04d}", payment_id=payment.payment_id,
        cents=cents, is_live=False, invoice_id=invoice,
        invoice_number=f"100{invoice}" if invoice else "",
    )  # fmt: skip
    with store.unit_of_work() as uow:
        uow.payments.add(payment, [item])
        uow.commit()
    return payment, item


def rows(home: Path, name: str = "invoice_payments.generic.csv") -> list[dict]:
    with (home / FOLDER / DAY.isoformat() / name).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.catalogue(39)
def test_a_days_files_are_made_once_and_stay_as_they_are(store, tmp_path):
    captured(store)

    first = make(store, tmp_path)
    before = (tmp_path / first[0].path).read_bytes()
    captured(store, 2)

    assert {file.layout for file in first} == set(Layout)
    assert make(store, tmp_path, now=MORNING_AFTER + timedelta(days=1)) == []
    assert (tmp_path / first[0].path).read_bytes() == before


def test_a_day_that_is_not_over_has_no_files_and_a_day_without_money_neither(store, tmp_path):
    captured(store)

    with pytest.raises(Invalid):
        make(store, tmp_path, now=NOON)
    assert make(store, tmp_path, day=DAY - timedelta(days=1)) == []


@pytest.mark.catalogue(40)
def test_refunds_and_returns_are_negative_lines(store, tmp_path):
    payment, item = captured(store)
    refund = a_refund(
        2, payment_id=payment.payment_id, amount_cents=4_000, state=RefundState.SUCCEEDED,
        updated_at=NOON,
    )  # fmt: skip
    line = RefundItem(
        line_id="PI-0002-0002", item_no=2, refund_id=refund.refund_id, item_id=item.item_id,
        cents=4_000,
    )  # fmt: skip
    back, _ = captured(store, 3, cents=500)
    with store.unit_of_work() as uow:
        uow.refunds.add(refund, [line])
        uow.payments.save(replace(back, state=PaymentState.RETURNED))
        uow.payments.add_event(
            PaymentEvent(
                payment_id=back.payment_id,
                at=NOON,
                from_state=PaymentState.SUCCEEDED,
                to_state=PaymentState.RETURNED,
                actor="gateway",
                reason="R01",
            )
        )
        uow.commit()

    make(store, tmp_path)

    told = [(row["Payment ID"], row["Entry"], row["Amount"]) for row in rows(tmp_path)]
    assert told == [
        ("PI-0001-0001", "payment", "100.00"),
        ("PI-0002-0002", "refund", "-40.00"),
        ("PI-0003-0003", "payment", "5.00"),
        ("PI-0003-0003", "return", "-5.00"),
    ]
    assert rows(tmp_path)[0]["Client number"] == "'=C-1"


def step(store: Store, payment, before: str, after: str, at: datetime, reason: str = "told"):
    """A payment takes a step."""
    moved = replace(payment, state=PaymentState(after))
    with store.unit_of_work() as uow:
        uow.payments.save(moved)
        uow.payments.add_event(
            PaymentEvent(
                payment_id=payment.payment_id,
                at=at,
                from_state=PaymentState(before),
                to_state=PaymentState(after),
                actor="gateway",
                reason=reason,
            )
        )
        uow.commit()
    return moved


def told(home: Path, day: date, name: str = "invoice_payments.generic.csv") -> list[tuple]:
    """What a day's file says."""
    with (home / FOLDER / day.isoformat() / name).open(newline="") as file:
        return [
            (row["Date"], row["Payment ID"], row["Entry"], row["Client key"], row["Amount"])
            for row in csv.DictReader(file)
        ]


def test_what_was_kept_after_a_days_files_were_made_is_told_by_the_next_ones(store, tmp_path):
    captured(store)
    make(store, tmp_path)
    captured(store, 2)
    next_day, morning = DAY + timedelta(days=1), MORNING_AFTER + timedelta(days=1)

    assert make(store, tmp_path, now=morning) == []
    make(store, tmp_path, day=next_day, now=morning)

    assert told(tmp_path, next_day) == [("2026-06-29", "PI-0002-0002", "payment", "c1", "100.00")]
    later = DAY + timedelta(days=2)
    assert make(store, tmp_path, day=later, now=morning + timedelta(days=1)) == []


def test_a_layout_that_is_chosen_later_tells_what_the_days_files_told(store, tmp_path):
    captured(store)
    tools = {"store": store, "directory": Clients(), "shelf": PaymentFileShelf(tmp_path)}
    for layouts in [(Layout.GENERIC,), (Layout.GENERIC, Layout.PRACTICE_CS)]:
        wanted = MakePaymentFiles(day=DAY, timezone=ZONE, layouts=layouts)
        made = make_payment_files(wanted, **tools, clock=lambda: MORNING_AFTER)
        captured(store, 2 if len(layouts) == 1 else 3)

    assert [(file.layout, file.row_count) for file in made] == [("practice_cs", 1)]


@pytest.mark.catalogue(38)
def test_a_dispute_takes_the_payment_back_and_its_win_gives_it_once_more(store, tmp_path):
    payment, item = captured(store, 3, cents=500)
    make(store, tmp_path)
    disputed = step(store, payment, "succeeded", "disputed", NOON + timedelta(days=1))
    won = step(store, disputed, "disputed", "succeeded", NOON + timedelta(days=2))
    refund = a_refund(
        4, payment_id=payment.payment_id, amount_cents=200, state=RefundState.SUCCEEDED,
        updated_at=NOON + timedelta(days=2, minutes=5),
    )  # fmt: skip
    line = RefundItem(
        line_id="PI-0004-0004", item_no=4, refund_id=refund.refund_id, item_id=item.item_id,
        cents=200,
    )  # fmt: skip
    with store.unit_of_work() as uow:
        uow.refunds.add(refund, [line])
        uow.payments.save(replace(won, state=PaymentState.PART_REFUNDED, refunded_cents=200))
        uow.payments.save_item(replace(item, refunded_cents=200))
        uow.commit()
    for days in (1, 2):
        day = DAY + timedelta(days=days)
        make(store, tmp_path, day=day, now=MORNING_AFTER + timedelta(days=days))

    assert told(tmp_path, DAY + timedelta(days=1)) == [
        ("2026-06-30", "PI-0003-0003", "dispute", "c1", "-5.00")
    ]
    assert told(tmp_path, DAY + timedelta(days=2)) == [
        ("2026-07-01", "PI-0003-0003", "dispute_won", "c1", "5.00"),
        ("2026-07-01", "PI-0004-0004", "refund", "c1", "-2.00"),
    ]


def test_what_is_associated_after_its_file_goes_from_the_catch_all_client_to_its_own(
    store, tmp_path
):
    class WithCatchAll(Clients):
        def client(self, client_id: str) -> ClientCard:
            return ClientCard(client_id=client_id, client_number=client_id, client_name="Acme")

        def client_by_number(self, client_number: str) -> ClientCard:
            return ClientCard(client_id="99", client_number=client_number, client_name="Catch-all")

    payment, _ = captured(store, client_id=None, source="quick_link", invoice=None)
    tools = {"store": store, "directory": WithCatchAll()}

    def files_of(day: date) -> None:
        make_payment_files(
            MakePaymentFiles(day=day, timezone=ZONE, catch_all="QUICK"), **tools,
            shelf=PaymentFileShelf(tmp_path), clock=lambda: MORNING_AFTER + timedelta(days=2),
        )  # fmt: skip

    files_of(DAY)
    command = AssociatePayment(actor=ADMIN, payment_id=payment.payment_id, client_id="c7")
    associate_payment(command, **tools, clock=lambda: NOON + timedelta(days=1))
    files_of(DAY + timedelta(days=1))
    files_of(DAY + timedelta(days=2))

    name = "other_payments.generic.csv"
    assert told(tmp_path, DAY, name) == [("2026-06-29", "PI-0001-0001", "payment", "99", "100.00")]
    assert told(tmp_path, DAY + timedelta(days=1), name) == [
        ("2026-06-30", "PI-0001-0001", "transfer", "99", "-100.00"),
        ("2026-06-30", "PI-0001-0001", "transfer", "c7", "100.00"),
    ]
    assert not (tmp_path / FOLDER / (DAY + timedelta(days=2)).isoformat()).exists()


@pytest.mark.parametrize("layout", Layout)
def test_every_layout_carries_payment_id_and_amount(layout):
    line = PaymentLine(
        day=DAY, payment_id="PI-0111-0011", entry="payment", client_id="1", client_number="1001",
        client_name="Acme", invoice_id="7", invoice_number="12345", method="credit",
        brand="Visa", currency="USD", cents=123_405,
    )  # fmt: skip

    written = write_payments(layout, [line]).decode()

    assert "PI-0111-0011" in written and "1234.05" in written and written.count("\r\n") == 2
    if layout is Layout.QUICKBOOKS_ONLINE:
        assert "Invoice-12345-Client-1001-PI-0111-0011" in written


def test_the_bookkeeper_posts_each_line_once(tmp_path, monkeypatch):
    firm = tmp_path / "firm.sqlite"
    create_sample_firm(
        firm, clients=50, invoices=200, seed=7, today=DAY, progress=lambda *said: None
    )
    con = sqlite3.connect(firm)
    invoice, client = con.execute(
        "select ledger_entry_KEY, client_KEY from Ledger_Entry where ledger_entry_type_KEY = 1 "
        "and posted_date is not null and ledger_entry_subtype_KEY is null "
        "and ledger_entry_KEY not in (select to__ledger_entry_KEY from Ledger_Entry_Application) "
        "order by 1 desc limit 1"
    ).fetchone()
    known = {"day": DAY, "client_id": str(client), "client_number": "1", "client_name": "A",
             "invoice_number": "9", "method": "credit", "brand": "", "currency": "USD"}  # fmt: skip
    days = [
        [("PI-0500-0500", "payment", 100), ("PI-0501-0501", "refund", -40),
         ("PI-0502-0502", "payment", 30)],
        [("PI-0502-0502", "dispute", -30)],
        [("PI-0502-0502", "dispute_won", 30)],
    ]  # fmt: skip
    shelf = PaymentFileShelf(tmp_path)
    for number, said in enumerate(days):
        lines = [
            PaymentLine(**known, payment_id=payment_id, entry=entry, cents=cents,
                        invoice_id=str(invoice))
            for payment_id, entry, cents in said
        ]  # fmt: skip
        written = write_payments(Layout.GENERIC, lines)
        shelf.keep(DAY + timedelta(days=number), "invoice_payments.generic.csv", written)
    monkeypatch.setattr(bookkeeper, "LATE", 0)

    for _ in range(2):
        tick_sample_firm(firm, changes=0, now=MORNING_AFTER, seed=1, files=tmp_path / FOLDER)

    posted = con.execute(
        "select reference, ledger_entry_type_KEY, amount from Ledger_Entry "
        "where reference like 'PI-%' order by 1, ledger_entry_KEY"
    ).fetchall()
    assert [(reference, kind, float(amount)) for reference, kind, amount in posted] == [
        ("PI-0500-0500", 9, 1.0),
        ("PI-0501-0501", 10, 0.4),
        ("PI-0502-0502", 9, 0.3),
        ("PI-0502-0502", 10, 0.3),
        ("PI-0502-0502", 9, 0.3),
    ]
    applied = con.execute(
        "select sum(applied_amount) from Ledger_Entry_Application where to__ledger_entry_KEY = ?",
        [invoice],
    ).fetchone()[0]
    assert round(float(applied), 2) == 0.9


def test_a_payment_nobody_has_associated_stands_under_the_catch_all_client(store, tmp_path):
    captured(store, client_id=None, source="quick_link")

    class WithCatchAll(Clients):
        def client_by_number(self, client_number: str) -> ClientCard:
            return ClientCard(client_id="99", client_number=client_number, client_name="Catch-all")

    make_payment_files(
        MakePaymentFiles(day=DAY, timezone=ZONE, catch_all="QUICK"),
        store=store,
        directory=WithCatchAll(),
        shelf=PaymentFileShelf(tmp_path),
        clock=lambda: MORNING_AFTER,
    )

    (row,) = rows(tmp_path)
    assert "QUICK" in row.values()


def test_a_firm_chooses_whose_layouts_are_made_and_always_gets_the_deposit_report(store, tmp_path):
    captured(store)
    wanted = MakePaymentFiles(day=DAY, timezone=ZONE, layouts=(Layout.QUICKBOOKS_ONLINE,))

    made = make_payment_files(
        wanted, store=store, directory=Clients(), shelf=PaymentFileShelf(tmp_path),
        clock=lambda: MORNING_AFTER,
    )  # fmt: skip

    assert {(file.kind, file.layout) for file in made} == {
        ("invoice_payments", "quickbooks_online"),
        ("deposit", "generic"),
    }


@pytest.mark.parametrize(
    "said", [{"layouts": []}, {"layouts": ["sage"]}, {"layouts": "generic"}, {"layout": []}]
)
def test_layouts_that_are_none_of_ours_are_refused(said):
    with pytest.raises(SettingsInvalid, match="payment_files"):
        read_payment_files(said, "firm.toml")


def test_without_a_choice_every_layout_is_made_and_a_chosen_one_alone():
    assert read_payment_files({}, "firm.toml").layouts == tuple(Layout)
    assert read_payment_files({"layouts": ["practice_cs"]}, "firm.toml").layouts == (
        Layout.PRACTICE_CS,
    )
