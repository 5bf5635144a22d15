"""Statement runs and what they decided: their tables, and what the decision rests on."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, func, select, update

from portal.services.statement_ports import (
    Standing,
    Statement,
    StatementRun,
    StatementState,
)
from portal.store.collections_tables import statement_runs, statements
from portal.store.engine import insert_into, take_turn
from portal.store.standing import read_standing

_RUN = 7_206
"""The subject of the turn that begins and finishes a run."""


class StatementRows:
    """The statement_runs and statements tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def serialize(self) -> None:
        """Wait for other transactions about runs."""
        take_turn(self._connection, _RUN)

    def run(self, run_day: date) -> StatementRun | None:
        """The run of a day."""
        row = self._connection.execute(
            select(statement_runs).where(statement_runs.c.run_day == run_day)
        ).one_or_none()
        return None if row is None else StatementRun(**row._mapping)

    def last_run(self) -> StatementRun | None:
        """The run with the latest day."""
        row = self._connection.execute(
            select(statement_runs).order_by(statement_runs.c.run_day.desc()).limit(1)
        ).one_or_none()
        return None if row is None else StatementRun(**row._mapping)

    def answered_until(self) -> date | None:
        """The last day whose ages were answered for to the end; None before the first run."""
        done = select(func.max(statement_runs.c.run_day)).where(statement_runs.c.state == "done")
        begun = select(func.min(statement_runs.c.after_day))
        return self._connection.scalar(done) or self._connection.scalar(begun)

    def save_run(self, run: StatementRun) -> None:
        """Add a run, or replace the one of its day."""
        values = dict(vars(run))
        insert = insert_into(self._connection, statement_runs).values(values)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["run_day"], set_=values)
        )

    def finish_run(self, run_day: date, at: datetime) -> StatementRun:
        """Count what a run decided and close it."""
        found = self._connection.execute(
            select(statements.c.state, func.count())
            .where(statements.c.run_day == run_day)
            .group_by(statements.c.state)
        )
        counts = dict(found.all())
        run = self.run(run_day)
        if run is None:
            raise LookupError(f"there is no run of {run_day}")
        done = replace(
            run,
            state="done",
            finished_at=at,
            staged=counts.get(StatementState.STAGED, 0),
            sent=counts.get(StatementState.SENT, 0),
            suppressed=counts.get(StatementState.SUPPRESSED, 0),
        )
        self.save_run(done)
        return done

    def decided_since(self, after_day: date) -> Mapping[str, date]:
        """The clients that runs after a day have decided about, each with the last such day."""
        found = self._connection.execute(
            select(statements.c.client_id, func.max(statements.c.run_day))
            .where(statements.c.run_day > after_day)
            .group_by(statements.c.client_id)
        )
        return dict(found.all())

    def add(self, made: Sequence[Statement]) -> set[str]:
        """Keep decisions, but where the client has one of that day, or one waiting.

        Returns: the ids of those that are kept.
        """
        if not made:
            return set()
        insert = insert_into(self._connection, statements).on_conflict_do_nothing()
        kept = insert.returning(statements.c.statement_id)
        return set(self._connection.execute(kept, [_values(one) for one in made]).scalars())

    def note_letters(self, letters: Mapping[str, str]) -> None:
        """Note which letter each of these statements (statement -> letter) went out with."""
        if not letters:
            return
        self._connection.execute(
            update(statements)
            .where(statements.c.statement_id == bindparam("key"))
            .values(letter_id=bindparam("letter")),
            [{"key": key, "letter": letter} for key, letter in letters.items()],
        )

    def find(self, statement_id: str) -> Statement | None:
        """The statement with this id."""
        found = self._read(statements.c.statement_id == statement_id, most=1)
        return found[0] if found else None

    def of_client(self, client_id: str, most: int = 50) -> list[Statement]:
        """A client's statements, the newest first, suppressed ones too."""
        return self._read(statements.c.client_id == client_id, most=most)

    def staged(self) -> list[Statement]:
        """The statements that wait for review, the oldest debts first."""
        found = self._read(statements.c.state == StatementState.STAGED, most=None)
        return sorted(found, key=lambda one: (-one.oldest_days, -one.open_cents, one.client_name))

    def recent(self, state: StatementState, since: date, most: int) -> list[Statement]:
        """Statements in a state of the runs since a day, the newest first."""
        is_recent = (statements.c.state == state) & (statements.c.run_day >= since)
        return self._read(is_recent, most=most)

    def change(self, statement: Statement, was: StatementState) -> bool:
        """Replace a statement that is still in the state it was. Returns: whether it was."""
        values = _values(statement)
        changed = self._connection.execute(
            update(statements)
            .where(statements.c.statement_id == statement.statement_id, statements.c.state == was)
            .values(values)
        )
        return changed.rowcount == 1

    def standing(self, client_ids: Iterable[str]) -> Standing:
        """What the store knows of some clients that decides whether they are written to."""
        return read_standing(self._connection, client_ids)

    def _read(self, condition: object, most: int | None) -> list[Statement]:
        asked = (
            select(statements)
            .where(condition)  # type: ignore[arg-type]
            .order_by(statements.c.run_day.desc(), statements.c.client_number.asc())
        )
        found = self._connection.execute(asked if most is None else asked.limit(most))
        return [_statement(row._mapping) for row in found]


def _values(statement: Statement) -> dict[str, object]:
    people = {
        name: [list(one) for one in getattr(statement, name)]
        for name in ("to_people", "cc_people", "bcc_people")
    }
    return {**vars(statement), **people, "left_out": list(statement.left_out)}


def _statement(row: Mapping[str, object]) -> Statement:
    people = {
        name: tuple((email, label) for email, label in _listed(row[name]))
        for name in ("to_people", "cc_people", "bcc_people")
    }
    changed = {
        **people,
        "left_out": tuple(_listed(row["left_out"])),
        "state": StatementState(str(row["state"])),
    }
    return Statement(**{**row, **changed})  # type: ignore[arg-type]


def _listed(value: object) -> list:
    return json.loads(value) if isinstance(value, str) else list(value)  # type: ignore[call-overload]
