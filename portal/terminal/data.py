"""`portal refresh`, `totals`, `tie-out`, `doctor`: what the warehouse says, from a terminal."""

import argparse
import getpass
import json
import sys
from datetime import datetime

from portal.bootstrap import build
from portal.domain.errors import PortalError
from portal.domain.money import format_cents
from portal.jobs import command_socket, commands
from portal.settings import load_settings


def refresh(arguments: argparse.Namespace) -> None:
    """Bring the data up to the source."""
    done = ask(
        "refresh",
        {
            "full": arguments.full,
            "forget_shown": arguments.forget_shown,
            "actor": f"terminal:{getpass.getuser()}",
        },
    )
    if arguments.json:
        print_json(done)
    else:
        print(
            f"{done['kind']} refresh {done['outcome']}: version {done['version']}, "
            f"{done['changed_rows']:,} rows in {done['seconds']} s."
        )


def totals(arguments: argparse.Namespace) -> None:
    """Print what the source's entries amount to on a day."""
    found = ask("totals", {"as_of": _day(arguments.as_of)})
    if arguments.json:
        print_json(found)
        return
    print(f"As of {found['as_of']}: {found['clients']:,} clients, {found['invoices']:,} invoices.")
    for currency, sums in found["currencies"].items():
        for name in ("billed", "outstanding", "overdue", "unapplied"):
            print(f"  {name:<12} {format_cents(sums[name + '_cents'], currency):>20}")


def payments(arguments: argparse.Namespace) -> None:
    """Print the payments made through the portal and what of them is pending."""
    found = ask("payments", {})
    if arguments.json:
        print_json(found)
        return
    for payment in found["payments"]:
        amount = format_cents(payment["amount_cents"], payment["currency"])
        print(f"{payment['payment_id']:<12} {payment['state']:<16} {amount:>16}")
    for currency, cents in found["pending_cents"].items():
        print(f"Pending: {format_cents(cents, currency)}")


def tie_out(arguments: argparse.Namespace) -> int:
    """Compare with the source; exit code 1 where a client differs."""
    found = ask("tie_out", {})
    if arguments.json:
        print_json(found)
    else:
        print(
            f"{found['clients']:,} clients compared, {found['clients_that_differ']:,} differ, "
            f"difference {format_cents(found['difference_cents'])}."
        )
        for row in found["differences"]:
            print(f"  {row['client_id']} {row['client_name']}: {row['difference_cents']} cents")
        for row in found["entries"]:
            entry = f"{row['entry_id']} {row['entry_number']} of client {row['client_id']}"
            print(f"  entry {entry}: {row['difference_cents']} cents. {row['reason']}")
    return 1 if found["difference_cents"] else 0


def doctor(arguments: argparse.Namespace) -> int:
    """Print what is wrong or missing; exit code 1 where something is."""
    found = ask("doctor", {})
    if arguments.json:
        print_json(found)
    else:
        print(f"Mapping: {found['mapping']}. Source: {found['source']}.")
        for warning in found["warnings"]:
            print(f"  warning: {warning}")
        for table, columns in found.get("missing_columns", {}).items():
            print(f"  {table}: the mapping gives no {', '.join(columns)}")
        for name, rows in found.get("checks", {}).items():
            print(
                f"  check {name}: {'ok' if not rows else f'{rows} rows that should not be there'}"
            )
    return 0 if found["healthy"] else 1


def ask(command: str, arguments: dict[str, object]) -> dict:
    """Have the running server do it, or do it here as the owner of the warehouse."""
    # What asks for no bar does not wait for it.
    from tqdm import tqdm

    settings = load_settings()
    with tqdm(bar_format="{desc} {elapsed}", file=sys.stderr, leave=False) as shown:
        served, answer = command_socket.ask(
            settings.home, command, arguments, shown.set_description_str
        )
        if served:
            return answer
        portal = build(settings)
        try:
            return commands.run(portal, command, arguments, shown.set_description_str)
        finally:
            portal.close()


def _day(written: str | None) -> str | None:
    if written is None:
        return None
    try:
        return datetime.strptime(written, "%Y-%m-%d").date().isoformat()
    except ValueError:
        raise PortalError(f"{written!r} is not a day; write it like 2026-01-31.") from None


def print_json(value: object) -> None:
    """Print what `--json` promises, and nothing else."""
    print(json.dumps(value, indent=2, default=str))
