"""What must be true of the firm's money at any moment: I1 to I18, looked up in plain SQL.

Each check compares what three books say: the store, the gateway and the PMS.
"""

from collections import Counter, defaultdict, namedtuple
from functools import cache
from typing import Any

from portal.domain.payment_states import (
    CAPTURED,
    LIVE,
    RESERVING,
    TRANSITIONS,
    PaymentState,
)
from portal.gateways.sandbox.rows import PaymentRow, RefundRow
from tests.services.money_desk import MoneyDesk, gateway_rows

S = PaymentState
UNSETTLED = LIVE | {S.PROCESSING}
STANDING_REFUNDS = ("awaiting_approval", "pending", "unknown", "succeeded")


class Books:
    """Everything the store holds of money, read at one moment."""

    def __init__(self, desk: MoneyDesk) -> None:
        with desk.store.reading() as view:
            self.view = view

            def table(name: str, columns: str = "*") -> list[Any]:
                return _rows(view._connection, f"select {columns} from {name}")

            self.payments = {row.payment_id: row for row in table("payments")}
            self.items = table("payment_items")
            self.events = table("payment_events")
            self.refunds = table("refunds")
            self.refund_items = table("refund_items")
            self.balances = {row.invoice_id: row for row in table("open_balances")}
            self.exceptions = {(row.kind, row.subject) for row in table("exceptions")}
            self.letters = Counter(row.dedupe_key for row in table("letters"))
            self.audit = table("audit_log", "action, subject")
        self.items_of: dict[str, list[Any]] = defaultdict(list)
        for item in self.items:
            self.items_of[item.payment_id].append(item)
        self.charges = gateway_rows(desk, PaymentRow)
        self.returns = gateway_rows(desk, RefundRow)


def _rows(connection: Any, sql: str) -> list[Any]:
    """What a select finds; SQLite is asked directly, because it is asked at every step."""
    if connection.dialect.name != "sqlite":
        return list(connection.exec_driver_sql(sql))
    found = connection.connection.driver_connection.execute(sql)
    return list(map(_kind(tuple(column[0] for column in found.description))._make, found))


@cache
def _kind(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)


def violations(desk: MoneyDesk) -> list[str]:
    """Every sentence is one invariant broken now."""
    books = Books(desk)
    found: list[str] = []
    for check in (
        _amounts, _balances, _refunds, _charges, _letters, _timelines, _types, _one_attempt,
        _unapplied,
    ):  # fmt: skip
        found += check(books)
    return found


def settled_violations(desk: MoneyDesk) -> list[str]:
    """What must be true as well once nothing waits for news: the books are equal to the cent."""
    books = Books(desk)
    found = violations(desk)
    waiting = [one.payment_id for one in books.payments.values() if one.state in LIVE]
    if waiting:
        found.append(f"I5 still waiting: {waiting}")
    ours = sum(
        one.captured_cents + (one.fee_cents if one.captured_cents else 0)
        for one in books.payments.values()
    )
    theirs = sum(charge.captured_cents for charge in books.charges)
    if ours != theirs:
        found.append(f"I5 the gateway has taken {theirs}, the ledger {ours}")
    back = sum(one.refunded_cents + one.refunded_fee_cents for one in books.payments.values())
    sent = sum(one.amount_cents for one in books.returns if one.state == "succeeded")
    if back != sent:
        found.append(f"I5 the gateway has sent back {sent}, the ledger {back}")
    with desk.store.reading() as view:
        report = view.audit.verify()
    if report.broken_at is not None:
        found.append(f"I12 the audit log breaks at {report.broken_at}: {report.reason}")
    return found


def _amounts(books: Books) -> list[str]:
    """I1: a payment's lines come to the payment, their refunds to its refunds."""
    found = []
    for one in books.payments.values():
        items = books.items_of[one.payment_id]
        if sum(item.cents for item in items) != one.amount_cents:
            found.append(f"I1 lines of {one.payment_id} do not come to its amount")
        if sum(item.refunded_cents for item in items) != one.refunded_cents:
            found.append(f"I1 refunds of the lines of {one.payment_id} do not come to its refunds")
        never_came = one.state == S.RETURNED and one.captured_cents == 0
        if one.state in CAPTURED and one.captured_cents != one.amount_cents and not never_came:
            found.append(f"I1 {one.payment_id} is {one.state} but captured {one.captured_cents}")
    return found


def _balances(books: Books) -> list[str]:
    """I2, I3: what is taken on an invoice never exceeds it, unless the PMS changed it since."""
    found = []
    weight: Counter[str] = Counter()
    for item in books.items:
        if item.invoice_id is None:
            continue
        state = books.payments[item.payment_id].state
        keeps = item.cents - item.refunded_cents if state in RESERVING else 0
        weight[item.invoice_id] += keeps - item.posted_cents
    told = {subject for kind, subject in books.exceptions if kind.startswith("invoice_")}
    for invoice_id, cents in weight.items():
        balance = books.balances.get(invoice_id)
        open_cents = balance.open_cents if balance else 0
        is_live = any(item.is_live for item in books.items if item.invoice_id == invoice_id)
        subjects = {item.item_id for item in books.items if item.invoice_id == invoice_id}
        if cents > open_cents and not is_live and not told & (subjects | {invoice_id}):
            found.append(f"I2 {invoice_id}: {cents} taken on {open_cents} open, nobody told")
    return found


def _refunds(books: Books) -> list[str]:
    """I4: what goes back, or may still, never exceeds what was captured, here and there."""
    found = []
    standing: Counter[str] = Counter()
    by_item: Counter[str] = Counter()
    lines = defaultdict(list)
    for line in books.refund_items:
        lines[line.refund_id].append(line)
    for refund in books.refunds:
        if sum(line.cents for line in lines[refund.refund_id]) != refund.amount_cents:
            found.append(f"I4 lines of {refund.refund_id} do not come to its amount")
        if refund.state in STANDING_REFUNDS:
            standing[refund.payment_id] += refund.amount_cents
            for line in lines[refund.refund_id]:
                by_item[line.item_id] += line.cents
    found += [
        f"I4 refunds of {payment_id} exceed what was captured"
        for payment_id, cents in standing.items()
        if cents > books.payments[payment_id].captured_cents
    ]
    found += [
        f"I4 refunds of the line {item.item_id} exceed it"
        for item in books.items
        if by_item[item.item_id] > item.cents
    ]
    return found + [
        f"I4 the gateway sent back more than it took: {charge.our_id}"
        for charge in books.charges
        if charge.refunded_cents > charge.captured_cents
    ]


def _charges(books: Books) -> list[str]:
    """I5, I6: one charge an attempt, and none that the ledger does not know."""
    found = []
    taken = Counter(charge.our_id for charge in books.charges if charge.captured_cents)
    for our_id, times in taken.items():
        payment = books.payments.get(our_id.split(".", 1)[0])
        if times > 1:
            found.append(f"I5 {our_id} was charged {times} times")
        if payment is None:
            found.append(f"I6 {our_id} was charged and is not in the ledger")
        elif payment.state in (S.DECLINED, S.VOIDED):
            found.append(f"I5 {our_id} was charged and is {payment.state} here")
    return found + [
        f"I5 {one.payment_id} is {one.state} and was never charged"
        for one in books.payments.values()
        if one.captured_cents and not taken[f"{one.payment_id}.{one.request_id}"]
    ]


def _letters(books: Books) -> list[str]:
    """I7, I13: each capture and each refund is told exactly once, besides being recorded."""
    found = []
    for one in books.payments.values():
        told = books.letters[f"receipt:{one.payment_id}"]
        if told != (1 if one.captured_cents else 0):
            found.append(f"I7 {one.payment_id} ({one.state}) has {told} receipts")
    for refund in books.refunds:
        told = books.letters[f"refund:{refund.refund_id}"]
        if told != (1 if refund.state == "succeeded" else 0):
            found.append(f"I7 {refund.refund_id} ({refund.state}) has {told} notices")
    return found


def _timelines(books: Books) -> list[str]:
    """I11, I12: every step is one the table allows, and each is audited."""
    found = []
    steps = defaultdict(list)
    for event in sorted(books.events, key=lambda event: event.seq):
        steps[event.payment_id].append(event)
    for payment_id, one in books.payments.items():
        came = steps[payment_id]
        if not came or came[-1].to_state != one.state:
            found.append(f"I11 the timeline of {payment_id} does not end at {one.state}")
        for event in came:
            before, after = event.from_state, event.to_state
            if before is not None and after != before and after not in TRANSITIONS[S(before)]:
                found.append(f"I11 {payment_id} went from {before} to {after}")
    audited = Counter(row.subject for row in books.audit if row.action.startswith("payment."))
    return found + [
        f"I12 {payment_id}: {len(came)} steps, {audited[payment_id]} audit rows"
        for payment_id, came in steps.items()
        if audited[payment_id] < len(came)
    ]


def _types(books: Books) -> list[str]:
    """I14, I15: money is whole cents, in the currency of its invoice."""
    found = []
    for item in books.items:
        if type(item.cents) is not int or type(item.refunded_cents) is not int:
            found.append(f"I14 {item.item_id} is not in whole cents")
        balance = books.balances.get(item.invoice_id or "")
        if balance and balance.currency != books.payments[item.payment_id].currency:
            found.append(f"I15 {item.item_id} is paid in another currency")
    return found


def _one_attempt(books: Books) -> list[str]:
    """One live attempt an invoice; an attempt that has ended holds none."""
    live = Counter(item.invoice_id for item in books.items if item.is_live and item.invoice_id)
    found = [f"two live attempts on {invoice}" for invoice, times in live.items() if times > 1]
    return found + [
        f"{item.item_id} is live in a payment that is not"
        for item in books.items
        if item.is_live and books.payments[item.payment_id].state not in LIVE
    ]


def _unapplied(books: Books) -> list[str]:
    """I17: money that pays no invoice is in the unapplied total until somebody applies it."""
    standing = (S.SUCCEEDED, S.PART_REFUNDED)
    expected = {
        item.item_id
        for item in books.items
        if item.invoice_id is None
        and item.cents > item.refunded_cents
        and books.payments[item.payment_id].state in standing
    }
    kept = sum(
        one.captured_cents - one.refunded_cents
        for one in books.payments.values()
        if one.state in standing
    )
    applied = sum(
        item.cents - item.refunded_cents
        for item in books.items
        if item.invoice_id is not None and books.payments[item.payment_id].state in standing
    )
    unapplied = sum(
        item.cents - item.refunded_cents for item in books.items if item.item_id in expected
    )
    return [] if applied + unapplied == kept else [f"I1 {applied} + {unapplied} is not {kept}"]
