"""Portal users, the clients linked to them, and the codes of their mails."""

from datetime import datetime

from sqlalchemy import Connection, Row, delete, select

from portal.services.payer_ports import AccountCode, CodePurpose, PortalUser, UserClient
from portal.store.engine import insert_into
from portal.store.payer_tables import account_codes, portal_user_clients, portal_users


class PortalUserRows:
    """The portal_users, portal_user_clients and account_codes tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, portal_user_id: str) -> PortalUser | None:
        """The portal user with this id."""
        return self._one(portal_users.c.portal_user_id == portal_user_id)

    def with_email(self, email: str) -> PortalUser | None:
        """The portal user with this address; addresses are kept in lower case."""
        return self._one(portal_users.c.email == email.lower())

    def everybody(self) -> list[PortalUser]:
        """All portal users, by address."""
        found = self._connection.execute(select(portal_users).order_by(portal_users.c.email))
        return [_user(row) for row in found]

    def save(self, user: PortalUser) -> None:
        """Add a portal user, or replace what is known of one."""
        values = {
            **vars(user),
            "email": user.email.lower(),
            "receipt_emails": list(user.receipt_emails),
        }
        insert = insert_into(self._connection, portal_users).values(values)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["portal_user_id"], set_=values)
        )

    def clients_of(self, portal_user_id: str) -> list[UserClient]:
        """The clients a portal user sees, in the order they were linked."""
        found = self._connection.execute(
            select(portal_user_clients)
            .where(portal_user_clients.c.portal_user_id == portal_user_id)
            .order_by(portal_user_clients.c.linked_at, portal_user_clients.c.client_id)
        )
        return [UserClient(**row._mapping) for row in found]

    def users_of(self, client_id: str) -> list[PortalUser]:
        """The portal users who see a client, by address."""
        found = self._connection.execute(
            select(portal_users)
            .join(
                portal_user_clients,
                portal_user_clients.c.portal_user_id == portal_users.c.portal_user_id,
            )
            .where(portal_user_clients.c.client_id == client_id)
            .order_by(portal_users.c.email)
        )
        return [_user(row) for row in found]

    def link(self, link: UserClient) -> bool:
        """Let a portal user see a client. Returns: False when they did already."""
        insert = insert_into(self._connection, portal_user_clients).values(vars(link))
        kept = insert.on_conflict_do_nothing().returning(portal_user_clients.c.client_id)
        return self._connection.execute(kept).first() is not None

    def unlink(self, portal_user_id: str, client_id: str) -> bool:
        """Take a client from a portal user. Returns: whether they had seen it."""
        gone = self._connection.execute(
            delete(portal_user_clients).where(
                portal_user_clients.c.portal_user_id == portal_user_id,
                portal_user_clients.c.client_id == client_id,
            )
        )
        return gone.rowcount == 1

    def add_code(self, code: AccountCode) -> None:
        """Keep a code until it is used or its time is over."""
        values = {**vars(code), "purpose": code.purpose.value}
        self._connection.execute(insert_into(self._connection, account_codes).values(values))

    def find_code(self, code_hash: str, now: datetime) -> AccountCode | None:
        """The code with this hash, unless it is unknown, has served or is too old."""
        row = self._connection.execute(
            select(account_codes).where(
                account_codes.c.code_hash == code_hash, account_codes.c.expires_at > now
            )
        ).one_or_none()
        if row is None:
            return None
        return AccountCode(**{**row._mapping, "purpose": CodePurpose(row.purpose)})

    def forget_codes(self, portal_user_id: str) -> None:
        """Make every code of a portal user worthless."""
        self._connection.execute(
            delete(account_codes).where(account_codes.c.portal_user_id == portal_user_id)
        )

    def _one(self, condition: object) -> PortalUser | None:
        row = self._connection.execute(
            select(portal_users).where(condition)  # type: ignore[arg-type]
        ).one_or_none()
        return None if row is None else _user(row)


def _user(row: Row) -> PortalUser:
    return PortalUser(**{**row._mapping, "receipt_emails": tuple(row.receipt_emails)})
