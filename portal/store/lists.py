"""How people keep their lists and pages, and which clients have ever been shown."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select

from portal.services.ports import ListView
from portal.store.engine import insert_into
from portal.store.tables import list_states, list_views, page_visits, shown_clients

_BATCH = 10_000


class ListRows:
    """The list_states and list_views tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def state(self, user_key: str, list_name: str) -> Mapping[str, object] | None:
        """How this person left this list, or None."""
        return self._connection.execute(
            select(list_states.c.state).where(
                list_states.c.user_key == user_key, list_states.c.list_name == list_name
            )
        ).scalar_one_or_none()

    def save_state(self, user_key: str, list_name: str, state: Mapping[str, object]) -> None:
        """Replace how this person left this list."""
        values = {"user_key": user_key, "list_name": list_name, "state": dict(state)}
        insert = insert_into(self._connection, list_states).values(values)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["user_key", "list_name"], set_=values)
        )

    def view(self, view_id: str) -> ListView | None:
        """The view with this id, whoever owns it."""
        row = self._connection.execute(
            select(list_views).where(list_views.c.view_id == view_id)
        ).one_or_none()
        return None if row is None else ListView(**row._mapping)

    def views(self, user_key: str, list_name: str) -> list[ListView]:
        """The person's own views of a list and those shared with the firm, by name."""
        found = self._connection.execute(
            select(list_views)
            .where(
                list_views.c.list_name == list_name,
                or_(list_views.c.owner == user_key, list_views.c.is_shared),
            )
            .order_by(list_views.c.name, list_views.c.view_id)
        )
        return [ListView(**row._mapping) for row in found]

    def save_view(self, view: ListView) -> None:
        """Add a view, or replace the one with its id."""
        values = {**vars(view), "state": dict(view.state)}
        insert = insert_into(self._connection, list_views).values(values)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["view_id"], set_=values)
        )

    def delete_view(self, view_id: str) -> bool:
        """Drop a view. Returns: whether there was one."""
        gone = self._connection.execute(delete(list_views).where(list_views.c.view_id == view_id))
        return gone.rowcount == 1


class VisitRows:
    """The page_visits table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_page(self, user_key: str, page: str) -> tuple[datetime | None, datetime] | None:
        """The visit before the last one, and the last one; None if there was none."""
        row = self._connection.execute(
            select(page_visits.c.previous_visit_at, page_visits.c.last_visit_at).where(
                page_visits.c.user_key == user_key, page_visits.c.page == page
            )
        ).one_or_none()
        return None if row is None else (row.previous_visit_at, row.last_visit_at)

    def save(self, user_key: str, page: str, previous: datetime | None, last: datetime) -> None:
        """Keep the two last visits."""
        values = {
            "user_key": user_key,
            "page": page,
            "previous_visit_at": previous,
            "last_visit_at": last,
        }
        insert = insert_into(self._connection, page_visits).values(values)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["user_key", "page"], set_=values)
        )


class ShownClientRows:
    """The shown_clients table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, client_ids: Iterable[str]) -> None:
        """Remember clients as shown; those already remembered stay so."""
        rows = [{"client_id": client_id} for client_id in client_ids]
        insert = insert_into(self._connection, shown_clients).on_conflict_do_nothing()
        for first in range(0, len(rows), _BATCH):
            self._connection.execute(insert, rows[first : first + _BATCH])

    def forget(self) -> int:
        """Forget whom we ever showed. Returns: how many."""
        return self._connection.execute(shown_clients.delete()).rowcount

    def all(self) -> set[str]:
        """Every client ever shown."""
        return set(self._connection.execute(select(shown_clients.c.client_id)).scalars())
