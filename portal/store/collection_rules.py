"""Versions of the firm's rules of collections, and requests to write off: their tables."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, select, update

from portal.domain.collection_rules import CollectionRules, read_rules
from portal.services.collections_ports import RequestKind, RequestState, WriteOffRequest
from portal.services.statement_ports import RulesVersion
from portal.store.collections_tables import collection_rules, write_off_requests
from portal.store.engine import insert_into
from portal.store.rows import batches


class RuleRows:
    """The collection_rules table: versions are added and never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self) -> RulesVersion:
        """The rules in force; what every firm starts with where none were saved."""
        found = self.history(most=1)
        return found[0] if found else RulesVersion(version=0, rules=CollectionRules())

    def find(self, version: int) -> RulesVersion:
        """A version; what every firm starts with for number 0."""
        row = self._connection.execute(
            select(collection_rules).where(collection_rules.c.version == version)
        ).one_or_none()
        if row is None:
            return RulesVersion(version=0, rules=CollectionRules())
        return RulesVersion(**{**row._mapping, "rules": read_rules(row.rules)})

    def add(self, version: RulesVersion) -> None:
        """Keep a version; its number must be new."""
        values = {**vars(version), "rules": version.rules.written()}
        self._connection.execute(collection_rules.insert().values(values))

    def history(self, most: int = 20) -> list[RulesVersion]:
        """The newest versions first."""
        found = self._connection.execute(
            select(collection_rules).order_by(collection_rules.c.version.desc()).limit(most)
        )
        return [RulesVersion(**{**row._mapping, "rules": read_rules(row.rules)}) for row in found]


class WriteOffRows:
    """The write_off_requests table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, request: WriteOffRequest) -> bool:
        """Keep a new request. Returns: False for one that is kept already."""
        new = insert_into(self._connection, write_off_requests).values(vars(request))
        kept = new.on_conflict_do_nothing().returning(write_off_requests.c.request_id)
        return self._connection.execute(kept).first() is not None

    def find(self, request_id: str) -> WriteOffRequest | None:
        """The request with this id."""
        found = self._read(write_off_requests.c.request_id == request_id, most=1)
        return found[0] if found else None

    def in_state(
        self,
        state: RequestState | None,
        most: int = 500,
        client_ids: Iterable[str] | None = None,
    ) -> list[WriteOffRequest]:
        """Requests in a state (None: in any), the newest first; of some clients, or of all."""
        stands = True if state is None else write_off_requests.c.state == state
        if client_ids is None:
            return self._read(stands, most)
        found = [
            one
            for batch in batches(client_ids)
            for one in self._read(stands, most, write_off_requests.c.client_id.in_(batch))
        ]
        return sorted(found, key=lambda one: one.requested_at, reverse=True)[:most]

    def of_client(self, client_id: str) -> list[WriteOffRequest]:
        """A client's requests, the newest first."""
        return self._read(write_off_requests.c.client_id == client_id, most=100)

    def change(self, request: WriteOffRequest, was: RequestState) -> bool:
        """Replace a request that is still in the state it was. Returns: whether it was."""
        changed = self._connection.execute(
            update(write_off_requests)
            .where(
                write_off_requests.c.request_id == request.request_id,
                write_off_requests.c.state == was,
            )
            .values(vars(request))
        )
        return changed.rowcount == 1

    def _read(
        self, condition: object, most: int, whose: ColumnElement[bool] | None = None
    ) -> list[WriteOffRequest]:
        asked = select(write_off_requests).order_by(write_off_requests.c.requested_at.desc())
        if condition is not True:
            asked = asked.where(condition)  # type: ignore[arg-type]
        if whose is not None:
            asked = asked.where(whose)
        return [
            WriteOffRequest(
                **{**row._mapping, "kind": RequestKind(row.kind), "state": RequestState(row.state)}
            )
            for row in self._connection.execute(asked.limit(most))
        ]
