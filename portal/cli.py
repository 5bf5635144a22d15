"""`portal`: everything the program can do, from a terminal.

Exit codes: 0 done; 1 refused or failed, with one line that says why; 3 held.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from portal.domain.errors import PortalError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns: the exit code."""
    arguments = _parser().parse_args(argv)
    # Loaded when it is run: whoever asks for help, or for little, does not wait for all of it.
    module, _, name = arguments.run.partition(".")
    try:
        run = getattr(importlib.import_module(f"portal.terminal.{module}"), name)
        return run(arguments) or 0
    except PortalError as problem:
        print(f"portal: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("portal: stopped", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="portal", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    _add_sample(commands)
    refresh = _command(commands, "refresh", "data.refresh", "bring the data up to the source")
    refresh.add_argument("--full", action="store_true", help="read everything anew")
    refresh.add_argument(
        "--forget-shown",
        action="store_true",
        help="before go-live: let excluded_statuses count anew for clients shown by mistake",
    )
    _json_flag(refresh)
    totals = _command(commands, "totals", "data.totals", "what the source's entries amount to")
    totals.add_argument("--as-of", help="a day, YYYY-MM-DD (default: the firm's today)")
    _json_flag(totals)
    _json_flag(_command(commands, "payments", "data.payments", "the payments made in the portal"))
    _json_flag(
        _command(commands, "tie-out", "data.tie_out", "compare with the source, to the cent")
    )
    _json_flag(_command(commands, "doctor", "data.doctor", "what is wrong or missing"))

    working = commands.add_parser("jobs", help="what goes on by itself").add_subparsers(
        required=True
    )
    _json_flag(_command(working, "list", "jobs.show", "which jobs there are, and how they ran"))
    run = _command(working, "run", "jobs.run", "run a job now, or as of another instant")
    run.add_argument("name")
    run.add_argument("--now", help="the clock of everything in the run, like 2026-01-31T09:00")
    _json_flag(run)

    _add_gateway(commands)
    _add_users(commands)
    audit = commands.add_parser("audit", help="the audit log").add_subparsers(required=True)
    verify = _command(audit, "verify", "people.verify_audit", "prove that nobody changed it")
    verify.add_argument(
        "--anchor",
        type=Path,
        help="a kept end of the log (default: the latest of audit-anchors/)",
    )

    backup = _command(commands, "backup", "keeping.backup", "the store in one file, at any time")
    backup.add_argument("file", type=Path, help="the file to write, or a folder for it")
    restored = _command(commands, "restore", "keeping.restore", "fill an empty store from a backup")
    restored.add_argument("file", type=Path)

    serve = _command(commands, "serve", "server.serve", "start the server")
    demo = _command(
        commands, "demo", "server.demo", "make the sample firm where it is missing, and serve"
    )
    for command in (serve, demo):
        command.add_argument("--port", type=int)
    return parser


def _add_sample(commands: argparse._SubParsersAction) -> None:
    invented = commands.add_parser("sample", help="the invented firm").add_subparsers(required=True)
    create = _command(invented, "create", "sample.create", "make the sample firm's database")
    create.add_argument("--clients", type=int, default=2_000)
    create.add_argument("--invoices", type=int, default=40_000)
    create.add_argument("--seed", type=int, default=1)
    create.add_argument("--to", type=Path, help="the SQLite file to make")
    create.add_argument(
        "--with-portal",
        action="store_true",
        help="with payments, plans, portal users and promises in the store",
    )
    tick = _command(invented, "tick", "sample.tick", "post some changes, as a bookkeeper would")
    tick.add_argument("--changes", type=int, default=25)
    live = _command(invented, "live", "sample.live", "go on posting changes until stopped")
    live.add_argument("--every", type=float, default=4.0, help="seconds between changes")


def _add_gateway(commands: argparse._SubParsersAction) -> None:
    sandbox = commands.add_parser("gateway", help="the sandbox gateway").add_subparsers(
        required=True
    )
    _command(sandbox, "methods", "gateway.methods", "the named test methods and their outcomes")
    passing = _command(
        sandbox, "pass", "gateway.pass_days", "let days pass in the whole portal, with all its jobs"
    )
    passing.add_argument("--days", type=int, default=1)
    _json_flag(passing)
    advance = _command(sandbox, "advance", "gateway.advance", "let days pass at the sandbox")
    advance.add_argument("--days", type=int, default=1)


def _add_users(commands: argparse._SubParsersAction) -> None:
    users = commands.add_parser("users", help="local sign-in").add_subparsers(required=True)
    add = _command(users, "add", "people.add", "give somebody a name and a password")
    add.add_argument("user_name")
    add.add_argument("--full-name", required=True)
    add.add_argument("--email", required=True)
    add.add_argument("--group", action="append", required=True, dest="groups")
    disable = _command(users, "disable", "people.disable", "end somebody's access at once")
    disable.add_argument("user_name")
    enable = _command(users, "enable", "people.enable", "give an ended access back")
    enable.add_argument("user_name")
    password = _command(users, "password", "people.password", "give somebody another password")
    password.add_argument("user_name")
    _command(users, "list", "people.show", "who may sign in")


def _command(
    commands: argparse._SubParsersAction,
    name: str,
    run: str,
    text: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _json_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")


if __name__ == "__main__":
    sys.exit(main())
