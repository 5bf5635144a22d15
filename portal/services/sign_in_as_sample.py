"""Enter the sample firm with one click."""

from dataclasses import dataclass

from portal.domain.errors import SignInRefused
from portal.services.add_sample_users import SAMPLE_USERS
from portal.services.ports import Clock, Store
from portal.services.tickets import EntryTicket, issue_ticket


@dataclass(frozen=True, kw_only=True)
class SignInAsSample:
    """The request."""

    user_name: str


def sign_in_as_sample(
    command: SignInAsSample, *, store: Store, clock: Clock, is_sample_firm: bool
) -> EntryTicket:
    """Promise a session of a sample user, without a password.

    Raises: SignInRefused in any firm but the sample firm, and for any other user.
    """
    names = {user.user_name for user in SAMPLE_USERS}
    if not is_sample_firm or command.user_name not in names:
        raise SignInRefused("One-click entry exists in the sample firm only.")
    with store.unit_of_work() as uow:
        user = uow.users.find_by_name(command.user_name)
        if user is None or not user.is_active:
            raise SignInRefused("This sample user is switched off.")
        ticket = issue_ticket(uow, user, clock())
        uow.commit()
    return ticket
