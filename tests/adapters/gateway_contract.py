"""What every gateway must do, one case a function; its name is what is true when it passes."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from portal.gateways.sandbox.faults import FaultKind
from portal.services.gateway import (
    GatewayBusy,
    GatewayRefused,
    GatewayUnsure,
    KeyReused,
    PageRequest,
)
from portal.services.gateway_states import (
    DisputeState,
    GatewayState,
    LineKind,
    MethodKind,
    PagePurpose,
    PageState,
    RefundState,
)

Case = Callable[..., None]
CASES: dict[str, Case] = {}
NOT_ON_LOCALSTRIPE: dict[str, str] = {}
"""Cases that the stand-in for Stripe cannot play, and why."""

BACK = "http://127.0.0.1:8501/client-portal"


def case(why_not: str = "") -> Callable[[Case], Case]:
    """Put a case into the contract; `why_not` is what localstripe lacks for it."""

    def enter(function: Case) -> Case:
        name = function.__name__
        assert name not in CASES, name
        CASES[name] = function
        if why_not:
            NOT_ON_LOCALSTRIPE[name] = why_not
        return function

    return enter


def refused(code: str) -> object:
    """A block that must be refused for this reason."""

    class Refused:
        def __enter__(self) -> None: ...

        def __exit__(self, kind: object, problem: object, trace: object) -> bool:
            assert isinstance(problem, GatewayRefused), problem
            assert problem.code == code, problem.code
            return True

    return Refused()


# Customers and methods ----------------------------------------------------------------------------


@case()
def a_customer_is_made_once_for_its_key(bench):
    first = bench.gateway.customer("7", "Acme", "a@client.test", key="customer-7")
    again = bench.gateway.customer("7", "Acme", "a@client.test", key="customer-7")

    assert first == again


@case()
def two_keys_make_two_customers(bench):
    assert bench.customer() != bench.customer()


@case()
def a_customers_key_with_another_name_is_refused(bench):
    bench.gateway.customer("8", "Acme", "a@client.test", key="customer-8")

    with pytest.raises(KeyReused):
        bench.gateway.customer("8", "Other", "a@client.test", key="customer-8")


@case()
def a_kept_method_tells_its_kind_its_last_four_digits_and_its_expiry_and_no_more(bench):
    customer = bench.customer()
    method = bench.gateway.read_method(bench.method("works", customer))

    assert method.customer_ref == customer
    assert method.facts.kind is MethodKind.CREDIT
    assert method.facts.brand == "Visa"
    assert re.fullmatch(r"\d{4}", method.facts.last4)
    assert 1 <= method.facts.exp_month <= 12
    assert method.facts.exp_year >= 2026


@case("it charges a detached method as if it were kept")
def a_removed_method_can_never_be_charged_again(bench):
    order = bench.order()
    bench.gateway.detach_method(order.method_ref)

    with refused("no_such_method"):
        bench.gateway.start_payment(order, key=bench.key())


@case()
def a_method_may_be_removed_twice(bench):
    method = bench.method("works", bench.customer())

    bench.gateway.detach_method(method)
    bench.gateway.detach_method(method)


@case()
def a_method_that_was_removed_is_told_as_removed(bench):
    method = bench.method("works", bench.customer())
    assert not bench.gateway.read_method(method).is_removed

    bench.gateway.detach_method(method)

    assert bench.gateway.read_method(method).is_removed


@case("it does not compare the customer of a payment with the one of the method")
def a_method_pays_for_nobody_else(bench):
    stranger = bench.customer()

    with refused("method_of_other"):
        bench.start(customer_ref=stranger)


@case()
def an_unknown_method_is_refused(bench):
    with pytest.raises(GatewayRefused):
        bench.start(method_ref="pm_nobody")


# A payment ----------------------------------------------------------------------------------------


@case()
def a_started_payment_has_moved_no_money(bench):
    order = bench.order()
    started = bench.gateway.start_payment(order, key=bench.key())

    assert started.state is GatewayState.WAITING
    assert started.captured_cents == 0
    assert bench.charges(order.our_id, order.customer_ref) == 0


@case()
def a_confirmed_payment_is_captured_in_full_and_carries_our_id(bench):
    order = bench.order()
    started = bench.gateway.start_payment(order, key=bench.key())
    paid = bench.gateway.confirm_payment(started.ref, key=bench.key())

    assert paid.state is GatewayState.SUCCEEDED
    assert paid.captured_cents == paid.amount_cents == 12_345
    assert paid.our_id == order.our_id
    assert paid.currency == "USD"
    assert paid.method_ref == order.method_ref
    assert bench.charges(order.our_id, order.customer_ref) == 1


@case()
def a_payment_reads_as_it_was_answered(bench):
    paid = bench.paid()

    assert bench.gateway.read_payment(paid.ref) == paid


@case()
def the_payers_fee_is_part_of_the_amount_and_told_apart(bench):
    paid = bench.paid(amount_cents=12_715, fee_cents=370)

    assert (paid.captured_cents, paid.fee_cents) == (12_715, 370)


@case()
def a_declined_payment_takes_nothing_and_says_why(bench):
    order = bench.order("declines")
    started = bench.gateway.start_payment(order, key=bench.key())
    declined = bench.gateway.confirm_payment(started.ref, key=bench.key())

    assert declined.state is GatewayState.DECLINED
    assert declined.decline_code
    assert declined.captured_cents == 0
    assert bench.charges(order.our_id, order.customer_ref) == 0


@case()
def a_declined_payment_stays_declined_whoever_confirms_it_again(bench):
    order = bench.order("declines")
    started = bench.gateway.start_payment(order, key=bench.key())
    bench.gateway.confirm_payment(started.ref, key=bench.key())

    again = bench.gateway.confirm_payment(started.ref, key=bench.key())

    assert again.state is GatewayState.DECLINED
    assert bench.charges(order.our_id, order.customer_ref) == 0


@case()
def confirming_twice_with_two_keys_charges_once(bench):
    order = bench.order()
    started = bench.gateway.start_payment(order, key=bench.key())

    bench.gateway.confirm_payment(started.ref, key=bench.key())
    again = bench.gateway.confirm_payment(started.ref, key=bench.key())

    assert again.state is GatewayState.SUCCEEDED
    assert bench.charges(order.our_id, order.customer_ref) == 1


@case()
def a_bank_that_asks_the_payer_takes_nothing_yet(bench):
    asked = bench.paid("asks", return_url=BACK)

    assert asked.state is GatewayState.REQUIRES_ACTION
    assert asked.captured_cents == 0


@case()
def an_amount_of_nothing_or_less_is_refused(bench):
    for cents in (0, -500):
        with refused("amount_out_of_range"):
            bench.start(amount_cents=cents)


@case("it takes amounts of any size")
def an_amount_beyond_what_gateways_take_is_refused(bench):
    with refused("amount_out_of_range"):
        bench.start(amount_cents=100_000_000)


@case("it takes any three letters for a currency")
def an_unknown_currency_is_refused(bench):
    with refused("currency_unknown"):
        bench.start(currency="JPX")


@case()
def a_fee_that_is_not_part_of_the_amount_is_refused(bench):
    for fee in (-1, 12_345, 20_000):
        with refused("fee_out_of_range"):
            bench.start(fee_cents=fee)


@case()
def an_unknown_payment_is_refused(bench):
    with pytest.raises(GatewayRefused):
        bench.gateway.read_payment("pi_nobody")
    with pytest.raises(GatewayRefused):
        bench.gateway.confirm_payment("pi_nobody", key=bench.key())


# Keys ---------------------------------------------------------------------------------------------


@case()
def the_same_key_starts_one_payment(bench):
    order, key = bench.order(), bench.key()

    assert bench.gateway.start_payment(order, key=key) == bench.gateway.start_payment(
        order, key=key
    )


@case()
def the_same_key_confirms_once(bench):
    order, key = bench.order(), bench.key()
    started = bench.gateway.start_payment(order, key=bench.key())

    first = bench.gateway.confirm_payment(started.ref, key=key)
    again = bench.gateway.confirm_payment(started.ref, key=key)

    assert first == again
    assert bench.charges(order.our_id, order.customer_ref) == 1


@case()
def a_key_with_another_amount_is_refused_and_charges_nothing(bench):
    order, key = bench.order(), bench.key()
    bench.gateway.start_payment(order, key=key)
    other = bench.order(our_id=order.our_id, amount_cents=99_999)

    with pytest.raises(KeyReused):
        bench.gateway.start_payment(other, key=key)
    assert bench.charges(order.our_id, order.customer_ref) == 0


@case("its proxy keeps keys for as long as it runs")
def a_key_a_day_old_means_a_new_request_and_moves_no_money_by_itself(bench):
    order, key = bench.order(), bench.key()
    started = bench.gateway.start_payment(order, key=key)
    bench.gateway.confirm_payment(started.ref, key=f"confirm {key}")
    bench.move(hours=25)

    anew = bench.gateway.start_payment(order, key=key)
    confirmed = bench.gateway.confirm_payment(started.ref, key=f"confirm {key}")

    assert anew.ref != started.ref
    assert anew.state is GatewayState.WAITING
    assert confirmed.state is GatewayState.SUCCEEDED
    assert bench.charges(order.our_id, order.customer_ref) == 1


@case("its proxy keeps keys for as long as it runs")
def after_a_day_a_payment_is_found_by_our_id_and_not_made_again(bench):
    order = bench.order()
    started = bench.gateway.start_payment(order, key=bench.key())
    bench.gateway.confirm_payment(started.ref, key=bench.key())
    bench.move(hours=25)

    found = bench.gateway.find_payment(order.our_id, order.customer_ref)

    assert found.state is GatewayState.SUCCEEDED


@case()
def a_payment_whose_reference_was_lost_is_found_by_our_id(bench):
    order = bench.order()
    started = bench.gateway.start_payment(order, key=bench.key())

    assert bench.gateway.find_payment(order.our_id, order.customer_ref).ref == started.ref


@case()
def of_two_payments_under_one_id_the_one_that_took_money_is_found(bench):
    order = bench.order()
    paid = bench.gateway.start_payment(order, key=bench.key())
    bench.gateway.confirm_payment(paid.ref, key=bench.key())
    bench.gateway.start_payment(order, key=bench.key())

    assert bench.gateway.find_payment(order.our_id, order.customer_ref).ref == paid.ref


@case()
def an_id_nobody_used_finds_nothing(bench):
    assert bench.gateway.find_payment("PI-9999-9999", bench.customer()) is None


@case()
def a_payment_is_not_found_for_another_customer(bench):
    order = bench.order()
    bench.gateway.start_payment(order, key=bench.key())

    assert bench.gateway.find_payment(order.our_id, bench.customer()) is None


# Voids --------------------------------------------------------------------------------------------


@case()
def a_waiting_payment_can_be_voided_and_never_charged_then(bench):
    order = bench.order()
    started = bench.gateway.start_payment(order, key=bench.key())

    voided = bench.gateway.void_payment(started.ref, key=bench.key())
    confirmed = bench.gateway.confirm_payment(started.ref, key=bench.key())

    assert voided.state is confirmed.state is GatewayState.CANCELLED
    assert bench.charges(order.our_id, order.customer_ref) == 0


@case()
def voiding_twice_is_voiding_once(bench):
    started = bench.start()
    bench.gateway.void_payment(started.ref, key=bench.key())

    assert bench.gateway.void_payment(started.ref, key=bench.key()).state is GatewayState.CANCELLED


@case()
def a_captured_payment_cannot_be_voided(bench):
    paid = bench.paid()

    with refused("payment_not_waiting"):
        bench.gateway.void_payment(paid.ref, key=bench.key())
    assert bench.gateway.read_payment(paid.ref).captured_cents == 12_345


@case()
def a_payment_whose_bank_asks_can_be_voided(bench):
    asked = bench.paid("asks", return_url=BACK)

    voided = bench.gateway.void_payment(asked.ref, key=bench.key())

    assert voided.state is GatewayState.CANCELLED


# Refunds ------------------------------------------------------------------------------------------


@case()
def a_refund_in_part_leaves_the_rest(bench):
    paid = bench.paid()

    made = bench.gateway.refund(paid.ref, 2_345, bench.our_id(), key=bench.key())

    assert made.state is RefundState.SUCCEEDED
    assert made.amount_cents == 2_345
    assert bench.gateway.read_payment(paid.ref).refunded_cents == 2_345


@case()
def refunds_in_parts_add_up_to_the_whole(bench):
    paid = bench.paid()
    for cents in (10_000, 2_345):
        bench.gateway.refund(paid.ref, cents, bench.our_id(), key=bench.key())

    refunds = bench.gateway.read_refunds(paid.ref)

    assert sorted(each.amount_cents for each in refunds) == [2_345, 10_000]
    assert bench.gateway.read_payment(paid.ref).refunded_cents == 12_345


@case()
def a_refund_one_cent_above_what_is_left_is_refused(bench):
    paid = bench.paid()
    bench.gateway.refund(paid.ref, 12_000, bench.our_id(), key=bench.key())

    with refused("refund_above_captured"):
        bench.gateway.refund(paid.ref, 346, bench.our_id(), key=bench.key())
    assert bench.gateway.read_payment(paid.ref).refunded_cents == 12_000


@case()
def a_refund_of_nothing_is_refused(bench):
    paid = bench.paid()

    for cents in (0, -1):
        with refused("amount_not_positive"):
            bench.gateway.refund(paid.ref, cents, bench.our_id(), key=bench.key())


@case()
def the_same_key_refunds_once(bench):
    paid, our_id, key = bench.paid(), bench.our_id(), bench.key()

    first = bench.gateway.refund(paid.ref, 1_000, our_id, key=key)
    again = bench.gateway.refund(paid.ref, 1_000, our_id, key=key)

    assert first == again
    assert bench.gateway.read_payment(paid.ref).refunded_cents == 1_000


@case()
def a_refunds_key_with_another_amount_is_refused(bench):
    paid, our_id, key = bench.paid(), bench.our_id(), bench.key()
    bench.gateway.refund(paid.ref, 1_000, our_id, key=key)

    with pytest.raises(KeyReused):
        bench.gateway.refund(paid.ref, 1_001, our_id, key=key)
    assert bench.gateway.read_payment(paid.ref).refunded_cents == 1_000


@case()
def nothing_is_refunded_that_was_not_captured(bench):
    for payment in (bench.start(), bench.paid("declines")):
        with refused("nothing_captured"):
            bench.gateway.refund(payment.ref, 1, bench.our_id(), key=bench.key())


@case()
def a_payment_without_refunds_has_none(bench):
    assert bench.gateway.read_refunds(bench.paid().ref) == []
    assert bench.gateway.read_refunds(bench.start().ref) == []


@case()
def a_refund_is_found_by_our_id_among_the_payments_refunds(bench):
    paid, our_id = bench.paid(), bench.our_id()
    bench.gateway.refund(paid.ref, 1_000, our_id, key=bench.key())

    assert [each.our_id for each in bench.gateway.read_refunds(paid.ref)] == [our_id]


@case("its refunds always succeed")
def a_refund_that_fails_gives_the_money_back_to_the_payment(bench):
    paid = bench.paid("refund_fails")
    made = bench.gateway.refund(paid.ref, 5_000, bench.our_id(), key=bench.key())
    bench.move(days=5)

    assert made.state is RefundState.PENDING
    assert bench.gateway.read_refunds(paid.ref)[0].state is RefundState.FAILED
    assert bench.gateway.read_payment(paid.ref).refunded_cents == 0


# Bank debits --------------------------------------------------------------------------------------

_NO_ACH = "it has no bank debits"


@case(_NO_ACH)
def a_bank_debit_is_processing_until_it_settles(bench):
    paid = bench.paid("ach", kind=MethodKind.ACH)
    bench.move(days=3)
    still = bench.gateway.read_payment(paid.ref)
    bench.move(days=6)
    settled = bench.gateway.read_payment(paid.ref)

    assert paid.state is still.state is GatewayState.PROCESSING
    assert paid.captured_cents == still.captured_cents == 0
    assert settled.state is GatewayState.SUCCEEDED
    assert settled.captured_cents == 12_345


@case(_NO_ACH)
def a_bank_debit_without_funds_comes_back_before_it_settles(bench):
    paid = bench.paid("ach_r01", kind=MethodKind.ACH)
    bench.move(days=10)
    returned = bench.gateway.read_payment(paid.ref)

    assert returned.state is GatewayState.DECLINED
    assert returned.return_code == "R01"
    assert returned.captured_cents == 0


@case(_NO_ACH)
def a_debit_from_a_closed_account_comes_back(bench):
    paid = bench.paid("ach_r02", kind=MethodKind.ACH)
    bench.move(days=10)

    assert bench.gateway.read_payment(paid.ref).return_code == "R02"


@case(_NO_ACH)
def a_debit_nobody_authorised_comes_back_after_it_settled(bench):
    for fate, code in (("ach_r10", "R10"), ("ach_r29", "R29")):
        paid = bench.paid(fate, kind=MethodKind.ACH)
        bench.move(days=20)
        returned = bench.gateway.read_payment(paid.ref)

        assert returned.state is GatewayState.SUCCEEDED
        assert returned.return_code == code


@case(_NO_ACH)
def a_bank_debit_is_not_refunded_while_it_is_processing(bench):
    paid = bench.paid("ach", kind=MethodKind.ACH)

    with refused("payment_processing"):
        bench.gateway.refund(paid.ref, 1, bench.our_id(), key=bench.key())


@case(_NO_ACH)
def a_returned_bank_debit_is_not_refunded(bench):
    paid = bench.paid("ach_r10", kind=MethodKind.ACH)
    bench.move(days=20)

    with refused("payment_returned"):
        bench.gateway.refund(paid.ref, 1, bench.our_id(), key=bench.key())


@case(_NO_ACH)
def a_bank_debit_cannot_be_voided_any_more(bench):
    paid = bench.paid("ach", kind=MethodKind.ACH)

    with refused("payment_not_waiting"):
        bench.gateway.void_payment(paid.ref, key=bench.key())


# Disputes -----------------------------------------------------------------------------------------

_NO_DISPUTES = "it has no disputes"


@case(_NO_DISPUTES)
def a_dispute_opens_and_is_lost_or_won(bench):
    for fate, end in (("disputed_lost", DisputeState.LOST), ("disputed_won", DisputeState.WON)):
        paid = bench.paid(fate)
        bench.move(days=8)
        opened = bench.gateway.read_payment(paid.ref)
        bench.move(days=15)

        assert paid.dispute is None
        assert opened.dispute is DisputeState.OPEN
        assert bench.gateway.read_payment(paid.ref).dispute is end


@case(_NO_DISPUTES)
def a_disputed_payment_is_not_refunded(bench):
    paid = bench.paid("disputed_won")
    bench.move(days=8)

    with refused("payment_disputed"):
        bench.gateway.refund(paid.ref, 1, bench.our_id(), key=bench.key())


# When the payer is not there ----------------------------------------------------------------------


@case("its bank asks although the payer is not there")
def a_bank_that_wants_to_ask_an_absent_payer_declines(bench):
    declined = bench.paid("asks", off_session=True)

    assert declined.state is GatewayState.DECLINED
    assert declined.decline_code == "authentication_required"


@case("it has no card that works at the second try")
def a_card_may_decline_once_and_work_at_the_second_payment(bench):
    first = bench.order("second_try", off_session=True)
    one = bench.gateway.start_payment(first, key=bench.key())
    declined = bench.gateway.confirm_payment(one.ref, key=bench.key())
    retry = bench.order(
        customer_ref=first.customer_ref, method_ref=first.method_ref, off_session=True
    )
    two = bench.gateway.start_payment(retry, key=bench.key())
    paid = bench.gateway.confirm_payment(two.ref, key=bench.key())

    assert declined.state is GatewayState.DECLINED
    assert paid.state is GatewayState.SUCCEEDED


@case("its clock does not move")
def a_card_past_its_last_month_is_declined_as_expired(bench):
    order = bench.order("expires_soon")
    bench.move(days=70)
    started = bench.gateway.start_payment(order, key=bench.key())
    declined = bench.gateway.confirm_payment(started.ref, key=bench.key())

    assert declined.decline_code == "expired_card"


# The hosted page ----------------------------------------------------------------------------------

_NO_CHECKOUT = "it has no Checkout"


def page_request(bench, **more: object) -> PageRequest:
    values = {
        "customer_ref": bench.customer(),
        "purpose": PagePurpose.PAY,
        "return_url": BACK,
        "our_id": bench.our_id(),
        "amount_cents": 12_345,
    }
    return PageRequest(**(values | more))


@case(_NO_CHECKOUT)
def a_page_is_opened_once_for_its_key(bench):
    request, key = page_request(bench), bench.key()

    first = bench.gateway.open_page(request, key=key)

    assert bench.gateway.open_page(request, key=key) == first
    assert first.ref in first.url


@case(_NO_CHECKOUT)
def an_open_page_has_moved_no_money(bench):
    page = bench.gateway.open_page(page_request(bench), key=bench.key())
    result = bench.gateway.read_page(page.ref)

    assert result.state is PageState.OPEN
    assert result.payment.state is GatewayState.WAITING
    assert result.payment.captured_cents == 0


@case(_NO_CHECKOUT)
def a_closed_page_takes_no_payment_any_more(bench):
    page = bench.gateway.open_page(page_request(bench), key=bench.key())

    closed = bench.gateway.close_page(page.ref)

    assert closed.state is PageState.EXPIRED
    assert closed.payment.state is GatewayState.CANCELLED
    assert bench.gateway.close_page(page.ref) == closed


@case(_NO_CHECKOUT)
def a_payment_voided_while_its_page_is_open_can_never_be_made_there(bench):
    page = bench.gateway.open_page(page_request(bench), key=bench.key())
    payment = bench.gateway.read_page(page.ref).payment

    voided = bench.gateway.void_payment(payment.ref, key=bench.key())

    assert voided.state is GatewayState.CANCELLED
    assert bench.gateway.read_page(page.ref).state is PageState.EXPIRED


@case(_NO_CHECKOUT)
def a_page_expires_by_itself(bench):
    page = bench.gateway.open_page(page_request(bench), key=bench.key())
    bench.move(minutes=31)

    assert bench.gateway.read_page(page.ref).state is PageState.EXPIRED


@case()
def a_page_that_pays_needs_an_id_of_ours(bench):
    with refused("no_our_id"):
        bench.gateway.open_page(page_request(bench, our_id=None), key=bench.key())


@case(_NO_CHECKOUT)
def a_payment_of_a_page_is_confirmed_by_the_payer_only(bench):
    page = bench.gateway.open_page(page_request(bench), key=bench.key())
    payment = bench.gateway.read_page(page.ref).payment

    with refused("payment_of_page"):
        bench.gateway.confirm_payment(payment.ref, key=bench.key())


# Payouts ------------------------------------------------------------------------------------------

_NO_PAYOUTS = "it makes no payouts of charges"


@case(_NO_PAYOUTS)
def a_payout_is_the_sum_of_its_lines_to_the_cent(bench):
    bench.paid()
    refunded = bench.paid()
    bench.gateway.refund(refunded.ref, 2_345, bench.our_id(), key=bench.key())
    bench.move(days=5)

    (payout,) = bench.gateway.payouts(date(2026, 6, 1))

    assert payout.amount_cents == sum(line.net_cents for line in payout.lines)
    assert all(line.net_cents == line.gross_cents - line.fee_cents for line in payout.lines)
    assert [line.gross_cents for line in payout.lines] == [12_345, 12_345, -2_345]
    assert [line.kind for line in payout.lines][-1] is LineKind.REFUND


@case(_NO_PAYOUTS)
def a_payout_comes_two_business_days_later_and_one_a_weekday(bench):
    for _ in range(14):
        bench.paid()
        bench.move(days=1)
    bench.move(days=10)

    days = [payout.paid_date for payout in bench.gateway.payouts(date(2026, 6, 1))]

    assert days[0] == date(2026, 7, 2)
    assert len(days) == len(set(days))
    assert all(day.weekday() < 5 for day in days)


@case(_NO_PAYOUTS)
def nothing_is_paid_out_twice(bench):
    paid = [bench.paid() for _ in range(5)]
    bench.move(days=1)
    paid += [bench.paid() for _ in range(5)]
    bench.move(days=20)

    lines = [line for payout in bench.gateway.payouts(date(2026, 1, 1)) for line in payout.lines]

    assert sorted(line.payment_ref for line in lines) == sorted(each.ref for each in paid)


@case("its list of payouts cannot be asked from a day on")
def before_the_first_payout_there_is_none(bench):
    bench.paid()

    assert bench.gateway.payouts(date(2026, 1, 1)) == []


# Faults that last ---------------------------------------------------------------------------------


@case()
def a_gateway_that_is_busy_has_done_nothing_and_may_be_asked_again(bench):
    order, key = bench.order(), bench.key()
    for kind in (FaultKind.TOO_MANY, FaultKind.IN_FLIGHT):
        with pytest.raises(GatewayBusy):
            bench.broken(kind).start_payment(order, key=key)

    assert bench.gateway.start_payment(order, key=key).state is GatewayState.WAITING


@case()
def an_unsure_confirmation_is_settled_by_reading(bench):
    order = bench.order()
    started = bench.gateway.start_payment(order, key=bench.key())

    with pytest.raises(GatewayUnsure):
        bench.broken(FaultKind.ERROR_AFTER).confirm_payment(started.ref, key=bench.key())

    assert bench.gateway.read_payment(started.ref).state is GatewayState.SUCCEEDED
    assert bench.charges(order.our_id, order.customer_ref) == 1


@case("it has no method whose answer gets lost")
def the_method_whose_answer_gets_lost_was_charged_and_is_not_charged_again(bench):
    order, key = bench.order("lost_after"), bench.key()
    started = bench.gateway.start_payment(order, key=bench.key())

    with pytest.raises(GatewayUnsure):
        bench.gateway.confirm_payment(started.ref, key=key)

    assert bench.gateway.confirm_payment(started.ref, key=key).state is GatewayState.SUCCEEDED
    assert bench.charges(order.our_id, order.customer_ref) == 1


@case("it has no method that never answers")
def the_method_that_never_answers_was_not_charged(bench):
    order = bench.order("lost_before")
    started = bench.gateway.start_payment(order, key=bench.key())

    with pytest.raises(GatewayUnsure):
        bench.gateway.confirm_payment(started.ref, key=bench.key())

    assert bench.gateway.read_payment(started.ref).state is GatewayState.WAITING
