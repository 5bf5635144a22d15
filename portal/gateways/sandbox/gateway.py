"""The sandbox as the port has it, and as its hosted page, tests and the sample firm use it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.gateways.sandbox import confirming, pages, payments, refunds
from portal.gateways.sandbox.book_file import BookFile
from portal.gateways.sandbox.desk import Desk
from portal.gateways.sandbox.faults import NO_ANSWER, FaultKind
from portal.gateways.sandbox.ledger import Ledger, SandboxRates, random_ref
from portal.gateways.sandbox.named_methods import NAMED_METHODS
from portal.gateways.sandbox.page_view import PageView, page_view, result_of
from portal.gateways.sandbox.payouts import payouts_since
from portal.gateways.sandbox.post import SandboxPost
from portal.gateways.sandbox.rows import CustomerRow, MethodRow, PageRow, PaymentRow
from portal.gateways.sandbox.told import (
    page_of,
    payment_of,
    told_method,
    told_payment,
    told_refund,
)
from portal.services.gateway import (
    GatewayEvent,
    GatewayMethod,
    GatewayPayment,
    GatewayPayout,
    GatewayRefund,
    GatewayRefused,
    GatewayUnsure,
    HostedPage,
    PageRequest,
    PageResult,
    PaymentOrder,
)
from portal.services.gateway_states import EventKind, PageState


class SandboxGateway:
    """A whole payment gateway in one file; any process of the portal may open it.

    Every rule is in a room of its own beside this one; here is only which call leads where.
    """

    name = "sandbox"

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime],
        secret: str,
        public_url: str = "http://127.0.0.1:8501",
        zone: ZoneInfo | None = None,
        rates: SandboxRates | None = None,
        new_ref: Callable[[str], str] = random_ref,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._file = BookFile(path)
        self._desk = Desk(
            file=self._file,
            clock=clock,
            public_url=public_url.rstrip("/"),
            zone=zone or ZoneInfo("America/New_York"),
            rates=rates or SandboxRates(),
            new_ref=new_ref,
            pause=pause,
        )
        self.post = SandboxPost(self._file, secret, clock, self._desk.now)

    # The port ---------------------------------------------------------------------------------

    def customer(self, client_id: str, name: str, email: str, *, key: str) -> str:
        """Make a client known."""

        def work(ledger: Ledger) -> str:
            ref = ledger.new_ref("cus")
            ledger.book.add(CustomerRow(ref=ref, client_id=client_id, name=name, email=email))
            return ref

        return self._desk.once("customer", key, [client_id, name, email], work)

    def start_payment(self, order: PaymentOrder, *, key: str) -> GatewayPayment:
        """Write a payment down; it waits to be confirmed."""

        def work(ledger: Ledger) -> GatewayPayment:
            return payments.start(ledger, order)

        return self._desk.once("start_payment", key, vars(order), work)

    def confirm_payment(self, payment_ref: str, *, key: str) -> GatewayPayment:
        """Charge the method, unless its bank asks the payer first."""
        lost: list[PaymentRow] = []

        def work(ledger: Ledger) -> GatewayPayment:
            payment = payment_of(ledger, payment_ref)
            answer = confirming.confirm(ledger, payment)
            if confirming.loses_answer(payment):
                lost.append(payment)
            return answer

        answer = self._desk.once("confirm_payment", key, payment_ref, work)
        if lost:
            raise GatewayUnsure(NO_ANSWER)
        return answer

    def void_payment(self, payment_ref: str, *, key: str) -> GatewayPayment:
        """Cancel a payment that has moved no money."""

        def work(ledger: Ledger) -> GatewayPayment:
            return pages.void(ledger, payment_of(ledger, payment_ref))

        return self._desk.once("void_payment", key, payment_ref, work)

    def read_payment(self, payment_ref: str) -> GatewayPayment:
        """A payment as it stands now."""
        return self._desk.read(
            "read_payment", lambda ledger: told_payment(ledger, payment_of(ledger, payment_ref))
        )

    def find_payment(self, our_id: str, customer_ref: str) -> GatewayPayment | None:
        """The payment made under our id, whether or not its reference was ever learned."""

        def work(ledger: Ledger) -> list[GatewayPayment]:
            found = ledger.book.of_our_id(PaymentRow, our_id)
            is_theirs = found is not None and found.customer_ref == customer_ref
            return [told_payment(ledger, found)] if found and is_theirs else []

        return next(iter(self._desk.read("find_payment", work)), None)

    def refund(
        self, payment_ref: str, amount_cents: int, our_id: str, *, key: str
    ) -> GatewayRefund:
        """Send money back, never more than was captured."""

        def work(ledger: Ledger) -> GatewayRefund:
            return refunds.refund(ledger, payment_of(ledger, payment_ref), amount_cents, our_id)

        return self._desk.once("refund", key, [payment_ref, amount_cents, our_id], work)

    def read_refunds(self, payment_ref: str) -> list[GatewayRefund]:
        """A payment's refunds, oldest first."""

        def work(ledger: Ledger) -> list[GatewayRefund]:
            payment_of(ledger, payment_ref)
            return [told_refund(refund) for refund in ledger.book.refunds_of(payment_ref)]

        return self._desk.read("read_refunds", work)

    def open_page(self, request: PageRequest, *, key: str) -> HostedPage:
        """Make a page on which the payer chooses a method."""

        def work(ledger: Ledger) -> HostedPage:
            return pages.open_page(ledger, request)

        return self._desk.once("open_page", key, vars(request), work)

    def read_page(self, page_ref: str) -> PageResult:
        """What came of a page."""
        return self._desk.read(
            "read_page", lambda ledger: result_of(ledger, page_of(ledger, page_ref))
        )

    def close_page(self, page_ref: str) -> PageResult:
        """Take a page away from the payer, unless they have finished it."""

        def work(ledger: Ledger) -> PageResult:
            return result_of(ledger, pages.end(ledger, page_of(ledger, page_ref), ledger.now))

        return self._desk.change("close_page", work)

    def read_method(self, method_ref: str) -> GatewayMethod:
        """A kept method, removed ones too."""
        return self._desk.read(
            "read_method", lambda ledger: told_method(self._method(ledger, method_ref))
        )

    def detach_method(self, method_ref: str) -> None:
        """Forget a method; it can never be charged again."""

        def work(ledger: Ledger) -> None:
            method = self._method(ledger, method_ref)
            if not method.is_detached:
                ledger.book.put(replace(method, is_detached=1))
                ledger.tell(EventKind.METHOD, method_ref=method_ref)

        self._desk.change("detach_method", work)

    def payouts(self, since: date) -> list[GatewayPayout]:
        """The payouts of this day and later."""
        return self._desk.read("payouts", lambda ledger: payouts_since(ledger.book, since))

    def read_event(self, headers: Mapping[str, str], body: bytes, now: datetime) -> GatewayEvent:
        """Check a webhook; see SandboxPost."""
        return self.post.read(headers, body, now)

    # The hosted page --------------------------------------------------------------------------

    def view_page(self, page_ref: str) -> PageView:
        """What the payer sees now."""
        return self._desk.read(
            "view_page", lambda ledger: page_view(ledger, page_of(ledger, page_ref))
        )

    def choose(self, page_ref: str, version: int, named: str) -> PageView:
        """The payer takes a method. A form older than the page changes nothing.

        Raises: GatewayUnsure for the methods whose answer gets lost.
        """
        method = NAMED_METHODS.get(named)
        if method is None:
            raise GatewayRefused("There is no such method.", code="method_not_offered")
        if method.answer_lost == "before":
            raise GatewayUnsure(NO_ANSWER)
        is_fresh = self._change_page(page_ref, version, False, lambda ledger, page: pages.choose(
            ledger, page, method))  # fmt: skip
        if is_fresh and method.answer_lost == "after":
            raise GatewayUnsure(NO_ANSWER)
        return self.view_page(page_ref)

    def answer_bank(self, page_ref: str, version: int, *, agrees: bool) -> PageView:
        """The payer tells their bank yes or no. A form older than the page changes nothing."""
        self._change_page(page_ref, version, True, lambda ledger, page: pages.answer_bank(
            ledger, page, agrees=agrees))  # fmt: skip
        return self.view_page(page_ref)

    def _change_page(
        self,
        page_ref: str,
        version: int,
        is_asking: bool,
        change: Callable[[Ledger, PageRow], PageRow],
    ) -> bool:
        def work(ledger: Ledger) -> bool:
            page = page_of(ledger, page_ref)
            is_open = page.state == PageState.OPEN and bool(page.asking) is is_asking
            is_fresh = is_open and page.version == version
            if is_fresh:
                change(ledger, page)
            return is_fresh

        return bool(self._desk.change("choose", work))

    # For tests, the sample firm and whoever tries the portal out --------------------------------

    def keep_method(self, customer_ref: str, named: str) -> GatewayMethod:
        """Keep a named method without the payer's page."""

        def work(ledger: Ledger) -> GatewayMethod:
            return told_method(payments.keep(ledger, customer_ref, NAMED_METHODS[named]))

        return self._desk.change("keep_method", work)

    def now(self) -> datetime:
        """The sandbox's time."""
        return self._desk.now()

    def move_clock(self, ahead: timedelta) -> None:
        """Let time pass at the sandbox: debits settle or come back, disputes open, payouts go."""
        self._desk.move_clock(ahead)

    def plan_faults(self, *kinds: FaultKind, call: str = "*") -> None:
        """Let the next calls of this name (`*`: any) go wrong, one fault each."""
        self._desk.plan_faults(*kinds, call=call)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _method(self, ledger: Ledger, method_ref: str) -> MethodRow:
        found = ledger.book.one(MethodRow, method_ref)
        if found is None or not found.is_kept:
            raise GatewayRefused("The gateway does not know this method.", code="no_such_method")
        return found
