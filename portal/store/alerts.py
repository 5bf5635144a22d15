"""What staff want to be told of, and the logs that tell it."""

import json
from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, text, true

from portal.domain.staff_alerts import Alert, Whose
from portal.services.alert_ports import AlertChoice, LoggedDeed
from portal.services.mail_ports import LetterEvent, LetterKind
from portal.store.alert_tables import alert_choices, alert_marks
from portal.store.engine import insert_into
from portal.store.mail_tables import letter_events, letters
from portal.store.tables import audit_log

_BOUNCES = (LetterEvent.BOUNCED_HARD.value, LetterEvent.FAILED.value)
_SETTLED = "age(letter_events.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)"
"""Written by a transaction older than all that still run."""


class AlertRows:
    """The alert_choices and alert_marks tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_user(self, user_key: str) -> dict[Alert, Whose]:
        """What somebody has chosen."""
        found = self._connection.execute(
            select(alert_choices).where(alert_choices.c.user_key == user_key)
        )
        return {Alert(row.alert): Whose(row.whose) for row in found}

    def choose(self, user_key: str, choices: Mapping[Alert, Whose]) -> None:
        """Keep what somebody wants, in place of what they wanted before."""
        mine = alert_choices.c.user_key == user_key
        self._connection.execute(delete(alert_choices).where(mine))
        rows = [
            {"user_key": user_key, "alert": alert.value, "whose": whose.value}
            for alert, whose in choices.items()
        ]
        if rows:
            self._connection.execute(insert(alert_choices), rows)

    def everybody(self) -> list[AlertChoice]:
        """All choices, by person."""
        found = self._connection.execute(
            select(alert_choices).order_by(alert_choices.c.user_key, alert_choices.c.alert)
        )
        return [
            AlertChoice(user_key=row.user_key, alert=Alert(row.alert), whose=Whose(row.whose))
            for row in found
        ]

    def read_to(self, log: str) -> int | None:
        """The last line of a log that was read; None before the first look."""
        return self._connection.execute(
            select(alert_marks.c.seq).where(alert_marks.c.log == log)
        ).scalar_one_or_none()

    def mark_read(self, log: str, seq: int) -> None:
        """Remember how far a log was read."""
        values = {"log": log, "seq": seq}
        added = insert_into(self._connection, alert_marks).values(values)
        self._connection.execute(added.on_conflict_do_update(index_elements=["log"], set_=values))

    def newest_deed(self) -> int:
        """The number of the last line of the audit log; 0 where there is none."""
        return self._connection.execute(select(func.max(audit_log.c.seq))).scalar_one() or 0

    def newest_bounce(self) -> int:
        """The number of the last thing heard of any letter; 0 where nothing was."""
        newest = select(func.max(letter_events.c.event_id))
        return self._connection.execute(newest).scalar_one() or 0

    def deeds_after(self, seq: int, most: int) -> list[LoggedDeed]:
        """The next lines of the audit log, in order."""
        found = self._connection.execute(
            select(audit_log).where(audit_log.c.seq > seq).order_by(audit_log.c.seq).limit(most)
        )
        return [
            LoggedDeed(
                seq=row.seq, at=row.at, actor=row.actor, action=row.action, subject=row.subject,
                detail=json.loads(row.detail),
            )
            for row in found
        ]  # fmt: skip

    def _is_settled(self) -> ColumnElement[bool]:
        if self._connection.dialect.name != "postgresql":
            return true()
        return text(_SETTLED)  # type: ignore[return-value]

    def bounces_after(self, seq: int, most: int) -> list[tuple[int, str, str]]:
        """The next letters to clients that did not arrive: number, letter and address.

        What was heard while an older transaction still runs waits for it: the numbers told are
        whole, and nothing comes to stand before them later.
        """
        found = self._connection.execute(
            select(letter_events.c.event_id, letter_events.c.letter_id, letter_events.c.address)
            .join(letters, letters.c.letter_id == letter_events.c.letter_id)
            .where(
                letter_events.c.event_id > seq,
                letter_events.c.event.in_(_BOUNCES),
                letters.c.kind != LetterKind.STAFF_ALERT.value,
                self._is_settled(),
            )
            .order_by(letter_events.c.event_id)
            .limit(most)
        )
        return [(row.event_id, row.letter_id, row.address or "") for row in found]
