"""The named test methods: what a payer can choose, and what then happens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.services.gateway import MethodFacts
from portal.services.gateway_states import DisputeState, MethodKind


@dataclass(frozen=True, kw_only=True)
class NamedMethod:
    """A pretended card or bank account and its fate. There is no number behind it."""

    code: str
    title: str
    fate: str
    """What it does, in the payer's words; shown under the title."""
    kind: MethodKind
    brand: str
    last4: str
    decline_code: str | None = None
    asks_payer: bool = False
    off_session_refusals: int = 0
    """How many charges without the payer it declines before it approves one."""
    answer_lost: str | None = None
    """`before`: nothing happens and nobody answers; `after`: it is done and nobody answers."""
    return_code: str | None = None
    return_days: int = 0
    """Business days until the bank returns the debit."""
    dispute: DisputeState | None = None
    """How the dispute ends that is opened a few days later."""
    refund_fails: bool = False
    months_valid: int = 40

    @property
    def is_bank_debit(self) -> bool:
        """Whether it takes days to know if the money came."""
        return self.kind is MethodKind.ACH

    @property
    def just_works(self) -> bool:
        """Whether nothing unusual happens with it, now or later."""
        return not (
            self.decline_code or self.asks_payer or self.off_session_refusals
            or self.answer_lost or self.return_code or self.dispute or self.refund_fails
            or self.months_valid < 12
        )  # fmt: skip

    def facts(self, today: date, holder_name: str) -> MethodFacts:
        """What the portal gets to know of it when it is first used."""
        month, year = (None, None) if self.is_bank_debit else _expiry(today, self.months_valid)
        return MethodFacts(
            kind=self.kind,
            brand=self.brand,
            last4=self.last4,
            exp_month=month,
            exp_year=year,
            holder_name=holder_name,
        )


def _expiry(today: date, months: int) -> tuple[int, int]:
    count = today.year * 12 + today.month - 1 + months
    return count % 12 + 1, count // 12


def _card(code: str, title: str, fate: str, last4: str, **more: object) -> NamedMethod:
    values = {"kind": MethodKind.CREDIT, "brand": "Visa"} | more
    return NamedMethod(code=code, title=title, fate=fate, last4=last4, **values)


def _bank(code: str, fate: str, last4: str, **more: object) -> NamedMethod:
    return NamedMethod(
        code=code, title="Bank account", fate=fate, last4=last4,
        kind=MethodKind.ACH, brand="Bank", **more,
    )  # fmt: skip


_FAR = 1_000_000

NAMED_METHODS: Mapping[str, NamedMethod] = {
    method.code: method
    for method in (
        _card("visa", "Visa credit", "Approved", "4242"),
        _card("mastercard", "Mastercard credit", "Approved", "4444", brand="Mastercard"),
        _card("amex", "American Express", "Approved", "0005", brand="American Express"),
        _card("visa_debit", "Visa debit", "Approved", "5556", kind=MethodKind.DEBIT),
        _card("card_unknown", "Card of unknown kind", "Approved; never a fee", "1117",
              brand="Discover", kind=MethodKind.UNKNOWN),
        _card("bank_asks", "Visa credit", "The bank asks you first (3-D Secure)", "3220",
              asks_payer=True),
        _card("no_funds", "Visa credit", "Declined: insufficient funds", "9995",
              decline_code="insufficient_funds"),
        _card("refused", "Mastercard credit", "Declined by the bank, no reason given", "0002",
              brand="Mastercard", decline_code="do_not_honor"),
        _card("expired", "Visa credit", "Declined: expired", "0069", months_valid=-2),
        _card("expires_soon", "Visa credit", "Approved; expires next month", "0077",
              months_valid=1),
        _card("second_try", "Visa credit", "Declines once when charged without you, then works",
              "0341", off_session_refusals=1),
        _card("refuses_later", "Visa credit", "Approved now, declined whenever you are not there",
              "0259", off_session_refusals=_FAR),
        _card("lost_after", "Visa credit", "Approved, but the answer gets lost", "0101",
              answer_lost="after"),
        _card("lost_before", "Visa credit", "Nothing happens, and no answer comes", "0119",
              answer_lost="before"),
        _card("disputed_lost", "Visa credit", "Approved; disputed days later, and lost", "2685",
              dispute=DisputeState.LOST),
        _card("disputed_won", "Visa credit", "Approved; disputed days later, and won", "1976",
              dispute=DisputeState.WON),
        _card("refund_fails", "Visa credit", "Approved; a refund will fail", "5126",
              refund_fails=True),
        _bank("ach", "Approved; settles after some business days", "6789"),
        _bank("ach_r01", "Returned R01: insufficient funds", "1116", return_code="R01",
              return_days=2),
        _bank("ach_r02", "Returned R02: account closed", "1113", return_code="R02", return_days=2),
        _bank("ach_r10", "Settles, then returned R10: not authorized", "1115", return_code="R10",
              return_days=8),
        _bank("ach_r29", "Settles, then returned R29: a company did not authorize it", "1129",
              return_code="R29", return_days=5),
    )
}  # fmt: skip

DECLINES: Mapping[str, str] = {
    "insufficient_funds": "There is not enough money on it.",
    "do_not_honor": "The bank said no and gave no reason.",
    "expired_card": "The card has expired.",
    "authentication_failed": "The bank could not confirm that it was you.",
    "authentication_required": "The bank wants to ask the payer, who was not there.",
}
"""What a decline means, as the payer's page says it."""
