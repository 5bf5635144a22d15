"""Choose a new password for an account of the client portal."""

from dataclasses import dataclass, field, replace

from portal.domain.errors import Denied, NotFound
from portal.domain.payers import Payer
from portal.services.payer_doors import Door, knock
from portal.services.payer_passwords import check_password
from portal.services.ports import Clock, PasswordChecker, Store
from portal.services.start_payer_session import LASTS


@dataclass(frozen=True, kw_only=True)
class SetPayerPassword:
    """The request. The old password is not asked of who came by the mail for a new one."""

    payer: Payer
    new_password: str = field(repr=False)
    old_password: str = field(default="", repr=False)


def set_payer_password(
    command: SetPayerPassword, *, store: Store, clock: Clock, passwords: PasswordChecker
) -> None:
    """Replace the password, and end every other session and code of the account. Audited.

    Raises: Denied; Invalid for a password that is too short; SignInRefused after too many tries.
    """
    payer = command.payer
    if payer.portal_user_id is None:
        raise Denied("Sign in to your account first.")
    check_password(command.new_password, payer.email)
    with store.unit_of_work() as uow:
        user = uow.portal_users.find(payer.portal_user_id)
        if user is None or not user.is_active:
            raise NotFound("There is no such account.")
        attempt_id = knock(uow, Door.PASSWORD, user.email, payer.session_id, clock())
        uow.commit()
    knows_it = passwords.matches(command.old_password, user.password_hash)
    if not payer.may_set_password and not knows_it:
        raise Denied("The current password is not right.")
    hashed = passwords.hash(command.new_password)
    with store.unit_of_work() as uow:
        now = clock()
        uow.payer_attempts.mark_succeeded(attempt_id)
        session = uow.payer_sessions.find(payer.session_id)
        uow.portal_users.save(replace(user, password_hash=hashed))
        uow.portal_users.forget_codes(user.portal_user_id)
        uow.payer_sessions.revoke_all(user.portal_user_id, now)
        if session is not None:
            uow.payer_sessions.renew(payer.session_id, now + LASTS[session.entry])
        uow.audit.append(
            at=now,
            actor=payer.actor,
            action="portal_user.password_set",
            subject=user.portal_user_id,
        )
        uow.commit()
