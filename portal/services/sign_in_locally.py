"""Sign in with a name and a password."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.domain.errors import SignInRefused
from portal.domain.free_text import FreeText, without_card_numbers
from portal.services.passwords import LONGEST
from portal.services.ports import Clock, PasswordChecker, Store, UnitOfWork, User
from portal.services.tickets import EntryTicket, hash_of, issue_ticket

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT = 5
MOST_PER_ADDRESS = 20

WRONG = "The user name or the password is not right."
TOO_MANY = "Too many tries. Wait 15 minutes, then try again."


@dataclass(frozen=True, kw_only=True)
class SignInLocally:
    """The request. `address` is the network address it came from."""

    user_name: FreeText
    password: str = field(repr=False)
    address: str


@without_card_numbers
def sign_in_locally(
    command: SignInLocally, *, store: Store, clock: Clock, passwords: PasswordChecker
) -> EntryTicket:
    """Check a password and promise a session.

    A try counts as wrong from before its password is looked at: any number at once gets no
    more than the limit. An unknown name is counted, answered and takes as long as a known one.
    Raises: SignInRefused.
    """
    if not command.user_name.strip() or not command.password:
        raise SignInRefused("Type your user name and your password.")
    if len(command.user_name) > LONGEST or len(command.password) > LONGEST:
        raise SignInRefused(WRONG)
    user_name = command.user_name.strip().lower()
    account = hash_of(user_name)
    with store.unit_of_work() as uow:
        attempt_id = _count(uow, account, command.address, clock())
        user = uow.users.find_by_name(user_name)
        uow.commit()

    is_right = passwords.matches(command.password, user.password_hash if user else None)

    with store.unit_of_work() as uow:
        if not is_right or user is None or not user.is_active:
            _record_refusal(uow, user, command.address, clock())
            uow.commit()
            raise SignInRefused(WRONG)
        uow.attempts.mark_succeeded(attempt_id)
        ticket = issue_ticket(uow, user, clock())
        uow.commit()
    return ticket


def _count(uow: UnitOfWork, account: str, address: str, now: datetime) -> str:
    uow.attempts.serialize()
    since = now - WINDOW
    is_over = (
        uow.attempts.failures_of_account(account, since) >= MOST_PER_ACCOUNT
        or uow.attempts.failures_of_address(address, since) >= MOST_PER_ADDRESS
    )
    if is_over:
        raise SignInRefused(TOO_MANY)
    return uow.attempts.add(account, address, now)


def _record_refusal(uow: UnitOfWork, user: User | None, address: str, now: datetime) -> None:
    # A name nobody has is not kept: it may be a password typed into the wrong field.
    uow.audit.append(
        at=now,
        actor=user.user_key if user else "nobody",
        action="sign_in.refused",
        subject=user.user_key if user else "unknown name",
        detail={"address": address},
    )
