"""The sandbox's rules of a hosted page: opened, a method chosen, the bank's question answered.

Every change of a page raises its version. A form made from an older version changes nothing, so a
double click, a reload or the back button never pays twice.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from portal.gateways.sandbox import payments
from portal.gateways.sandbox.ledger import Ledger
from portal.gateways.sandbox.named_methods import NAMED_METHODS, NamedMethod
from portal.gateways.sandbox.rows import MethodRow, PageRow, PaymentRow
from portal.gateways.sandbox.told import customer_of, page_of, page_url, payment_of
from portal.services.gateway import GatewayPayment, GatewayRefused, HostedPage, PageRequest
from portal.services.gateway_states import (
    EventKind,
    GatewayState,
    MethodKind,
    PagePurpose,
    PageState,
)

MOST_MINUTES = 24 * 60
QUESTION_MINUTES = 30


def open_page(ledger: Ledger, request: PageRequest) -> HostedPage:
    """Make a page, and for a payment its payment, which waits for the payer."""
    _check(ledger, request)
    ref = ledger.new_ref("page")
    expires_at = ledger.now + timedelta(minutes=request.open_minutes)
    page = PageRow(
        ref=ref,
        customer_ref=customer_of(ledger, request.customer_ref).ref,
        our_id=request.our_id,
        purpose=request.purpose.value,
        state=PageState.OPEN.value,
        amount_cents=request.amount_cents,
        currency=request.currency,
        fees=json.dumps({kind.value: cents for kind, cents in request.fees.items()}),
        kinds=json.dumps(sorted(kind.value for kind in request.kinds)),
        description=request.description,
        return_url=request.return_url,
        expires_at=expires_at.isoformat(),
    )
    if request.purpose is not PagePurpose.SAVE:
        page = replace(page, payment_ref=_waiting_payment(ledger, page).ref)
    ledger.book.add(page)
    ledger.later("page_expires", ref, expires_at)
    return HostedPage(ref=ref, url=page_url(ledger, ref), expires_at=expires_at)


def ask(ledger: Ledger, payment: PaymentRow, named: NamedMethod) -> PaymentRow:
    """Make the page on which the bank asks the payer about a payment with a kept method."""
    ref = ledger.new_ref("page")
    expires_at = ledger.now + timedelta(minutes=QUESTION_MINUTES)
    asked = replace(payment, state=GatewayState.REQUIRES_ACTION.value, page_ref=ref)
    ledger.book.put(asked)
    page = PageRow(
        ref=ref,
        customer_ref=payment.customer_ref,
        our_id=payment.our_id,
        purpose=PagePurpose.PAY.value,
        state=PageState.OPEN.value,
        amount_cents=payment.amount_cents - payment.fee_cents,
        currency=payment.currency,
        fees=json.dumps({named.kind.value: payment.fee_cents}),
        kinds=json.dumps([named.kind.value]),
        description=payment.description,
        return_url=payment.return_url,
        expires_at=expires_at.isoformat(),
        is_question=1,
        payment_ref=payment.ref,
        asking=named.code,
    )
    ledger.book.add(page)
    ledger.later("page_expires", ref, expires_at)
    ledger.tell_payment(asked)
    return asked


def choose(ledger: Ledger, page: PageRow, named: NamedMethod) -> PageRow:
    """The payer takes a method: it is charged or kept, or its bank asks the payer first."""
    if named.kind not in kinds_of(page):
        raise GatewayRefused("This method is not offered here.", code="method_not_offered")
    if page.purpose == PagePurpose.SAVE:
        return _save(ledger, page, named, is_agreed=not named.asks_payer)
    payment = _with_method(ledger, page, named)
    if named.asks_payer:
        asked = replace(payment, state=GatewayState.REQUIRES_ACTION.value)
        ledger.book.put(asked)
        ledger.tell_payment(asked)
        return _moved(ledger, page, asking=named.code, refusal=None)
    return _charged(ledger, page, payments.charge(ledger, payment, named, may_try_again=True))


def answer_bank(ledger: Ledger, page: PageRow, *, agrees: bool) -> PageRow:
    """The payer tells their bank yes or no."""
    named = NAMED_METHODS[page.asking or ""]
    if page.purpose == PagePurpose.SAVE:
        if agrees:
            return _save(ledger, page, named, is_agreed=True)
        return _moved(ledger, page, asking=None, refusal="authentication_failed")
    payment = payment_of(ledger, page.payment_ref or "")
    if agrees:
        return _charged(ledger, page, payments.capture(ledger, payment, named))
    state = GatewayState.DECLINED if page.is_question else GatewayState.WAITING
    refused = replace(payment, state=state.value, decline_code="authentication_failed")
    ledger.book.put(refused)
    ledger.tell_payment(refused)
    return _charged(ledger, page, refused)


def end(ledger: Ledger, page: PageRow, at: datetime) -> PageRow:
    """Close a page that nobody finished; its payment is cancelled with it."""
    if page.state != PageState.OPEN:
        return page
    if page.payment_ref:
        payments.void(ledger, payment_of(ledger, page.payment_ref))
    ledger.book.drop_steps("page_expires", page.ref)
    ended = _moved(ledger, page, state=PageState.EXPIRED.value, asking=None)
    ledger.tell(EventKind.PAGE, at, page_ref=page.ref, payment_ref=page.payment_ref)
    return ended


def void(ledger: Ledger, payment: PaymentRow) -> GatewayPayment:
    """Cancel a payment that has moved no money, and close the page it may be paid on."""
    if payment.page_ref:
        end(ledger, page_of(ledger, payment.page_ref), ledger.now)
    return payments.void(ledger, payment_of(ledger, payment.ref))


def kinds_of(page: PageRow) -> frozenset[MethodKind]:
    """The kinds of methods a page offers; a card of unknown kind goes where credit goes."""
    kinds = {MethodKind(kind) for kind in json.loads(page.kinds)}
    return frozenset(kinds | {MethodKind.UNKNOWN} if MethodKind.CREDIT in kinds else kinds)


def fees_of(page: PageRow) -> Mapping[MethodKind, int]:
    """The fee of each kind that has one."""
    return {MethodKind(kind): cents for kind, cents in json.loads(page.fees).items()}


def _waiting_payment(ledger: Ledger, page: PageRow) -> PaymentRow:
    payment = PaymentRow(
        ref=ledger.new_ref("pay"),
        our_id=page.our_id or "",
        customer_ref=page.customer_ref,
        page_ref=page.ref,
        state=GatewayState.WAITING.value,
        amount_cents=page.amount_cents,
        currency=page.currency,
        description=page.description,
    )
    ledger.book.add(payment)
    return payment


def _with_method(ledger: Ledger, page: PageRow, named: NamedMethod) -> PaymentRow:
    is_once = page.purpose != PagePurpose.PAY_AND_SAVE
    method = payments.keep(ledger, page.customer_ref, named, for_once=is_once)
    fee = fees_of(page).get(named.kind, 0)
    return replace(
        payment_of(ledger, page.payment_ref or ""),
        method_ref=method.ref,
        named=named.code,
        fee_cents=fee,
        amount_cents=page.amount_cents + fee,
        decline_code=None,
    )


def _charged(ledger: Ledger, page: PageRow, payment: PaymentRow) -> PageRow:
    if payment.state == GatewayState.WAITING:
        if payment.method_ref and page.purpose == PagePurpose.PAY_AND_SAVE:
            _forget(ledger, payment.method_ref)
        return _moved(ledger, page, asking=None, refusal=payment.decline_code)
    return _done(ledger, page, payment.method_ref, payment.decline_code)


def _save(ledger: Ledger, page: PageRow, named: NamedMethod, *, is_agreed: bool) -> PageRow:
    if not is_agreed:
        return _moved(ledger, page, asking=named.code, refusal=None)
    method = payments.keep(ledger, page.customer_ref, named)
    if named.decline_code or payments.has_expired(ledger, method):
        _forget(ledger, method.ref)
        return _moved(ledger, page, asking=None, refusal=named.decline_code or "expired_card")
    return _done(ledger, page, method.ref, None)


def _forget(ledger: Ledger, method_ref: str) -> None:
    method = ledger.book.one(MethodRow, method_ref)
    if method:
        ledger.book.put(replace(method, is_detached=1))


def _done(ledger: Ledger, page: PageRow, method_ref: str | None, refusal: str | None) -> PageRow:
    ledger.book.drop_steps("page_expires", page.ref)
    done = _moved(
        ledger, page, state=PageState.DONE.value, asking=None, method_ref=method_ref,
        refusal=refusal,
    )  # fmt: skip
    ledger.tell(
        EventKind.PAGE, page_ref=page.ref, payment_ref=page.payment_ref, method_ref=method_ref
    )
    return done


def _moved(ledger: Ledger, page: PageRow, **changes: object) -> PageRow:
    moved = replace(page, version=page.version + 1, **changes)
    ledger.book.put(moved)
    return moved


def _check(ledger: Ledger, request: PageRequest) -> None:
    if not _is_ours(request.return_url, ledger.public_url):
        raise GatewayRefused("The payer can only come back to this portal.", code="return_url")
    if not 1 <= request.open_minutes <= MOST_MINUTES:
        raise GatewayRefused("A page is open for 1 minute to 24 hours.", code="open_minutes")
    if not request.kinds:
        raise GatewayRefused("The page offers no method.", code="no_kinds")
    if request.purpose is PagePurpose.SAVE:
        return
    if not request.our_id:
        raise GatewayRefused("A payment needs an id of ours.", code="no_our_id")
    payments.check_amount(request.amount_cents, 0, request.currency)
    for fee in request.fees.values():
        payments.check_amount(request.amount_cents + fee, fee, request.currency)


def _is_ours(url: str, public_url: str) -> bool:
    said, ours = urlsplit(url), urlsplit(public_url)
    if not said.scheme and not said.netloc:
        return said.path.startswith("/") and "\\" not in url
    return (said.scheme, said.netloc) == (ours.scheme, ours.netloc)
