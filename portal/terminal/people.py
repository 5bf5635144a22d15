"""`portal users …` and `portal audit …`: who may sign in, and proof of what was done."""

import argparse
import getpass
import sys
from contextlib import closing

from portal.audit_anchors import AuditAnchors, read_anchor
from portal.sandbox_clock import utc_now
from portal.services.add_user import AddUser, add_user
from portal.services.disable_user import DisableUser, disable_user
from portal.services.passwords import Passwords
from portal.services.set_user_password import SetUserPassword, set_user_password
from portal.settings import Settings, load_settings
from portal.store import Store, open_store


def add(arguments: argparse.Namespace) -> None:
    """Give somebody a name and a password; the password is read from the terminal."""
    settings = load_settings()
    password = _typed_password()
    with _store(settings) as store:
        add_user(
            AddUser(
                user_name=arguments.user_name,
                full_name=arguments.full_name,
                email=arguments.email,
                groups=tuple(arguments.groups),
                password=password,
                actor=_actor(),
            ),
            store=store,
            clock=utc_now,
            passwords=Passwords(),
            groups=settings.access.groups,
        )
    print(f"{arguments.user_name} may sign in now.")


def disable(arguments: argparse.Namespace) -> None:
    """End somebody's access at once."""
    with _store(load_settings()) as store:
        disable_user(
            DisableUser(
                who=arguments.user_name,
                actor=_actor(),
            ),
            store=store,
            clock=utc_now,
        )
    print(f"{arguments.user_name} is signed out and may not sign in any more.")


def enable(arguments: argparse.Namespace) -> None:
    """Give somebody back the access that was ended."""
    with _store(load_settings()) as store:
        user = disable_user(
            DisableUser(who=arguments.user_name, actor=_actor(), is_active=True),
            store=store,
            clock=utc_now,
        )
    print(f"{user.user_key} may sign in again.")


def password(arguments: argparse.Namespace) -> None:
    """Give somebody another password, read from the terminal."""
    settings = load_settings()
    typed = _typed_password()
    with _store(settings) as store:
        user = set_user_password(
            SetUserPassword(who=arguments.user_name, password=typed, actor=_actor()),
            store=store,
            clock=utc_now,
            passwords=Passwords(),
        )
    print(f"{user.user_name} signs in with the new password from now on.")


def show(arguments: argparse.Namespace) -> None:
    """Print who may sign in."""
    with _store(load_settings()) as store, store.reading() as view:
        for user in view.users.everybody():
            state = "" if user.is_active else "  (disabled)"
            print(
                f"{user.user_key}  {user.full_name}  {user.email}  {','.join(user.groups)}{state}"
            )


def verify_audit(arguments: argparse.Namespace) -> int:
    """Prove that nobody changed the audit log; exit code 1 where somebody did.

    Where nobody names an anchor, the latest of audit-anchors/ is held against the log.
    """
    settings = load_settings()
    named = arguments.anchor
    anchor = read_anchor(named) if named else AuditAnchors(settings.home).newest()
    with _store(settings) as store, store.reading() as view:
        found = view.audit.verify(anchor=anchor)
    if found.broken_at is not None:
        print(f"Row {found.broken_at} of the audit log does not fit: {found.reason}")
        return 1
    number, digest = found.head
    if anchor:
        print(f"None of the {anchor[0]:,} rows there were at the anchor is missing.")
    print(f"{found.rows:,} rows, all whole. Keep this to prove later that none was cut off:")
    print(f"{number} {digest}")
    return 0


def _actor() -> str:
    return f"terminal:{getpass.getuser()}"


def _typed_password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


def _store(settings: Settings) -> "closing[Store]":
    return closing(open_store(settings.store_url, secret_key=settings.secret_key))
