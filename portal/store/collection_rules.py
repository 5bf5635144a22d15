"""Versions of the firm's rules of collections, and requests to write off: their tables."""

from sqlalchemy import Connection, select, update

from portal.domain.collection_rules import CollectionRules, read_rules
from portal.services.collections_ports import RequestKind, RequestState, WriteOffRequest
from portal.services.statement_ports import RulesVersion
from portal.store.collections_tables import collection_rules, write_off_requests


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

    def add(self, request: WriteOffRequest) -> None:
        """Keep a new request."""
        self._connection.execute(write_off_requests.insert().values(vars(request)))

    def find(self, request_id: str) -> WriteOffRequest | None:
        """The request with this id."""
        found = self._read(write_off_requests.c.request_id == request_id, most=1)
        return found[0] if found else None

    def in_state(self, state: RequestState | None, most: int = 500) -> list[WriteOffRequest]:
        """Requests in a state (None: in any), the newest first."""
        return self._read(True if state is None else write_off_requests.c.state == state, most)

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

    def _read(self, condition: object, most: int) -> list[WriteOffRequest]:
        asked = select(write_off_requests).order_by(write_off_requests.c.requested_at.desc())
        if condition is not True:
            asked = asked.where(condition)  # type: ignore[arg-type]
        return [
            WriteOffRequest(
                **{**row._mapping, "kind": RequestKind(row.kind), "state": RequestState(row.state)}
            )
            for row in self._connection.execute(asked.limit(most))
        ]
