"""Sign in through the firm's single sign-on: its answer becomes a session, once."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.errors import SignInRefused
from portal.domain.permissions import Group
from portal.services.ports import Clock, SignInKind, Store, UnitOfWork, User
from portal.services.tickets import EntryTicket, hash_of, issue_ticket

NO_GROUPS = (
    "Your firm's sign-on did not say which groups you belong to, so the portal can't tell what "
    "you may see. Ask your IT administrator to include groups in the sign-on."
)
NO_KNOWN_GROUP = (
    "None of your groups has access to the portal. Ask your IT administrator to add you to one "
    "that has."
)


@dataclass(frozen=True, kw_only=True)
class SignInBySso:
    """The verified answer of the identity provider. A person is issuer and subject, never email.

    `answer_id` names this one answer (its nonce); `groups` is None when it names none.
    """

    issuer: str
    subject: str
    answer_id: str
    full_name: str
    email: str
    groups: tuple[str, ...] | None

    @property
    def user_key(self) -> str:
        """The stable key of this person."""
        return f"oidc:{self.issuer}|{self.subject}"

    @property
    def proof(self) -> str:
        """The name of this answer; no two sessions can rest on one."""
        return hash_of(f"{self.issuer}\n{self.subject}\n{self.answer_id}")


def is_answer_used(command: SignInBySso, *, store: Store) -> bool:
    """Whether this answer has started a session already."""
    with store.reading() as view:
        return view.sessions.has_proof(command.proof)


def sign_in_by_sso(
    command: SignInBySso, *, store: Store, clock: Clock, groups: Mapping[str, Group]
) -> EntryTicket:
    """Remember who signed in with which groups, and promise a session.

    Raises: SignInRefused without a group that has access, for a disabled person, for an
    answer that was used before, and for an email that is another person's.
    """
    if command.groups is None:
        raise SignInRefused(NO_GROUPS)
    if not groups.keys() & set(command.groups):
        raise SignInRefused(NO_KNOWN_GROUP)
    with store.unit_of_work() as uow:
        before = uow.users.find(command.user_key)
        if before is not None and not before.is_active:
            raise SignInRefused("Your access to the portal is switched off.")
        if uow.sessions.has_proof(command.proof):
            raise SignInRefused("This sign-on has been used already. Sign in again.")
        _check_email(uow, command)
        user = User(
            user_key=command.user_key,
            kind=SignInKind.OIDC,
            user_name=None,
            full_name=command.full_name,
            email=command.email,
            groups=command.groups,
        )
        uow.users.save(user)
        ticket = issue_ticket(uow, user, clock(), proof=command.proof)
        _record_change(uow, command, before, clock)
        uow.commit()
    return ticket


def _check_email(uow: UnitOfWork, command: SignInBySso) -> None:
    # Whose clients somebody sees hangs on the email: it must not be taken from a colleague.
    holders = uow.users.with_email(command.email, SignInKind.OIDC) if command.email else []
    if any(holder.user_key != command.user_key for holder in holders):
        raise SignInRefused(
            "Your email address belongs to another person who uses the portal. "
            "Ask your IT administrator."
        )


def _record_change(
    uow: UnitOfWork, command: SignInBySso, before: User | None, clock: Clock
) -> None:
    after = {"email": command.email.lower(), "groups": sorted(command.groups or ())}
    known = {"email": before.email, "groups": sorted(before.groups)} if before else None
    if after != known:
        uow.audit.append(
            at=clock(),
            actor=command.user_key,
            action="user.learned",
            subject=command.user_key,
            detail={"before": known, "after": after},
        )
