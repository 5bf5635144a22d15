"""What happens after a failed try of a plan: try again when, ask for new details, or stop?

Cards follow a table of tries, bank debits the reason code of their return. A debit that was
returned for lack of money is presented again twice at the most; one that the account holder
did not authorise is never presented again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.holidays import BusinessDays

MOST_CARD_TRIES = 4
MOST_DEBIT_TRIES = 3
"""The first presentment and two more."""
_CARD_WAITS = (3, 5, 7)
"""Days after the first, second and third try."""
_DEBIT_WAITS = (3, 7)


class AfterFailure(StrEnum):
    """What to do after a failed try."""

    RETRY = "retry"
    """Try again on a later day."""
    FIX_DETAILS = "fix_details"
    """The card or account can't be charged: the plan waits for another one."""
    REVOKE_MANDATE = "revoke_mandate"
    """The account holder did not authorise it: the mandate ends and the plan stops."""
    HUMAN = "human"
    """Somebody at the firm decides; the plan waits."""
    GIVE_UP = "give_up"
    """All tries of this one are used up; the plan goes on with its next date."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a try failed, in words, and what follows from it."""

    words: str
    then: AfterFailure


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What follows a failed try; `next_date` only where it is tried again."""

    then: AfterFailure
    words: str
    next_date: date | None = None

    @property
    def pauses_plan(self) -> bool:
        """Whether the plan charges nothing more until somebody acts."""
        return self.then in (
            AfterFailure.FIX_DETAILS,
            AfterFailure.REVOKE_MANDATE,
            AfterFailure.HUMAN,
        )


_RETRY, _FIX, _REVOKE, _HUMAN = (
    AfterFailure.RETRY,
    AfterFailure.FIX_DETAILS,
    AfterFailure.REVOKE_MANDATE,
    AfterFailure.HUMAN,
)

RETURNS: Mapping[str, Reason] = {
    code: Reason(words=words, then=then)
    for code, words, then in (
        ("R01", "Not enough money in the account", _RETRY),
        ("R02", "The account is closed", _FIX),
        ("R03", "There is no such account", _FIX),
        ("R04", "The account number is not valid", _FIX),
        ("R05", "A consumer's account was debited without authorization", _REVOKE),
        ("R06", "The bank that sent the debit asked for it back", _HUMAN),
        ("R07", "The account holder revoked the authorization", _REVOKE),
        ("R08", "The account holder stopped the payment", _HUMAN),
        ("R09", "The money in the account was not yet available", _RETRY),
        ("R10", "The account holder says the debit was not authorized", _REVOKE),
        ("R11", "The debit differs from what was authorized", _HUMAN),
        ("R12", "The account was moved to another bank", _FIX),
        ("R13", "The bank can't receive debits", _FIX),
        ("R14", "The account holder's representative has died", _HUMAN),
        ("R15", "The account holder has died", _HUMAN),
        ("R16", "The account is frozen", _FIX),
        ("R17", "The bank could not process the details", _FIX),
        ("R20", "The account does not allow debits", _FIX),
        ("R23", "The receiver refused it", _HUMAN),
        ("R24", "The bank took it for a duplicate", _HUMAN),
        ("R29", "The company says the debit was not authorized", _REVOKE),
        ("R31", "The return came late, with the receiver's consent", _HUMAN),
        ("R51", "A check that was converted was not eligible", _REVOKE),
    )
}

DECLINES: Mapping[str, Reason] = {
    code: Reason(words=words, then=then)
    for code, words, then in (
        ("insufficient_funds", "Not enough money or credit", _RETRY),
        ("generic_decline", "The bank declined it without saying why", _RETRY),
        ("do_not_honor", "The bank declined it without saying why", _RETRY),
        ("processing_error", "The bank could not process it", _RETRY),
        ("try_again_later", "The bank could not be reached", _RETRY),
        ("card_velocity_exceeded", "The card's limit is used up", _RETRY),
        ("withdrawal_count_limit_exceeded", "The card's limit is used up", _RETRY),
        ("expired_card", "The card has expired", _RETRY),
        ("authentication_required", "The bank wants the card holder to confirm it", _FIX),
        ("incorrect_number", "The card number is not valid", _FIX),
        ("invalid_account", "The card's account is not valid", _FIX),
        ("card_not_supported", "The card does not allow this payment", _FIX),
        ("lost_card", "The card can't be used any more", _FIX),
        ("stolen_card", "The card can't be used any more", _FIX),
        ("pickup_card", "The card can't be used any more", _FIX),
        ("fraudulent", "The card can't be used any more", _FIX),
        ("revocation_of_authorization", "The card holder revoked the authorization", _REVOKE),
        ("revocation_of_all_authorizations", "The card holder revoked the authorization", _REVOKE),
        ("stop_payment_order", "The card holder stopped the payment", _HUMAN),
    )
}

_UNKNOWN_DECLINE = Reason(words="The bank declined it", then=_RETRY)
_UNKNOWN_RETURN = Reason(words="The bank returned it", then=_HUMAN)


def after_decline(code: str | None, *, tries: int, today: date, days: BusinessDays) -> Verdict:
    """What follows a declined card; `tries` counts the one that just failed."""
    reason = DECLINES.get((code or "").lower(), _UNKNOWN_DECLINE)
    return _verdict(reason, _CARD_WAITS, MOST_CARD_TRIES, tries, today, days)


def after_return(code: str | None, *, tries: int, today: date, days: BusinessDays) -> Verdict:
    """What follows a returned bank debit; `tries` counts the one that was returned."""
    reason = RETURNS.get((code or "").upper(), _UNKNOWN_RETURN)
    return _verdict(reason, _DEBIT_WAITS, MOST_DEBIT_TRIES, tries, today, days)


def _verdict(
    reason: Reason,
    waits: tuple[int, ...],
    most: int,
    tries: int,
    today: date,
    days: BusinessDays,
) -> Verdict:
    if reason.then is not AfterFailure.RETRY:
        return Verdict(then=reason.then, words=reason.words)
    if tries >= most:
        return Verdict(then=AfterFailure.GIVE_UP, words=reason.words)
    wait = waits[min(max(tries, 1), len(waits)) - 1]
    next_date = days.on_or_after(today + timedelta(days=wait))
    return Verdict(then=AfterFailure.RETRY, words=reason.words, next_date=next_date)
