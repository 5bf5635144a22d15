"""What `portal` commands do with the warehouse, in the server or in the command itself."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from portal.domain.errors import Invalid
from portal.jobs.by_hand import list_jobs, run_by_hand
from portal.jobs.job_run import find_job
from portal.jobs.passing_days import pass_days
from portal.jobs.registry import all_jobs
from portal.pms.open_source import open_source
from portal.services.forget_shown_clients import ForgetShownClients, forget_shown_clients
from portal.warehouse.doctor import examine
from portal.warehouse.mapping import load_mapping
from portal.warehouse.portal_payments import portal_payments
from portal.warehouse.totals import totals

if TYPE_CHECKING:
    from portal.bootstrap import Portal

Progress = Callable[[str], None]
SANDBOX = "Payments are pretended and no money moves: [gateway] kind of firm.toml is 'sandbox'."


def run(
    portal: "Portal", command: str, arguments: dict[str, object], progress: Progress
) -> dict[str, object]:
    """Run one command. Returns: what `--json` prints.

    Raises: PortalError with a sentence for the person at the terminal.
    """
    if command not in _COMMANDS:
        raise Invalid(f"There is no command {command!r}.")
    return _COMMANDS[command](portal, arguments, progress)


def _refresh(portal: "Portal", arguments: dict, progress: Progress) -> dict[str, object]:
    forget = bool(arguments.get("forget_shown"))
    if forget:
        command = ForgetShownClients(actor=str(arguments.get("actor", "terminal")))
        forget_shown_clients(command, store=portal.store, clock=portal.now)
    full = forget or bool(arguments.get("full"))
    return asdict(portal.refreshing.refresh(full=full, progress=progress))


def _totals(portal: "Portal", arguments: dict, progress: Progress) -> dict[str, object]:
    written = arguments.get("as_of")
    as_of = date.fromisoformat(str(written)) if written else portal.today()
    _ensure_loaded(portal, progress)
    return totals(portal.warehouse, as_of=as_of, edges=portal.settings.aging_edges)


def _payments(portal: "Portal", arguments: dict, progress: Progress) -> dict[str, object]:
    _ensure_loaded(portal, progress)
    return portal_payments(portal.warehouse)


def _tie_out(portal: "Portal", arguments: dict, progress: Progress) -> dict[str, object]:
    progress("Comparing with the practice management system")
    compared = portal.refreshing.tie_out()
    answer = asdict(compared)
    for name, found in (("differences", compared.differences), ("entries", compared.entries)):
        for row, difference in zip(answer[name], found, strict=True):
            row["difference_cents"] = difference.difference_cents
    return answer


def _doctor(portal: "Portal", arguments: dict, progress: Progress) -> dict[str, object]:
    progress("Looking at the source, the mapping and the data")
    source = portal.settings.source
    found = examine(
        portal.warehouse,
        open_source(source),
        load_mapping(source.mapping),
        choices=portal.settings.mapping,
    )
    return found | {"warnings": [SANDBOX] if portal.settings.is_real_firm_with_sandbox else []}


def _jobs_list(portal: "Portal", arguments: dict, progress: Progress) -> dict[str, object]:
    return {"jobs": [asdict(job) for job in list_jobs(portal)]}


def _jobs_run(portal: "Portal", arguments: dict, progress: Progress) -> dict[str, object]:
    name, written = str(arguments["name"]), arguments.get("now")
    job = find_job(all_jobs(), name)
    at = datetime.fromisoformat(str(written)) if written else None
    progress(f"Running {name}")
    return asdict(run_by_hand(portal, job, at))


def _pass_days(portal: "Portal", arguments: dict, progress: Progress) -> dict[str, object]:
    return asdict(pass_days(portal, int(arguments["days"]), progress))


def _ensure_loaded(portal: "Portal", progress: Progress) -> None:
    if not portal.warehouse.has_data():
        portal.refreshing.refresh(progress=progress)


_COMMANDS = {
    "refresh": _refresh,
    "totals": _totals,
    "payments": _payments,
    "tie_out": _tie_out,
    "doctor": _doctor,
    "jobs_list": _jobs_list,
    "jobs_run": _jobs_run,
    "pass_days": _pass_days,
}
