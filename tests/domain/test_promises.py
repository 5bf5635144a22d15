"""Payments keep promises, nothing else does, and no cent keeps two."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.promises import Payment, Promised, PromiseState, judge

MADE = date(2026, 6, 1)
DUE = date(2026, 6, 10)


def promise(**changes: object) -> Promised:
    asked = {
        "promise_id": "a",
        "currency": "USD",
        "amount_cents": 10_000,
        "made_on": MADE,
        "promised_on": DUE,
        "grace_days": 2,
    }
    return Promised(**{**asked, **changes})


def paid(cents: int, day: date = DUE, invoice_id: str | None = None) -> Payment:
    return Payment(currency="USD", paid_on=day, cents=cents, invoice_id=invoice_id)


def states(promises: list[Promised], payments: list[Payment], today: date) -> list[PromiseState]:
    return [verdict.state for verdict in judge(promises, payments, today)]


def test_a_payment_of_the_amount_keeps_it() -> None:
    assert states([promise()], [paid(10_000)], DUE) == [PromiseState.KEPT]


def test_two_payments_together_keep_it_and_a_part_does_not() -> None:
    assert states([promise()], [paid(4_000), paid(6_000)], DUE) == [PromiseState.KEPT]
    assert states([promise()], [paid(9_999)], DUE) == [PromiseState.OPEN]


def test_it_is_broken_only_after_its_grace_days() -> None:
    last = DUE + timedelta(days=2)

    assert states([promise()], [], last) == [PromiseState.OPEN]
    assert states([promise()], [], last + timedelta(days=1)) == [PromiseState.BROKEN]
    assert states([promise()], [paid(10_000, last)], last + timedelta(days=30)) == [
        PromiseState.KEPT
    ]


def test_a_payment_after_the_last_day_leaves_it_broken() -> None:
    late = paid(10_000, DUE + timedelta(days=3))

    assert states([promise()], [late], DUE + timedelta(days=4)) == [PromiseState.BROKEN]


def test_what_came_before_the_promise_keeps_nothing() -> None:
    before = paid(10_000, MADE - timedelta(days=1))
    same_day = paid(10_000, MADE)

    assert states([promise()], [before], DUE) == [PromiseState.OPEN]
    assert states([promise(known_cents=10_000)], [same_day], DUE) == [PromiseState.OPEN]
    assert states([promise(known_cents=10_000)], [same_day, paid(10_000)], DUE) == [
        PromiseState.KEPT
    ]


def test_a_promise_of_an_invoice_needs_money_on_that_invoice() -> None:
    of_one = promise(invoice_id="100")

    assert states([of_one], [paid(10_000), paid(10_000, invoice_id="7")], DUE) == [
        PromiseState.OPEN
    ]
    assert states([of_one], [paid(10_000, invoice_id="100")], DUE) == [PromiseState.KEPT]


def test_one_payment_keeps_one_of_two_promises() -> None:
    two = [promise(promise_id="b", promised_on=DUE + timedelta(days=9)), promise()]

    assert states(two, [paid(10_000)], DUE) == [PromiseState.OPEN, PromiseState.KEPT]


def test_a_later_promise_is_kept_by_a_later_payment() -> None:
    later = promise(
        promise_id="b",
        made_on=DUE + timedelta(days=1),
        promised_on=DUE + timedelta(days=9),
    )
    payments = [paid(10_000), paid(10_000, DUE + timedelta(days=5))]

    assert states([promise(), later], payments, DUE + timedelta(days=5)) == [
        PromiseState.KEPT,
        PromiseState.KEPT,
    ]


def test_a_returned_payment_takes_the_promise_back() -> None:
    payments = [paid(10_000), paid(-10_000, DUE + timedelta(days=4))]

    assert states([promise()], payments, DUE + timedelta(days=5)) == [PromiseState.BROKEN]


def test_another_currency_keeps_nothing() -> None:
    euros = Payment(currency="EUR", paid_on=DUE, cents=10_000)

    assert states([promise()], [euros], DUE) == [PromiseState.OPEN]


_days = st.integers(0, 20).map(lambda n: MADE + timedelta(days=n))
_promises = st.builds(
    promise,
    amount_cents=st.integers(1, 500),
    made_on=st.integers(0, 5).map(lambda n: MADE + timedelta(days=n)),
    promised_on=st.integers(5, 20).map(lambda n: MADE + timedelta(days=n)),
    grace_days=st.integers(0, 3),
    invoice_id=st.sampled_from([None, "1", "2"]),
    known_cents=st.integers(0, 200),
)
_payments = st.builds(
    paid, cents=st.integers(-300, 500), day=_days, invoice_id=st.sampled_from([None, "1", "2"])
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(_promises, max_size=5), st.lists(_payments, max_size=8), _days)
def test_promises_together_never_use_more_than_was_paid(promises, payments, today) -> None:
    named = [
        promise(**{**vars(one), "promise_id": str(place)}) for place, one in enumerate(promises)
    ]

    verdicts = judge(named, payments, today)

    used = sum(verdict.received_cents for verdict in verdicts)
    assert used <= sum(one.cents for one in payments if one.cents > 0)
    for asked, verdict in zip(named, verdicts, strict=True):
        assert 0 <= verdict.received_cents <= asked.amount_cents
        assert (verdict.state is PromiseState.KEPT) == (
            verdict.received_cents == asked.amount_cents
        )
