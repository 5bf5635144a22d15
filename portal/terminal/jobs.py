"""`portal jobs …`: what goes on by itself, and running one of it now."""

import argparse
from datetime import datetime

from portal.domain.errors import PortalError
from portal.settings import load_settings
from portal.terminal.data import ask, print_json

HELD = 3


def show(arguments: argparse.Namespace) -> None:
    """Print which jobs there are, when each is due and how it ran last."""
    found = ask("jobs_list", {})
    if arguments.json:
        print_json(found)
        return
    for job in found["jobs"]:
        print(f"{job['name']:<22} {job['when']:<22} {job['title']}")
        if job["last_started_at"]:
            print(f"{'':<22} last {str(job['last_started_at'])[:19]} UTC: {job['last_outcome']}")


def run(arguments: argparse.Namespace) -> int:
    """Run a job; exit code 3 where it waits because the data is too old."""
    now = _instant(arguments.now)
    done = ask("jobs_run", {"name": arguments.name, "now": now and now.isoformat()})
    if arguments.json:
        print_json(done)
    elif done["held"]:
        print(f"{done['job']} waits: {done['held']}")
    else:
        counts = [f"{name.replace('_', ' ')} {value}" for name, value in done["found"].items()]
        print(f"{done['job']} done: {', '.join(counts) or 'nothing to do'}.")
    return HELD if done["held"] else 0


def _instant(written: str | None) -> datetime | None:
    if written is None:
        return None
    try:
        instant = datetime.fromisoformat(written)
    except ValueError:
        raise PortalError(
            f"{written!r} is not an instant; write it like 2026-01-31T09:00, in the firm's time."
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=load_settings().timezone)
