"""What a hosted page shows at a moment, and what the portal reads of it afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.gateways.sandbox.ledger import Ledger
from portal.gateways.sandbox.named_methods import NAMED_METHODS, NamedMethod
from portal.gateways.sandbox.pages import fees_of, kinds_of
from portal.gateways.sandbox.rows import MethodRow, PageRow
from portal.gateways.sandbox.told import customer_of, payment_of, told_method, told_payment
from portal.services.gateway import GatewayPayment, PageResult
from portal.services.gateway_states import MethodKind, PagePurpose, PageState


class PageStage(StrEnum):
    """What the payer is asked now."""

    CHOOSE = "choose"
    BANK_ASKS = "bank_asks"
    DONE = "done"
    EXPIRED = "expired"


@dataclass(frozen=True, kw_only=True)
class PageView:
    """A hosted page as it stands."""

    ref: str
    version: int
    stage: PageStage
    purpose: PagePurpose
    customer_name: str
    description: str
    amount_cents: int
    currency: str
    fees: Mapping[MethodKind, int]
    offered: tuple[NamedMethod, ...]
    asking: NamedMethod | None
    refusal: str | None
    payment: GatewayPayment | None
    return_url: str
    expires_at: datetime

    @property
    def is_saving_only(self) -> bool:
        """Whether nothing is paid here."""
        return self.purpose is PagePurpose.SAVE

    def total_with(self, named: NamedMethod) -> int:
        """What is charged with this method, its fee included."""
        return self.amount_cents + self.fees.get(named.kind, 0)


def page_view(ledger: Ledger, page: PageRow) -> PageView:
    """What the page shows."""
    kinds = kinds_of(page)
    payment = payment_of(ledger, page.payment_ref) if page.payment_ref else None
    return PageView(
        ref=page.ref,
        version=page.version,
        stage=_stage(page),
        purpose=PagePurpose(page.purpose),
        customer_name=customer_of(ledger, page.customer_ref).name,
        description=page.description,
        amount_cents=page.amount_cents,
        currency=page.currency,
        fees=fees_of(page),
        offered=tuple(named for named in NAMED_METHODS.values() if named.kind in kinds),
        asking=NAMED_METHODS[page.asking] if page.asking else None,
        refusal=page.refusal,
        payment=told_payment(ledger, payment) if payment else None,
        return_url=page.return_url,
        expires_at=datetime.fromisoformat(page.expires_at),
    )


def result_of(ledger: Ledger, page: PageRow) -> PageResult:
    """What came of the page."""
    payment = payment_of(ledger, page.payment_ref) if page.payment_ref else None
    method = ledger.book.one(MethodRow, page.method_ref) if page.method_ref else None
    return PageResult(
        ref=page.ref,
        state=PageState(page.state),
        payment=told_payment(ledger, payment) if payment else None,
        method=told_method(method) if method and method.is_kept else None,
    )


def _stage(page: PageRow) -> PageStage:
    if page.state != PageState.OPEN:
        return PageStage(page.state)
    return PageStage.BANK_ASKS if page.asking else PageStage.CHOOSE
