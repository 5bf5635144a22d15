"""`portal gateway …`: the sandbox gateway's methods, and its clock."""

import argparse
from datetime import date, timedelta

from portal.domain.errors import Invalid
from portal.gateways.open_gateway import open_gateway
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.gateways.sandbox.named_methods import NAMED_METHODS
from portal.sandbox_clock import clock_of
from portal.settings import load_settings
from portal.terminal.data import ask, print_json

MOST_DAYS = 400


def methods(arguments: argparse.Namespace) -> None:
    """List the named test methods and what happens with each."""
    for code, named in NAMED_METHODS.items():
        print(f"{code:16} {named.title} ···· {named.last4:6} {named.fate}")


def pass_days(arguments: argparse.Namespace) -> None:
    """Let days pass in the whole portal: each is lived through, with all its jobs."""
    done = ask("pass_days", {"days": arguments.days})
    if arguments.json:
        print_json(done)
        return
    print(f"It is {date.fromisoformat(done['today']):%A, %B %d, %Y} now.")
    for refusal in done["refused"]:
        print(f"  {refusal}")


def advance(arguments: argparse.Namespace) -> None:
    """Let days pass at the sandbox, for a running server too.

    Raises: Invalid for a firm with a real gateway, or a number of days that makes no sense.
    """
    if not 1 <= arguments.days <= MOST_DAYS:
        raise Invalid(f"Let 1 to {MOST_DAYS} days pass; time does not go back.")
    settings = load_settings()
    gateway = open_gateway(
        settings.gateway,
        home=settings.home,
        secret=settings.secret_key,
        public_url=settings.public_url,
        zone=settings.timezone,
        clock=clock_of(settings),
    )
    if not isinstance(gateway, SandboxGateway):
        raise Invalid("Only the sandbox's time can be moved; this firm has a real gateway.")
    gateway.move_clock(timedelta(days=arguments.days))
    now = gateway.now().astimezone(settings.timezone)
    gateway.close()
    print(f"At the sandbox gateway it is {now:%A, %B %d, %Y} now.")
