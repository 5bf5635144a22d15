"""Fill the sample firm with people to enter as."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.services.ports import Clock, PasswordChecker, SignInKind, Store, User

SAMPLE_PASSWORD = "demo"  # noqa: S105  # for trying the invented firm; written in the README


@dataclass(frozen=True, kw_only=True)
class SampleUser:
    """Somebody to enter the sample firm as."""

    user_name: str
    full_name: str
    group: str


SAMPLE_USERS = (
    SampleUser(user_name="partner", full_name="Pat Partner", group="partners"),
    SampleUser(user_name="manager", full_name="Morgan Manager", group="managers"),
    SampleUser(user_name="collector", full_name="Casey Collector", group="collectors"),
    SampleUser(user_name="admin", full_name="Alex Admin", group="admins"),
    SampleUser(user_name="user", full_name="Uma User", group="users"),
)


@dataclass(frozen=True, kw_only=True)
class AddSampleUsers:
    """The request. `people` gives a sample user the name and email of a staff member."""

    people: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def add_sample_users(
    command: AddSampleUsers, *, store: Store, clock: Clock, passwords: PasswordChecker
) -> None:
    """Make the sample users as they should be; one that was switched off stays off."""
    with store.reading() as view:
        known = {user.user_key: user for user in view.users.everybody()}
    changed = []
    for sample in SAMPLE_USERS:
        before = known.get(f"local:{sample.user_name}")
        default = (sample.full_name, f"{sample.user_name}@example.com")
        full_name, email = command.people.get(sample.user_name, default)
        if before and (before.full_name, before.email) == (full_name, email.lower()):
            continue
        changed.append(
            User(
                user_key=f"local:{sample.user_name}",
                kind=SignInKind.LOCAL,
                user_name=sample.user_name,
                full_name=full_name,
                email=email,
                groups=(sample.group,),
                password_hash=(before and before.password_hash) or passwords.hash(SAMPLE_PASSWORD),
                is_active=before.is_active if before else True,
            )
        )
    if not changed:
        return
    with store.unit_of_work() as uow:
        for user in changed:
            uow.users.save(user)
            uow.audit.append(
                at=clock(), actor="sample firm", action="user.added", subject=user.user_key
            )
        uow.commit()
