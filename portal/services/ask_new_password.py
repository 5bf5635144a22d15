"""Ask for a mail with which a new password can be chosen."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.domain.mail_addresses import checked_address
from portal.services.account_mail import write_code
from portal.services.payer_doors import Door, knock
from portal.services.payer_ports import CodePurpose, LinkTokens
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class AskNewPassword:
    """The request. `address` is the network address it came from."""

    email: str
    address: str


def ask_new_password(
    command: AskNewPassword,
    *,
    store: Store,
    clock: Clock,
    tokens: LinkTokens,
    url_of: Callable[[str], str],
) -> None:
    """Write to the address if it has an account; the answer is the same if it has none.

    Raises: Invalid for what is no address; SignInRefused after too many tries.
    """
    email = checked_address(command.email).lower()
    with store.unit_of_work() as uow:
        now = clock()
        knock(uow, Door.LETTER, email, command.address, now)
        user = uow.portal_users.with_email(email)
        if user is not None and user.is_active:
            write_code(uow, user, CodePurpose.NEW_PASSWORD, now, tokens=tokens, url_of=url_of)
        uow.commit()
