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
from portal.services.make_payment_files import MakePaymentFiles, make_payment_files
from portal.services.money_ports import ClientCard, PaymentEvent, RefundItem, RefundState
from portal.store import Store
from tests.adapters.money_rows import a_payment, a_refund, an_item
from tests.adapters.store_backends import cluster, store, store_url

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


def captured(store: Store, number: int = 1, cents: int = 10_000, **changes):
    payment = a_payment(
        number, amount_cents=cents, captured_cents=cents, state=PaymentState.SUCCEEDED,
        captured_at=NOON, gateway_ref=f"g{number}", **changes,
    )  # fmt: skip
    item = an_item(
        number, item_id=f"PI-{number:04d}-{number:04d}", payment_id=payment.payment_id,
        cents=cents, is_live=False, invoice_id="7", invoice_number="1007",
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
    lines = [
        PaymentLine(**known, payment_id="PI-0500-0500", entry="payment", cents=100,
                    invoice_id=str(invoice)),
        PaymentLine(**known, payment_id="PI-0501-0501", entry="refund", cents=-40,
                    invoice_id=str(invoice)),
    ]  # fmt: skip
    shelf = PaymentFileShelf(tmp_path)
    shelf.keep(DAY, "invoice_payments.generic.csv", write_payments(Layout.GENERIC, lines))
    monkeypatch.setattr(bookkeeper, "LATE", 0)

    for _ in range(2):
        tick_sample_firm(firm, changes=0, now=MORNING_AFTER, seed=1, files=tmp_path / FOLDER)

    posted = con.execute(
        "select reference, ledger_entry_type_KEY, amount from Ledger_Entry "
        "where reference like 'PI-%' order by 1"
    ).fetchall()
    assert [(reference, kind, float(amount)) for reference, kind, amount in posted] == [
        ("PI-0500-0500", 9, 1.0),
        ("PI-0501-0501", 10, 0.4),
    ]
    applied = con.execute(
        "select sum(applied_amount) from Ledger_Entry_Application where to__ledger_entry_KEY = ?",
        [invoice],
    ).fetchone()[0]
    assert round(float(applied), 2) == 0.6


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
