"""Sign in to the client portal with an email and a password."""

from dataclasses import dataclass, field, replace

from portal.domain.errors import SignInRefused
from portal.domain.payers import EntryKind
from portal.services import link_tokens
from portal.services.passwords import LONGEST
from portal.services.payer_doors import Door, knock
from portal.services.payer_ports import LinkTokens
from portal.services.ports import Clock, PasswordChecker, Store
from portal.services.start_payer_session import Visitor, issue_handover

WRONG = "The email or the password is not right, or the address has not been confirmed yet."


@dataclass(frozen=True, kw_only=True)
class SignInPayer:
    """The request. `address` is the network address it came from."""

    email: str
    password: str = field(repr=False)
    address: str


def sign_in_payer(
    command: SignInPayer,
    *,
    store: Store,
    clock: Clock,
    passwords: PasswordChecker,
    tokens: LinkTokens,
) -> str:
    """Check a password and promise a session.

    An unknown address is counted, answered and takes as long as a known one.
    Returns: the token to exchange. Raises: SignInRefused.
    """
    email = command.email.strip().lower()
    if not email or not command.password:
        raise SignInRefused("Type your email and your password.")
    if len(email) > LONGEST or len(command.password) > LONGEST:
        raise SignInRefused(WRONG)
    with store.unit_of_work() as uow:
        attempt_id = knock(uow, Door.PASSWORD, email, command.address, clock())
        user = uow.portal_users.with_email(email)
        uow.commit()

    is_right = passwords.matches(command.password, user.password_hash if user else None)

    with store.unit_of_work() as uow:
        now = clock()
        user = uow.portal_users.find(user.portal_user_id) if user else None
        if not is_right or user is None or not user.is_active or user.verified_at is None:
            uow.audit.append(
                at=now,
                actor=f"payer:{user.portal_user_id}" if user else "nobody",
                action="client_portal.refused",
                subject=user.portal_user_id if user else "unknown address",
                detail={"address": command.address},
            )
            uow.commit()
            raise SignInRefused(WRONG)
        uow.payer_attempts.mark_succeeded(attempt_id)
        uow.portal_users.save(replace(user, last_sign_in_at=now))
        visitor = Visitor(entry=EntryKind.ACCOUNT, portal_user_id=user.portal_user_id)
        ticket = issue_handover(uow, visitor, now)
        uow.commit()
    return tokens.seal(link_tokens.HANDOVER, ticket)
