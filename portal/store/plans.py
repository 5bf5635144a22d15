"""Payment plans, their occurrences, and who runs which job."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, delete, or_, select, update

from portal.services.plan_ports import (
    Lease,
    Occurrence,
    OccurrenceState,
    Plan,
    PlanInvoice,
    PlanState,
)
from portal.store.engine import insert_into
from portal.store.plan_tables import leases, occurrences, plan_invoices, plans
from portal.store.rows import Rows, batches

_PLAN = plans.c
_OCCURRENCE = occurrences.c


class PlanRows:
    """The plans and plan_invoices tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, plans, Plan)
        self._invoices = Rows(connection, plan_invoices, PlanInvoice)

    def find(self, plan_id: str) -> Plan | None:
        """The plan with this id."""
        return self._rows.by(_PLAN.plan_id, plan_id)

    def find_by_request(self, request_id: str) -> Plan | None:
        """The plan that this form made."""
        return self._rows.by(_PLAN.request_id, request_id)

    def of_client(self, client_id: str) -> list[Plan]:
        """A client's plans, newest first."""
        return self._rows.many(_PLAN.client_id == client_id, order=_PLAN.created_at.desc())

    def in_states(self, states: Iterable[PlanState]) -> list[Plan]:
        """The plans that stand so."""
        return self._rows.many(_PLAN.state.in_(sorted(states)))

    def with_method(self, method_id: str) -> list[Plan]:
        """The plans that charge this method."""
        return self._rows.many(_PLAN.method_id == method_id)

    def add(self, plan: Plan, invoices: Iterable[PlanInvoice] = ()) -> None:
        """Keep a new plan with the invoices it pays."""
        self._rows.add([plan])
        self._invoices.add(invoices)

    def save(self, plan: Plan) -> None:
        """Keep what has become of a plan."""
        self._rows.save(plan)

    def invoices(self, plan_id: str) -> list[PlanInvoice]:
        """The invoices a plan pays."""
        return self._invoices.many(plan_invoices.c.plan_id == plan_id)

    def replace_invoices(self, plan_id: str, invoices: Iterable[PlanInvoice]) -> None:
        """Let a plan pay these invoices and no others."""
        self._connection.execute(delete(plan_invoices).where(plan_invoices.c.plan_id == plan_id))
        self._invoices.add(invoices)

    def on_invoices(self, invoice_ids: Iterable[str]) -> list[PlanInvoice]:
        """Which running plans pay these invoices?"""
        running = select(_PLAN.plan_id).where(_PLAN.state.in_([PlanState.ACTIVE, PlanState.PAUSED]))
        return [
            found
            for batch in batches(invoice_ids)
            for found in self._invoices.many(
                plan_invoices.c.invoice_id.in_(batch), plan_invoices.c.plan_id.in_(running)
            )
        ]


class OccurrenceRows:
    """The occurrences table."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, occurrences, Occurrence)

    def find(self, occurrence_id: str) -> Occurrence | None:
        """The occurrence with this id."""
        return self._rows.by(_OCCURRENCE.occurrence_id, occurrence_id)

    def of_plan(self, plan_id: str) -> list[Occurrence]:
        """A plan's occurrences, in order."""
        return self._rows.many(_OCCURRENCE.plan_id == plan_id, order=_OCCURRENCE.number)

    def due(self, day: date, now: datetime) -> list[Occurrence]:
        """Scheduled up to this day, and whose next try has come; oldest first."""
        return self._rows.many(
            _OCCURRENCE.state == OccurrenceState.SCHEDULED.value,
            _OCCURRENCE.due_date <= day,
            or_(_OCCURRENCE.next_try_at.is_(None), _OCCURRENCE.next_try_at <= now),
            order=_OCCURRENCE.due_date,
        )

    def in_states(self, states: Iterable[OccurrenceState]) -> list[Occurrence]:
        """The occurrences that stand so, oldest first."""
        return self._rows.many(_OCCURRENCE.state.in_(sorted(states)), order=_OCCURRENCE.due_date)

    def add(self, new: Iterable[Occurrence]) -> None:
        """Keep new occurrences."""
        self._rows.add(new)

    def save(self, occurrence: Occurrence) -> None:
        """Keep what has become of one."""
        self._rows.save(occurrence)


class LeaseRows:
    """The leases table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, leases, Lease)

    def take(self, name: str, holder: str, now: datetime, until: datetime) -> Lease | None:
        """Become the one who runs a job, if nobody is. Returns: None when somebody is."""
        insert = insert_into(self._connection, leases).values(
            name=name, holder=holder, until=until, fence=1
        )
        taken = insert.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": holder, "until": until, "fence": leases.c.fence + 1},
            where=leases.c.until <= now,
        ).returning(leases.c.fence)
        fence = self._connection.execute(taken).scalar_one_or_none()
        if fence is None:
            return None
        return Lease(name=name, holder=holder, until=until, fence=fence)

    def is_held(self, lease: Lease, now: datetime) -> bool:
        """Whether this lease still stands: nobody took over and it has not run out."""
        found = self._rows.by(leases.c.name, lease.name)
        return found is not None and found.fence == lease.fence and found.until > now

    def prolong(self, lease: Lease, until: datetime) -> bool:
        """Hold a lease for longer. Returns: False where somebody else has it by now."""
        mine = (leases.c.name == lease.name) & (leases.c.fence == lease.fence)
        kept = self._connection.execute(update(leases).where(mine).values(until=until))
        return kept.rowcount == 1

    def give_back(self, lease: Lease) -> None:
        """Let the next one have it."""
        self._connection.execute(
            update(leases)
            .where(leases.c.name == lease.name, leases.c.fence == lease.fence)
            .values(until=datetime.fromtimestamp(0, tz=lease.until.tzinfo))
        )
