"""A portal payment lowers balances everywhere at once, and until its receipt is seen: not twice."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.domain.payment_states import RESERVING, PaymentState
from portal.domain.permissions import Scope
from portal.jobs.mirroring import Mirroring
from portal.jobs.recording import Recording
from portal.lists.aging import aging_list
from portal.lists.registry import LISTS
from portal.services.collections_ports import InvoiceDispute
from portal.services.money_ports import RefundItem, RefundState, Source
from portal.store import Store, open_store
from portal.ui import list_slices
from portal.ui.grid_state import decode_link
from portal.warehouse.marts import Marts
from portal.warehouse.open_balances import OpenBalances
from portal.warehouse.query import load_query
from portal.warehouse.rows import RowsRequest, list_page
from portal.warehouse.store_mirror import StoreMirror
from portal.warehouse.totals import totals
from portal.warehouse.warehouse import Warehouse
from tests.access_fixture import NOON
from tests.adapters.money_rows import a_payment, a_refund, an_item
from tests.adapters.store_backends import copy_of_tables
from tests.ledger_fixture import TODAY, small_ledger

EDGES = (30, 60, 90, 120)
EVERYBODY = Scope(all_clients=True, staff_id=None)
OPEN = 30_000
"""What invoice 100 of client 10 has left: 1,200.00 less 900.00."""


class Desk:
    """A small firm with a store, and everything that keeps the two together."""

    def __init__(self, folder: Path) -> None:
        self.warehouse: Warehouse = small_ledger(folder)
        copy_of_tables(folder / "store.sqlite")
        self.store: Store = open_store(f"sqlite:///{folder / 'store.sqlite'}", secret_key="k")
        self.mirroring = Mirroring(StoreMirror(self.warehouse, self.store), lambda: None)
        self.mirroring.renew()
        self.store.on_commit(self.mirroring.committed)
        self.recording = Recording(OpenBalances(self.warehouse), self.store, clock=lambda: NOON)
        self.recording.record()

    def pay(self, cents: int, state=PaymentState.SUCCEEDED, invoice="100", number=1, client="10"):
        """Keep a payment of one invoice."""
        captured = cents if state is PaymentState.SUCCEEDED else 0
        payment = a_payment(
            number, client_id=client, amount_cents=cents, state=state, captured_cents=captured,
            created_at=NOON, gateway_ref=f"g{number}",
            source=Source.STAFF if client else Source.QUICK_LINK,
        )  # fmt: skip
        item = an_item(
            number, item_id=f"PI-{number:04d}-{number:04d}", payment_id=payment.payment_id,
            invoice_id=invoice, cents=cents, is_live=False,
        )  # fmt: skip
        with self.store.unit_of_work() as uow:
            uow.payments.add(payment, [item])
            uow.commit()
        return payment, item

    def change(self, payment, **changes):
        """Keep what became of a payment."""
        with self.store.unit_of_work() as uow:
            uow.payments.save(replace(payment, **changes))
            uow.commit()

    def post(self, reference: str, cents: int, kind="payment", invoice=100, receipt=900, client=10):
        """The bookkeeper posts a line of the day's file; the refresh reads it."""
        con = self.warehouse.connection()
        con.execute(
            "insert into receipts values (?, ?, ?, date '2026-06-30', 'card', ?, 'USD', ?, null)",
            [receipt, client, kind, reference, cents],
        )
        if invoice is not None:
            con.execute(
                "insert into applications values (?, ?, ?, ?, date '2026-06-30', null)",
                [str(receipt), receipt, invoice, cents],
            )
        self.refresh(con)

    def refresh(self, con) -> None:
        """Make the lists anew, and tell the store."""
        Marts(con, "USD").rebuild()
        con.execute("update data_version set version = version + 1")
        con.close()
        self.recording.record()

    def rows(self, name: str, **asked) -> list[dict]:
        """Rows of a list."""
        definition = aging_list(EDGES) if name == "aging" else LISTS[name]
        request = RowsRequest(end_row=200, **asked)
        return list_page(self.warehouse, definition, request, EVERYBODY, TODAY, "USD").rows

    def page(self, name: str, **asked):
        """A page of a list with its totals."""
        definition = aging_list(EDGES) if name == "aging" else LISTS[name]
        request = RowsRequest(end_row=200, **asked)
        return list_page(self.warehouse, definition, request, EVERYBODY, TODAY, "USD")

    def invoice(self, invoice_id: str = "100") -> dict:
        """A row of the invoices list."""
        (row,) = (r for r in self.rows("invoices") if r["invoice_id"] == invoice_id)
        return row

    def client(self, client_id: str = "10") -> dict:
        """A row of the clients list."""
        (row,) = (
            r for r in self.rows("clients")
            if r["client_id"] == client_id and r["currency"] == "USD"
        )  # fmt: skip
        return row

    def payable(self, invoice_id: str = "100") -> int:
        """What a money command would still let somebody pay."""
        with self.store.reading() as view:
            return view.balances.payable([invoice_id]).get(invoice_id, 0)

    def asked(self, name: str) -> dict:
        """A page's figures."""
        known = {
            "sees_all": True, "staff_id": None, "currency": "USD", "today": TODAY,
            "as_of": TODAY, "since": TODAY - timedelta(days=7), "lens": "due", "most": 10,
            "client_id": "10", "client_group": None, "invoice_id": "100",
            **{f"edge_{n}": edge for n, edge in enumerate((*EDGES, None, None), start=1)},
        }  # fmt: skip
        found = self.warehouse.rows(name, **{key: known[key] for key in load_query(name).params})
        return next(row for row in found if row.get("currency", "USD") == "USD")


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.warehouse.close()
    made.store.close()


def test_a_payment_is_pending_at_once_on_the_invoice_the_client_and_in_their_totals(desk):
    before, client = desk.page("invoices").totals, desk.client()

    desk.pay(10_000)

    row = desk.invoice()
    assert (row["outstanding_cents"], row["pending_cents"]) == (OPEN - 10_000, 10_000)
    assert (row["status"], row["marks"]) == ("Overdue", "Partly paid, Pending")
    after = desk.page("invoices").totals
    assert after["outstanding_cents"] == before["outstanding_cents"] - 10_000
    assert after["pending_cents"] == 10_000
    own = desk.client()
    assert own["outstanding_cents"] == client["outstanding_cents"] - 10_000
    assert own["overdue_cents"] == client["overdue_cents"] - 10_000
    assert own["pending_cents"] == 10_000
    assert desk.payable() == OPEN - 10_000


def test_an_invoice_paid_in_full_is_paid_and_pending_and_no_longer_outstanding(desk):
    unpaid = desk.client()["unpaid_invoices"]

    desk.pay(OPEN)

    row = desk.invoice()
    assert (row["status"], row["marks"], row["outstanding_cents"]) == ("Paid", "Pending", 0)
    listed = desk.rows("invoices", params={"toggle": "outstanding"})
    only_pending = {"filterType": "set", "values": ["Pending"]}
    assert "100" not in {r["invoice_id"] for r in listed}
    marked = desk.rows("invoices", filter_model={"marks": only_pending})
    assert [r["invoice_id"] for r in marked] == ["100"]
    assert desk.client()["unpaid_invoices"] == unpaid - 1


def test_aging_tells_pending_apart_and_its_buckets_sum_to_what_is_outstanding(desk):
    asked = {"params": {"group_by": "client", "as_of": TODAY.isoformat()}}
    before = {r["group_key"]: r for r in desk.rows("aging", **asked)}["10"]

    desk.pay(10_000)

    after = {r["group_key"]: r for r in desk.rows("aging", **asked)}["10"]
    assert after["outstanding_cents"] == before["outstanding_cents"] - 10_000
    assert after["pending_cents"] == 10_000
    parts = ("not_due_cents", "b1_cents", "b2_cents", "b3_cents", "b4_cents", "b5_cents",
             "no_due_date_cents")  # fmt: skip
    assert sum(after[part] for part in parts) == after["outstanding_cents"]
    past = {"params": {"group_by": "client", "as_of": (TODAY - timedelta(days=1)).isoformat()}}
    assert {r["group_key"]: r for r in desk.rows("aging", **past)}["10"]["pending_cents"] == 0


@pytest.mark.parametrize(
    "name",
    ["home/standing", "clients/figures", "clients/balance", "clients/aging", "invoices/figures",
     "aging/aging_totals", "invoices/invoice"],
)  # fmt: skip
def test_every_page_shows_the_balance_less_what_is_pending(desk, name):
    before = desk.asked(name)["outstanding_cents"]

    desk.pay(10_000)

    assert desk.asked(name)["outstanding_cents"] == before - 10_000


def test_totals_stay_those_of_the_practice_system_and_tell_pending_beside(desk):
    before = totals(desk.warehouse, as_of=TODAY, edges=EDGES)
    desk.pay(10_000)
    after = totals(desk.warehouse, as_of=TODAY, edges=EDGES)

    dollars = after["currencies"]["USD"]
    assert dollars["pending_cents"] == 10_000
    assert {**dollars, "pending_cents": 0} == before["currencies"]["USD"]
    past = totals(desk.warehouse, as_of=NOON.date() - timedelta(days=1), edges=EDGES)
    assert past["currencies"]["USD"]["pending_cents"] == 0


def test_pending_ends_with_its_receipt_and_the_balance_never_moves_twice(desk):
    desk.pay(10_000)
    shown = desk.invoice()["outstanding_cents"]

    desk.post("PI-0001-0001", 10_000)

    row = desk.invoice()
    assert (row["outstanding_cents"], row["pending_cents"]) == (shown, 0)
    assert desk.client()["pending_cents"] == 0
    assert desk.payable() == shown


def test_a_reference_with_words_around_the_payment_id_is_seen(desk):
    desk.pay(10_000)

    desk.post("Card pi-0001-0001 batch 7", 10_000)

    assert desk.invoice()["pending_cents"] == 0


def test_a_posting_that_is_taken_back_makes_the_payment_pending_again(desk):
    desk.pay(10_000)
    desk.post("PI-0001-0001", 10_000)

    con = desk.warehouse.connection()
    con.execute("delete from receipts where receipt_id = 900")
    con.execute("delete from applications where receipt_id = 900")
    desk.refresh(con)

    row = desk.invoice()
    assert (row["outstanding_cents"], row["pending_cents"]) == (OPEN - 10_000, 10_000)
    assert desk.payable() == OPEN - 10_000


@pytest.mark.parametrize("state", PaymentState)
def test_only_states_that_reserve_are_pending(desk, state):
    money = {
        PaymentState.REFUNDED: {"refunded_cents": 10_000, "captured_cents": 10_000},
        PaymentState.PART_REFUNDED: {"refunded_cents": 1, "captured_cents": 10_000},
        PaymentState.DISPUTED: {"captured_cents": 10_000},
        PaymentState.SUCCEEDED: {"captured_cents": 10_000},
    }
    payment = a_payment(client_id="10", amount_cents=10_000, state=state, **money.get(state, {}))
    with desk.store.unit_of_work() as uow:
        uow.payments.add(payment, [an_item(invoice_id="100", cents=10_000, is_live=False)])
        uow.commit()

    expected = 10_000 if state in RESERVING else 0
    assert desk.invoice()["pending_cents"] == expected
    assert desk.payable() == OPEN - expected


def test_a_refund_before_posting_lowers_what_is_pending(desk):
    payment, item = desk.pay(10_000)
    with desk.store.unit_of_work() as uow:
        uow.payments.save(replace(payment, state=PaymentState.PART_REFUNDED, refunded_cents=4_000))
        uow.payments.save_item(replace(item, refunded_cents=4_000))
        uow.commit()

    assert desk.invoice()["pending_cents"] == 6_000


def test_a_refund_after_posting_opens_the_invoice_until_its_line_is_posted(desk):
    payment, item = desk.pay(OPEN)
    desk.post("PI-0001-0001", OPEN)
    assert desk.invoice()["status"] == "Paid"

    refund = a_refund(2, payment_id="PI-0001", amount_cents=4_000, state=RefundState.SUCCEEDED)
    line = RefundItem(
        line_id="PI-0002-0002", item_no=2, refund_id=refund.refund_id, item_id=item.item_id,
        cents=4_000,
    )  # fmt: skip
    with desk.store.unit_of_work() as uow:
        uow.payments.save(replace(payment, state=PaymentState.PART_REFUNDED, refunded_cents=4_000))
        uow.payments.save_item(replace(item, refunded_cents=4_000))
        uow.refunds.add(refund, [line])
        uow.commit()
    row = desk.invoice()
    assert (row["outstanding_cents"], row["pending_cents"], row["status"]) == (
        4_000, -4_000, "Overdue",
    )  # fmt: skip

    desk.post("PI-0002-0002", -4_000, kind="refund", receipt=901)

    row = desk.invoice()
    assert (row["outstanding_cents"], row["pending_cents"]) == (4_000, 0)


def test_a_payment_returned_after_posting_opens_the_invoice_again(desk):
    payment, _ = desk.pay(OPEN)
    desk.post("PI-0001-0001", OPEN)

    desk.change(payment, state=PaymentState.RETURNED)

    row = desk.invoice()
    assert (row["outstanding_cents"], row["status"]) == (OPEN, "Overdue")
    assert desk.client()["outstanding_cents"] == sum(
        r["outstanding_cents"] for r in desk.rows("invoices") if r["client_id"] == "10"
    )
    desk.post("PI-0001-0001", -OPEN, kind="return", receipt=901)
    assert (desk.invoice()["outstanding_cents"], desk.invoice()["pending_cents"]) == (OPEN, 0)


def test_a_dispute_that_was_won_is_posted_once_more_and_counts_once(desk):
    payment, _ = desk.pay(OPEN)
    desk.post("PI-0001-0001", OPEN)
    desk.change(payment, state=PaymentState.DISPUTED)
    desk.post("PI-0001-0001", -OPEN, kind="return", receipt=901)
    assert desk.invoice()["outstanding_cents"] == OPEN

    desk.change(payment, state=PaymentState.SUCCEEDED)
    assert (desk.invoice()["outstanding_cents"], desk.invoice()["pending_cents"]) == (0, OPEN)
    desk.post("PI-0001-0001", OPEN, receipt=902)

    assert (desk.invoice()["outstanding_cents"], desk.invoice()["pending_cents"]) == (0, 0)
    assert desk.payable() == 0
    assert desk.warehouse.rows("reconciliation/misfits") == []
    assert [
        (row["taken_cents"], row["posted_cents"])
        for row in desk.warehouse.rows("reconciliation/postings")
    ] == [(OPEN, OPEN)]


def test_a_payment_moved_to_the_client_it_was_associated_with_is_posted_once(desk):
    desk.pay(5_000, invoice=None)
    desk.post("PI-0001-0001", 5_000, client=11, invoice=None)
    (wrong,) = desk.warehouse.rows("reconciliation/misfits")
    assert wrong["kind"] == "posted_to_another_client"

    desk.post("PI-0001-0001", -5_000, kind="return", client=11, invoice=None, receipt=901)
    desk.post("PI-0001-0001", 5_000, invoice=None, receipt=902)

    assert desk.warehouse.rows("reconciliation/misfits") == []
    assert desk.client()["pending_cents"] == 0


def test_what_nobody_has_associated_is_posted_under_the_catch_all_client_and_fits(desk):
    desk.pay(5_000, invoice=None, client=None)
    desk.post("PI-0001-0001", 5_000, client=11, invoice=None)

    assert desk.warehouse.rows("reconciliation/misfits") == []


@pytest.mark.catalogue(40)
@pytest.mark.parametrize(
    ("posted", "kinds"),
    [
        ([10_000, 10_000], ["posted_twice"]),
        ([10_000, 10_000, -10_000], []),
        ([10_000, -10_000, 10_000, -10_000], []),
        ([10_000, -10_000, 10_000, 10_000], ["posted_twice"]),
        ([9_000], ["posted_amount_differs"]),
    ],
)
def test_what_is_posted_again_without_having_been_reversed_is_posted_twice(desk, posted, kinds):
    desk.pay(10_000)
    for number, cents in enumerate(posted):
        kind = "payment" if cents > 0 else "return"
        desk.post("PI-0001-0001", cents, kind=kind, receipt=900 + number)

    assert [row["kind"] for row in desk.warehouse.rows("reconciliation/misfits")] == kinds


def test_money_without_an_invoice_is_pending_on_its_client_alone(desk):
    before = desk.client()
    desk.pay(5_000, invoice=None)

    after = desk.client()
    assert after["pending_cents"] == 5_000
    assert after["outstanding_cents"] == before["outstanding_cents"]


def test_more_pending_than_is_owed_shows_nothing_owed_and_lands_in_the_queue(desk):
    desk.pay(OPEN)
    desk.post("check 77", 20_000)

    assert desk.invoice()["outstanding_cents"] == 0
    with desk.store.reading() as view:
        assert [e.kind for e in view.exceptions.open()] == ["invoice_overpaid"]


def payments_of(desk, **asked) -> list[dict]:
    rows = desk.rows("payments", **asked)
    return [row for row in rows if (row["payment_id"] or "").startswith("PI-")]


def test_a_portal_payment_and_its_receipt_are_one_payment_in_the_list(desk):
    before = desk.page("payments")
    desk.pay(10_000)
    (pending,) = payments_of(desk)

    desk.post("PI-0001-0001", 10_000)
    (posted,) = payments_of(desk)

    assert (pending["status"], posted["status"]) == ("Pending", "Posted")
    assert pending["receipt_id"] == "PI-0001-0001" and posted["receipt_id"] == "900"
    for row in (pending, posted):
        assert (row["amount_cents"], row["source"], row["taken_by"]) == (
            10_000,
            "Staff",
            "local:ann",
        )
        assert row["client_id"] == "10"
    after = desk.page("payments")
    assert after.last_row == before.last_row + 1
    assert after.totals["amount_cents"] == before.totals["amount_cents"] + 10_000


def test_what_failed_stands_apart_and_adds_to_no_total(desk):
    before = desk.page("payments").totals
    desk.pay(10_000, state=PaymentState.DECLINED)

    assert desk.page("payments").totals == before
    (failed,) = payments_of(desk, params={"toggle": "failed"})
    assert (failed["status"], failed["amount_cents"]) == ("Declined", 10_000)


@pytest.mark.parametrize("column", [column.id for column in LISTS["payments"].columns])
def test_the_payments_list_sorts_and_filters_by_every_column(desk, column):
    desk.pay(10_000)
    found = desk.rows("payments", sort_model=[{"colId": column, "sort": "asc"}])

    assert len(found) == desk.page("payments").last_row
    assert desk.rows("payments", search="PI-0001")[0]["payment_id"] == "PI-0001-0001"


def test_the_states_the_query_counts_are_those_that_reserve():
    sql = load_query("store/unsettled_items").sql

    assert {state for state in PaymentState if f"'{state.value}'" in sql} == set(RESERVING)


def test_the_store_is_told_only_what_changed(desk):
    news = OpenBalances(desk.warehouse)
    assert news.news().is_full
    assert news.news().is_empty
    with desk.store.reading() as view:
        known = view.balances.of_invoices(["100"])[0]
    assert (known.open_cents, known.client_id, known.invoice_date) == (OPEN, "10", date(2026, 1, 5))


def test_the_store_hears_of_an_invoice_that_changed_came_or_went_once(desk):
    con = desk.warehouse.connection()
    con.execute("create temp table later as from open_invoices order by invoice_id limit 1")
    con.execute("delete from open_invoices where invoice_id in (select invoice_id from later)")
    news = OpenBalances(desk.warehouse)
    news.news()
    changed, gone = con.execute(
        "select invoice_id from open_invoices order by invoice_id limit 2"
    ).fetchall()
    con.execute("update open_invoices set due_date = null where invoice_id = ?", changed)
    con.execute("delete from open_invoices where invoice_id = ?", gone)
    con.execute("insert into open_invoices from later")

    found = news.news()

    came = con.execute("select invoice_id from later").fetchone()
    told = {row["invoice_id"]: row["due_date"] for row in found.balances}
    assert set(told) == {str(changed[0]), str(came[0])}
    assert told[str(changed[0])] is None
    assert found.gone == [str(gone[0])]
    assert news.news().is_empty
    con.close()


def test_payments_to_date_count_a_portal_payment_once_before_and_after_it_is_posted(desk):
    before = desk.client()["payments_to_date_cents"]
    whole = desk.page("clients").totals["payments_to_date_cents"]

    desk.pay(10_000)
    taken = desk.client()["payments_to_date_cents"]
    assert desk.asked("clients/balance")["payments_to_date_cents"] == taken
    assert desk.page("clients").totals["payments_to_date_cents"] == whole + 10_000
    desk.post("PI-0001-0001", 10_000)

    assert taken == desk.client()["payments_to_date_cents"] == before + 10_000


def test_what_is_pending_on_an_invoice_is_not_said_to_be_settled_otherwise(desk):
    before = desk.asked("invoices/invoice")

    desk.pay(10_000)

    after = desk.asked("invoices/invoice")
    assert after["pending_cents"] == 10_000
    assert after["settled_outside_cents"] == before["settled_outside_cents"]


def contest(desk, invoice_id="100", **more) -> None:
    """Note in the portal that a client contests an invoice."""
    dispute = InvoiceDispute(
        dispute_id=f"d-{invoice_id}", client_id="10", invoice_id=invoice_id,
        invoice_number=f"INV-{invoice_id}", reason="Not ordered", opened_by="local:ann",
        opened_at=NOON, **more,
    )  # fmt: skip
    with desk.store.unit_of_work() as uow:
        uow.invoice_disputes.save(dispute)
        uow.commit()


def disputed(desk) -> list[str]:
    """The invoices that the list keeps when it is filtered to disputed ones."""
    only = {"marks": {"filterType": "set", "values": ["Disputed"]}}
    return sorted(row["invoice_id"] for row in desk.rows("invoices", filter_model=only))


def test_an_invoice_disputed_in_the_portal_is_marked_and_filtered_like_one_of_the_source(desk):
    of_source = disputed(desk)
    assert "100" not in of_source

    contest(desk)

    assert desk.invoice()["marks"] == "Partly paid, Disputed"
    assert disputed(desk) == sorted([*of_source, "100"])
    assert desk.asked("invoices/invoice")["is_disputed"]
    assert desk.asked("worklist/client_invoices")["is_disputed"]


@pytest.mark.parametrize(
    "over", [{"until": TODAY - timedelta(days=1)}, {"closed_by": "local:ann", "closed_at": NOON}]
)
def test_a_dispute_that_is_settled_or_over_marks_nothing(desk, over):
    of_source = disputed(desk)

    contest(desk, **over)

    assert desk.invoice()["marks"] == "Partly paid"
    assert disputed(desk) == of_source
    assert not desk.asked("invoices/invoice")["is_disputed"]


def test_a_dispute_holds_on_its_last_day(desk):
    contest(desk, until=TODAY)

    assert "100" in disputed(desk)


FIGURES = {
    "payments/figures": ("amount_cents", "payments"),
    "payments/months": ("amount_cents", "payments"),
    "payments/unapplied": ("unapplied_cents", "unapplied"),
    "home/news": ("paid_cents", "payments"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_payments_equals_the_rows_it_opens_with_portal_payments_among_them(desk, name):
    column, toggle = FIGURES[name]

    def figure() -> int:
        known = {"sees_all": True, "staff_id": None, "currency": "USD", "today": TODAY,
                 "since": TODAY.replace(day=1)}  # fmt: skip
        asked = {key: known[key] for key in load_query(name).params}
        found = desk.warehouse.rows(name, **asked)
        dollars = [row for row in found if row.get("currency", "USD") == "USD"]
        this_month = [r for r in dollars if r.get("month", TODAY.replace(day=1)).month == 6]
        return sum(row[column] for row in this_month)

    def listed() -> int:
        dated = {"dated_from": TODAY.replace(day=1).isoformat(), "dated_to": TODAY.isoformat()}
        params = {"toggle": toggle, **(dated if toggle == "payments" else {})}
        totals = desk.page("payments", params=params).totals
        return totals["unapplied_cents" if toggle == "unapplied" else "amount_cents"]

    before = figure()
    assert before == listed()

    desk.pay(10_000)
    desk.pay(5_000, invoice=None, number=2)
    desk.pay(7_000, invoice=None, number=3, state=PaymentState.DECLINED)

    assert figure() == listed()
    assert figure() - before == (5_000 if toggle == "unapplied" else 15_000)
    desk.post("PI-0001-0001", 10_000)
    assert figure() == listed()
    assert figure() - before == (5_000 if toggle == "unapplied" else 15_000)


@pytest.mark.parametrize("name", ["groups/clients", "clients/contact_hygiene"])
def test_what_is_pending_is_off_the_balances_of_every_small_list(desk, name):
    def owed() -> int:
        known = {
            "sees_all": True, "staff_id": None, "currency": "USD", "client_group": "Acme group",
            "bounced": ["ann@acme.test"], "problem": None,
        }  # fmt: skip
        asked = {key: known[key] for key in load_query(name).params}
        found = desk.warehouse.rows(name, **asked)
        return next(row["outstanding_cents"] for row in found if row["client_id"] == "10")

    before = owed()
    desk.pay(10_000)

    assert owed() == before - 10_000


def test_what_is_paid_through_the_portal_has_not_slipped(desk):
    def slipped() -> int:
        found = desk.warehouse.rows(
            "home/slipped", sees_all=True, staff_id=None, currency="USD", today=TODAY,
            since=TODAY - timedelta(days=120), edges=EDGES, most=50,
        )  # fmt: skip
        return next(row["slipped_cents"] for row in found if row["client_id"] == "10")

    before = slipped()
    desk.pay(10_000)

    assert slipped() == before - 10_000


def test_payments_to_date_are_the_sum_of_the_rows_they_open(desk):
    view = decode_link(list_slices.paid_to_date()["view"])
    asked = {"filter_model": view["filter"], "params": {"client_id": "10", "toggle": "all"}}

    def ties() -> bool:
        listed = desk.page("payments", **asked).totals["amount_cents"]
        return desk.client()["payments_to_date_cents"] == listed

    assert ties()
    payment, _ = desk.pay(10_000)
    desk.pay(5_000, invoice=None, number=2)
    desk.pay(7_000, invoice=None, number=3, state=PaymentState.DECLINED)
    assert ties()
    desk.post("PI-0001-0001", 10_000)
    assert ties()
    desk.change(payment, state=PaymentState.RETURNED)
    desk.post("PI-0001-0001", -10_000, kind="return", receipt=901)
    assert ties()
