"""Switch the sample firm's people off where the firm is a real one."""

from dataclasses import replace

from portal.services.add_sample_users import SAMPLE_PASSWORD, SAMPLE_USERS
from portal.services.ports import Clock, PasswordChecker, Store, User


def retire_sample_users(*, store: Store, clock: Clock, passwords: PasswordChecker) -> int:
    """Switch off whoever still has the sample firm's password; their sessions end now.

    Somebody of the firm who has the name "admin" and a password of their own stays.

    Returns: how many were switched off.
    """
    with store.reading() as view:
        found = [view.users.find(f"local:{sample.user_name}") for sample in SAMPLE_USERS]
    open_to_all = [user for user in found if user and _is_open_to_all(user, passwords)]
    if not open_to_all:
        return 0
    with store.unit_of_work() as uow:
        for user in open_to_all:
            uow.users.save(replace(user, is_active=False))
            uow.audit.append(
                at=clock(),
                actor="portal",
                action="user.disabled",
                subject=user.user_key,
                detail={
                    "sessions_ended": uow.sessions.revoke_all(user.user_key, clock()),
                    "reason": "this is not the sample firm any more",
                },
            )
        uow.commit()
    return len(open_to_all)


def _is_open_to_all(user: User, passwords: PasswordChecker) -> bool:
    return user.is_active and passwords.matches(SAMPLE_PASSWORD, user.password_hash)
