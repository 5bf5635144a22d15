"""How the sandbox's payment page looks: one template, filled with words and amounts."""

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from portal.domain.money import format_cents
from portal.gateways.sandbox.named_methods import DECLINES, NamedMethod
from portal.gateways.sandbox.page_view import PageStage, PageView
from portal.services.gateway_states import GatewayState, MethodKind, PagePurpose

ASSETS = Path(__file__).with_name("sandbox_assets")
TEMPLATES = Path(__file__).with_name("sandbox_templates")
OTHERS = "Other outcomes to try"
GROUPS = ("Cards", "Bank account (ACH)", OTHERS)
_HEADERS = {"cache-control": "no-store", "x-robots-tag": "noindex"}
_TEMPLATES = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class MethodRow:
    """One method in the list."""

    code: str
    title: str
    last4: str
    fate: str
    brand: str
    mark: str
    fee: str
    total: str
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class SandboxPages:
    """The pages of one firm."""

    firm_name: str
    colour: str
    zone: ZoneInfo

    def page(self, view: PageView, *, token: str, way_back: str) -> Response:
        """A page as it stands."""
        templates = {
            PageStage.CHOOSE: "choose.html",
            PageStage.BANK_ASKS: "bank_asks.html",
            PageStage.DONE: "done.html",
            PageStage.EXPIRED: "expired.html",
        }
        return self._answer(
            templates[view.stage],
            view=view,
            token=token,
            way_back=way_back,
            amount=format_cents(view.amount_cents, view.currency),
            total=_total(view),
            groups=_groups(view),
            refusal=DECLINES.get(view.refusal or "", ""),
            open_until=self._time(view),
            can_refuse=PagePurpose.SAVE is not view.purpose,
            outcome=_outcome(view),
        )

    def no_answer(self, here: str) -> Response:
        """The bank's answer got lost: it may have worked, and the page knows."""
        return self._answer("no_answer.html", 504, here=here)

    def busy(self, here: str) -> Response:
        """Nothing happened; in a moment it will."""
        return self._answer("busy.html", 503, here=here)

    def nothing_typed(self, here: str) -> Response:
        """Somebody sent what the page does not ask."""
        return self._answer("nothing_typed.html", 422, here=here)

    def unknown(self) -> Response:
        """A page that never was, or a firm without a sandbox."""
        return self._answer("unknown.html", 404)

    def _answer(self, template: str, status: int = 200, **values: object) -> Response:
        text = _TEMPLATES.get_template(template).render(
            firm_name=self.firm_name, colour=self.colour, **values
        )
        return HTMLResponse(text, status, headers=_HEADERS)

    def _time(self, view: PageView) -> str:
        at = view.expires_at.astimezone(self.zone)
        return f"{at:%b} {at.day}, {at.hour % 12 or 12}:{at:%M %p}"


def _groups(view: PageView) -> list[tuple[str, list[MethodRow]]]:
    offered = [(_group(named), named) for named in view.offered]
    first = next(iter(_in_order(view)), None)
    return [
        (title, [_row(view, named, is_first=named is first) for group, named in offered
                 if group == title])
        for title in GROUPS
        if any(group == title for group, _ in offered)
    ]  # fmt: skip


def _group(named: NamedMethod) -> str:
    if not named.just_works:
        return OTHERS
    return GROUPS[1] if named.is_bank_debit else GROUPS[0]


def _in_order(view: PageView) -> list[NamedMethod]:
    return [named for title in GROUPS for named in view.offered if _group(named) == title]


def _row(view: PageView, named: NamedMethod, *, is_first: bool) -> MethodRow:
    fee = view.fees.get(named.kind, 0)
    return MethodRow(
        code=named.code,
        title=named.title,
        last4=named.last4,
        fate=named.fate,
        brand=named.brand,
        mark="bank" if named.kind is MethodKind.ACH else named.brand.split()[0].lower(),
        fee=format_cents(fee, view.currency) if fee else "",
        total=format_cents(view.amount_cents + fee, view.currency),
        is_first=is_first,
    )


def _total(view: PageView) -> str:
    if view.payment and view.stage is not PageStage.CHOOSE:
        return format_cents(view.payment.amount_cents, view.currency)
    first = next(iter(_in_order(view)), None)
    cents = view.total_with(first) if first else view.amount_cents
    return format_cents(cents, view.currency)


def _outcome(view: PageView) -> str:
    """In one word, what came of it: `paid`, `under_way`, `saved`, `declined`."""
    if view.payment is None:
        return "saved"
    if view.payment.state is GatewayState.PROCESSING:
        return "under_way"
    return "paid" if view.payment.state is GatewayState.SUCCEEDED else "declined"
