"""`portal`: everything the program can do, from a terminal.

Exit codes: 0 done; 1 refused or failed, with one line that says why; 3 held.
"""

import argparse
import getpass
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from tqdm import tqdm

from portal.domain.errors import PortalError
from portal.domain.money import format_cents
from portal.settings import PROJECT, Settings, config_path, load_settings, portal_home


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns: the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments) or 0
    except PortalError as problem:
        print(f"portal: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("portal: stopped", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="portal", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    sample = commands.add_parser("sample", help="the invented firm").add_subparsers(required=True)
    create = _command(sample, "create", _sample_create, "make the sample firm's database")
    create.add_argument("--clients", type=int, default=2_000)
    create.add_argument("--invoices", type=int, default=40_000)
    create.add_argument("--seed", type=int, default=1)
    create.add_argument("--to", type=Path, help="the SQLite file to make")
    tick = _command(sample, "tick", _sample_tick, "post some changes, as a bookkeeper would")
    tick.add_argument("--changes", type=int, default=25)
    live = _command(sample, "live", _sample_live, "go on posting changes until stopped")
    live.add_argument("--every", type=float, default=4.0, help="seconds between changes")

    refresh = _command(commands, "refresh", _refresh, "bring the data up to the source")
    refresh.add_argument("--full", action="store_true", help="read everything anew")
    _json_flag(refresh)
    totals = _command(commands, "totals", _totals, "what the source's entries amount to")
    totals.add_argument("--as-of", help="a day, YYYY-MM-DD (default: the firm's today)")
    _json_flag(totals)
    _json_flag(_command(commands, "tie-out", _tie_out, "compare with the source, to the cent"))
    _json_flag(_command(commands, "doctor", _doctor, "what is wrong or missing"))

    users = commands.add_parser("users", help="local sign-in").add_subparsers(required=True)
    add = _command(users, "add", _users_add, "give somebody a name and a password")
    add.add_argument("user_name")
    add.add_argument("--full-name", required=True)
    add.add_argument("--email", required=True)
    add.add_argument("--group", action="append", required=True, dest="groups")
    disable = _command(users, "disable", _users_disable, "end somebody's access at once")
    disable.add_argument("user_name")
    _command(users, "list", _users_list, "who may sign in")

    audit = commands.add_parser("audit", help="the audit log").add_subparsers(required=True)
    _command(audit, "verify", _audit_verify, "prove that nobody changed it")

    serve = _command(commands, "serve", _serve, "start the server")
    demo = _command(commands, "demo", _demo, "make the sample firm where it is missing, and serve")
    for command in (serve, demo):
        command.add_argument("--port", type=int)
    return parser


def _command(
    commands: argparse._SubParsersAction,
    name: str,
    run: Callable[[argparse.Namespace], int | None],
    text: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _json_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")


def _sample_create(arguments: argparse.Namespace) -> None:
    from portal.documents.sample_invoices import make_sample_invoices
    from portal.pms.sample_firm.create import create_sample_firm, write_sample_config
    from portal.pms.sample_firm.invoices_for_pdfs import invoices_for_pdfs

    home = portal_home()
    to = (arguments.to or home / "practice_cs.sqlite").resolve()
    if arguments.clients < 50 or arguments.invoices < arguments.clients:
        raise PortalError("The sample firm needs 50 clients or more, and an invoice for each.")
    with _bar() as progress:
        create_sample_firm(
            to,
            clients=arguments.clients,
            invoices=arguments.invoices,
            seed=arguments.seed,
            today=datetime.now().astimezone().date(),
            progress=progress,
        )
        write_sample_config(config_path(), to)
        # Made-up documents must never stand beside a real firm's invoices.
        rows = invoices_for_pdfs(to) if _is_read_here(to) else []
        printed = make_sample_invoices(home, rows, progress)
    print(f"{arguments.clients:,} clients and {arguments.invoices:,} invoices are in {to}.")
    if printed:
        print(f"{printed:,} of the newest invoices have a PDF in {home / 'documents'}.")


def _is_read_here(database: Path) -> bool:
    try:
        source = load_settings().source
    except PortalError:
        return False
    return source is not None and source.location == str(database)


def _sample_tick(arguments: argparse.Namespace) -> None:
    from portal.pms.sample_firm.tick import tick_sample_firm

    settings = load_settings()
    changed = tick_sample_firm(
        _sample_path(settings),
        changes=arguments.changes,
        now=datetime.now(settings.timezone),
        seed=None,
    )
    print(f"{changed} changes posted.")


def _sample_live(arguments: argparse.Namespace) -> None:
    from portal.pms.sample_firm.tick import tick_sample_firm

    settings = load_settings()
    parent = os.getppid()
    # The server that started this may be killed: nobody ticks for a server that is gone.
    while os.getppid() == parent:
        time.sleep(max(0.2, arguments.every))
        tick_sample_firm(
            _sample_path(settings), changes=3, now=datetime.now(settings.timezone), seed=None
        )


def _sample_path(settings: Settings) -> Path:
    if settings.source is None or settings.source.kind != "sqlite":
        raise PortalError("Only the sample firm's own SQLite database can be ticked.")
    return Path(settings.source.location)


def _refresh(arguments: argparse.Namespace) -> None:
    done = _ask("refresh", {"full": arguments.full})
    if arguments.json:
        _print_json(done)
    else:
        print(
            f"{done['kind']} refresh {done['outcome']}: version {done['version']}, "
            f"{done['changed_rows']:,} rows in {done['seconds']} s."
        )


def _totals(arguments: argparse.Namespace) -> None:
    found = _ask("totals", {"as_of": _day(arguments.as_of)})
    if arguments.json:
        _print_json(found)
        return
    print(f"As of {found['as_of']}: {found['clients']:,} clients, {found['invoices']:,} invoices.")
    for currency, sums in found["currencies"].items():
        for name in ("billed", "outstanding", "overdue", "unapplied"):
            print(f"  {name:<12} {format_cents(sums[name + '_cents'], currency):>20}")


def _tie_out(arguments: argparse.Namespace) -> int:
    found = _ask("tie_out", {})
    if arguments.json:
        _print_json(found)
    else:
        print(
            f"{found['clients']:,} clients compared, {found['clients_that_differ']:,} differ, "
            f"difference {format_cents(found['difference_cents'])}."
        )
        for row in found["differences"]:
            print(f"  {row['client_id']} {row['client_name']}: {row['difference_cents']} cents")
    return 1 if found["difference_cents"] else 0


def _doctor(arguments: argparse.Namespace) -> int:
    found = _ask("doctor", {})
    if arguments.json:
        _print_json(found)
    else:
        print(f"Mapping: {found['mapping']}. Source: {found['source']}.")
        for table, columns in found.get("missing_columns", {}).items():
            print(f"  {table}: the mapping gives no {', '.join(columns)}")
        for name, rows in found.get("checks", {}).items():
            print(
                f"  check {name}: {'ok' if not rows else f'{rows} rows that should not be there'}"
            )
    return 0 if found["healthy"] else 1


def _users_add(arguments: argparse.Namespace) -> None:
    from portal.services.add_user import AddUser, add_user
    from portal.services.passwords import Passwords

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
            clock=_now,
            passwords=Passwords(),
            groups=settings.access.groups,
        )
    print(f"{arguments.user_name} may sign in now.")


def _users_disable(arguments: argparse.Namespace) -> None:
    from portal.services.disable_user import DisableUser, disable_user

    with _store(load_settings()) as store:
        disable_user(
            DisableUser(
                who=arguments.user_name,
                actor=f"terminal:{getpass.getuser()}",
            ),
            store=store,
            clock=_now,
        )
    print(f"{arguments.user_name} is signed out and may not sign in any more.")


def _users_list(arguments: argparse.Namespace) -> None:
    with _store(load_settings()) as store, store.reading() as view:
        for user in view.users.everybody():
            state = "" if user.is_active else "  (disabled)"
            print(
                f"{user.user_key}  {user.full_name}  {user.email}  {','.join(user.groups)}{state}"
            )


def _audit_verify(arguments: argparse.Namespace) -> int:
    with _store(load_settings()) as store, store.reading() as view:
        found = view.audit.verify()
    print(found)
    return 0 if found.is_whole else 1


def _serve(arguments: argparse.Namespace) -> int:
    load_settings()
    command = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "app.py")]
    if arguments.port:
        command += ["--server.port", str(arguments.port)]
    return subprocess.call(command, cwd=PROJECT)  # noqa: S603 - our own program


def _demo(arguments: argparse.Namespace) -> int:
    if not config_path().exists():
        print("Making the sample firm (2,000 clients, 40,000 invoices) ...", file=sys.stderr)
        main(["sample", "create"])
    print(f"Firm Portal: http://127.0.0.1:{arguments.port or 8501}", file=sys.stderr)
    return _serve(arguments)


def _ask(command: str, arguments: dict[str, object]) -> dict:
    """Have the running server do it, or do it here as the owner of the warehouse."""
    from portal.jobs import command_socket, commands

    settings = load_settings()
    with tqdm(bar_format="{desc} {elapsed}", file=sys.stderr, leave=False) as shown:
        served, answer = command_socket.ask(
            settings.home, command, arguments, shown.set_description_str
        )
        if served:
            return answer
        from portal.bootstrap import build

        portal = build(settings)
        try:
            return commands.run(portal, command, arguments, shown.set_description_str)
        finally:
            portal.close()


def _bar():
    from contextlib import contextmanager

    @contextmanager
    def shown():
        with tqdm(
            total=100, file=sys.stderr, leave=False, bar_format="{desc} {percentage:3.0f}%|{bar}|"
        ) as bar:

            def progress(step: str, share: float) -> None:
                bar.set_description_str(step)
                bar.n = round(share * 100)
                bar.refresh()

            yield progress

    return shown()


def _store(settings: Settings):
    from contextlib import closing

    from portal.store import open_store

    return closing(open_store(settings.store_url, secret_key=settings.secret_key))


def _now() -> datetime:
    from portal.bootstrap import utc_now

    return utc_now()


def _day(written: str | None) -> str | None:
    if written is None:
        return None
    try:
        return datetime.strptime(written, "%Y-%m-%d").date().isoformat()
    except ValueError:
        raise PortalError(f"{written!r} is not a day; write it like 2026-01-31.") from None


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2, default=str))


if __name__ == "__main__":
    sys.exit(main())
