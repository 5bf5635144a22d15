"""What collectors of the sample firm did: calls, promises, pauses, disputes, statements sent."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from portal.bootstrap import Portal
from portal.collections_desk import is_federal_holiday
from portal.domain.collection_rules import CollectionRules
from portal.domain.statement_days import previous_run_day
from portal.jobs.sample_people import add_sample_people
from portal.sample_portal.stage import ADMIN, Stage
from portal.services.add_note import AddNote
from portal.services.change_statement import DropStatement
from portal.services.collections_ports import HoldKind, RequestKind
from portal.services.dispute_invoice import DisputeInvoice
from portal.services.hold_client import HoldClient
from portal.services.mark_worklist import AssignClients, SetNextAction
from portal.services.record_promise import RecordPromise
from portal.services.request_write_off import DecideWriteOff, RequestWriteOff
from portal.services.send_statement import SendStatement

CASEY = replace(
    ADMIN,
    user_key="local:collector",
    full_name="Casey Collector",
    email="collector@hartwellrowe.example",
    home="collector",
)
_TALKS = (
    # place on the worklist, days ago, how a call went (None: a note), what was said
    (0, 9.2, "voicemail", "Left a message for the controller"),
    (0, 3.1, "spoke", "Waits for the partner to sign; wants a copy of the March invoice"),
    (1, 6.3, "spoke", "New bookkeeper, asked for all open invoices in one mail"),
    (2, 5.2, "no_answer", ""),
    (2, 2.4, "voicemail", "Second message"),
    (3, 8.1, None, "Prefers email; never calls back"),
    (4, 4.2, "spoke", "Disagrees with the hours, see the dispute"),
    (5, 7.3, "spoke", "Cash is short until the end of the month"),
    (7, 1.3, None, "Ask the partner before calling: engagement is up for renewal"),
    (9, 2.2, "wrong_number", "The number in the PMS is a fax"),
)
_PROMISES = (
    # place, days ago, promised so many days later, percent of what is overdue
    (1, 13.0, 5, 40),
    (5, 7.2, 3, 25),
    (6, 2.1, 9, 100),
    (8, 1.2, 4, 50),
    (10, 3.3, 14, 30),
)
_EVERY = 3
"""So many run days lie between two runs of the sample; each makes up for those before it."""
Client = Mapping[str, object]


def play(stage: Stage) -> list[tuple[float, object]]:
    """What happens: days ago, and what."""
    top = _overdue(stage)
    if not top:
        return []
    add_sample_people(stage.portal)
    scenes: list[tuple[float, Callable[[], object]]] = []
    for place, days_ago, outcome, text in _TALKS:
        scenes.append((days_ago, _talk(stage, _nth(top, place), days_ago, outcome, text)))
    for place, days_ago, days, percent in _PROMISES:
        scenes.append((days_ago, _promise(stage, _nth(top, place), days_ago, days, percent)))
    scenes += [
        (4.1, _dispute(stage, _nth(top, 4), 4.1, "Hours of the review were agreed at a fixed fee")),
        (2.6, _dispute(stage, _nth(top, 11), 2.6, "Says it was paid by check in May")),
        (
            6.1,
            _hold(stage, _nth(top, 12), 6.1, HoldKind.PAUSE, "In probate"),
        ),
        (
            3.4,
            _hold(stage, _nth(top, 13), 3.4, HoldKind.PAUSE, "The partner calls them"),
        ),
        (5.4, _hold(stage, _nth(top, 14), 5.4, HoldKind.EXCLUSION, "Family of a partner")),
        (2.5, _assign(stage, top[:9])),
        (1.1, _next(stage, _nth(top, 2), 1, "Call once more, then write")),
        (1.0, _next(stage, _nth(top, 3), 1, "Send the March invoice again")),
        (0.9, _next(stage, _nth(top, 15), 6, "Ask whether the loan came through")),
        (8.2, _write_off(stage, _nth(top, 16), 8.2, RequestKind.WRITE_OFF, "Too old to collect")),
        (3.2, _write_off(stage, _nth(top, 17), 3.2, RequestKind.CREDIT, "Billed at the old rate")),
        (0.3, lambda: stage.portal.collections.judge_promises()),
    ]
    *reviewed, waiting = _run_days(stage)
    for days_ago in reviewed:
        scenes.append((days_ago, _run(stage, days_ago)))
        scenes.append((days_ago - 0.05, _review(stage, days_ago - 0.05)))
    scenes.append((waiting, _run(stage, waiting)))
    return scenes


def _run_days(stage: Stage) -> list[int]:
    """How many days ago statements were staged; what the last run staged still waits."""
    today, rules = stage.portal.today(), CollectionRules()
    day, ago = today, []
    for _ in range(2 * _EVERY + 1):
        day = previous_run_day(day, rules, is_federal_holiday)
        ago.append((today - day).days)
    return ago[::-_EVERY]


def _overdue(stage: Stage) -> list[Client]:
    portal = stage.portal
    return portal.warehouse.rows(
        "worklist/overdue_clients",
        sees_all=True,
        staff_id=None,
        today=portal.today(),
        most=20,
        row_id=None,
    )


def _nth(top: list[Client], place: int) -> Client:
    return top[place % len(top)]


def _talk(stage: Stage, client: Client, days_ago: float, outcome: str | None, text: str):
    def scene() -> None:
        stage.at(days_ago).collections.add_note(
            AddNote(actor=CASEY, client_id=str(client["client_id"]), text=text, outcome=outcome)
        )

    return scene


def _promise(stage: Stage, client: Client, days_ago: float, days: int, percent: int):
    def scene() -> None:
        portal = stage.at(days_ago)
        portal.collections.record_promise(
            RecordPromise(
                actor=CASEY,
                client_id=str(client["client_id"]),
                amount_cents=max(_cents(client) * percent // 100, 100),
                promised_on=portal.today() + timedelta(days=days),
                currency=str(client["currency"]),
                note="Promised by phone",
            )
        )

    return scene


def _dispute(stage: Stage, client: Client, days_ago: float, reason: str):
    def scene() -> None:
        portal = stage.at(days_ago)
        (invoice,) = portal.warehouse.rows(
            "worklist/client_invoices",
            sees_all=True,
            staff_id=None,
            client_id=client["client_id"],
            currency=client["currency"],
            today=portal.today(),
            most=1,
        )
        portal.collections.dispute_invoice(
            DisputeInvoice(
                actor=CASEY,
                client_id=str(client["client_id"]),
                invoice_id=str(invoice["invoice_id"]),
                invoice_number=str(invoice["invoice_number"]),
                reason=reason,
            )
        )

    return scene


def _hold(stage: Stage, client: Client, days_ago: float, kind: HoldKind, reason: str):
    def scene() -> None:
        portal = stage.at(days_ago)
        until = portal.today() + timedelta(days=30) if kind is HoldKind.PAUSE else None
        portal.collections.hold_client(
            HoldClient(
                actor=CASEY,
                client_id=str(client["client_id"]),
                kind=kind,
                reason=reason,
                until=until,
            )
        )

    return scene


def _assign(stage: Stage, clients: list[Client]):
    def scene() -> None:
        ids = [str(client["client_id"]) for client in clients]
        stage.at(2.5).collections.assign_clients(
            AssignClients(actor=ADMIN, client_ids=ids, assignee=CASEY.user_key)
        )

    return scene


def _next(stage: Stage, client: Client, days: int, action: str):
    def scene() -> None:
        portal = stage.at(1)
        portal.collections.set_next_action(
            SetNextAction(
                actor=CASEY,
                client_id=str(client["client_id"]),
                day=portal.today() + timedelta(days=days),
                action=action,
            )
        )

    return scene


def _write_off(stage: Stage, client: Client, days_ago: float, kind: RequestKind, reason: str):
    def scene() -> None:
        asked = stage.at(days_ago).collections.request_write_off(
            RequestWriteOff(
                actor=CASEY,
                request_id=uuid.uuid4().hex,
                kind=kind,
                client_id=str(client["client_id"]),
                currency=str(client["currency"]),
                amount_cents=max(_cents(client) // 10, 100),
                reason=reason,
            )
        )
        if kind is RequestKind.WRITE_OFF:
            stage.at(days_ago - 1).collections.decide_write_off(
                DecideWriteOff(actor=ADMIN, request_id=asked.request_id, is_approved=True)
            )

    return scene


def _run(stage: Stage, days_ago: float):
    def scene() -> None:
        portal = stage.at(days_ago)
        portal.collections.run_statements(_noon(portal))

    return scene


def _review(stage: Stage, days_ago: float):
    """Somebody looks at the queue: a client that was called gets no statement, the others do."""

    def scene() -> None:
        desk = stage.at(days_ago).collections
        with stage.portal.store.reading() as view:
            staged = view.statements.staged()
        for place, one in enumerate(staged):
            if place % 6 == 5:
                desk.drop_statement(
                    DropStatement(
                        actor=CASEY, statement_id=one.statement_id, reason="Called instead"
                    )
                )
            else:
                desk.send_statement(SendStatement(actor=CASEY, statement_id=one.statement_id))

    return scene


def _cents(client: Client) -> int:
    return int(client["overdue_cents"])  # type: ignore[call-overload]


def _noon(portal: Portal) -> datetime:
    """Noon of the portal's day: the hour at which statements are surely due."""
    return datetime.combine(portal.today(), time(12), tzinfo=portal.settings.timezone)
