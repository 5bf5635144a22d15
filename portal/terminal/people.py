"""`portal users …` and `portal audit …`: who may sign in, and proof of what was done."""

import argparse
import getpass
import sys
from contextlib import closing

from portal.sandbox_clock import utc_now
from portal.services.add_user import AddUser, add_user
from portal.services.disable_user import DisableUser, disable_user
from portal.services.passwords import Passwords
from portal.settings import Settings, load_settings
from portal.store import Store, open_store


def add(arguments: argparse.Namespace) -> None:
    """Give somebody a name and a password; the password is read from the terminal."""
    settings = load_settings()
    password = (
        getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    )
    with _store(settings) as store:
        add_user(
            AddUser(
                user_name=arguments.user_name,
                full_name=arguments.full_name,
                email=arguments.email,
                groups=tuple(arguments.groups),
                password=password,
                actor=f"terminal:{getpass.getuser()}",
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
                actor=f"terminal:{getpass.getuser()}",
            ),
            store=store,
            clock=utc_now,
        )
    print(f"{arguments.user_name} is signed out and may not sign in any more.")


def show(arguments: argparse.Namespace) -> None:
    """Print who may sign in."""
    with _store(load_settings()) as store, store.reading() as view:
        for user in view.users.everybody():
            state = "" if user.is_active else "  (disabled)"
            print(
                f"{user.user_key}  {user.full_name}  {user.email}  {','.join(user.groups)}{state}"
            )


def verify_audit(arguments: argparse.Namespace) -> int:
    """Prove that nobody changed the audit log; exit code 1 where somebody did."""
    with _store(load_settings()) as store, store.reading() as view:
        found = view.audit.verify()
    if found.broken_at is not None:
        print(f"Row {found.broken_at} of the audit log does not fit: {found.reason}")
        return 1
    number, digest = found.head
    print(f"{found.rows:,} rows, all whole. Keep this to prove later that none was cut off:")
    print(f"{number} {digest}")
    return 0


def _store(settings: Settings) -> "closing[Store]":
    return closing(open_store(settings.store_url, secret_key=settings.secret_key))
