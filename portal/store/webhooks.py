"""What the gateway told by itself, kept once per event."""

from sqlalchemy import Connection

from portal.services.money_records import WebhookEvent
from portal.store.engine import insert_into
from portal.store.money_tables import webhook_events
from portal.store.records import to_row
from portal.store.rows import Rows


class WebhookRows:
    """The webhook_events table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, webhook_events, WebhookEvent)

    def find(self, event_id: str) -> WebhookEvent | None:
        """The event with this id."""
        return self._rows.by(webhook_events.c.event_id, event_id)

    def add(self, event: WebhookEvent) -> bool:
        """Keep an event. Returns: False when it was kept before."""
        insert = insert_into(self._connection, webhook_events).values(to_row(event))
        kept = insert.on_conflict_do_nothing().returning(webhook_events.c.event_id)
        return self._connection.execute(kept).first() is not None

    def save(self, event: WebhookEvent) -> None:
        """Keep what came of an event."""
        self._rows.save(event)

    def waiting(self) -> list[WebhookEvent]:
        """The events not acted upon yet, oldest first."""
        return self._rows.many(
            webhook_events.c.applied_at.is_(None), order=webhook_events.c.received_at
        )
