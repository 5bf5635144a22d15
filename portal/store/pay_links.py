"""Links to pay: the 1-click links of mails, and the firm's quick payment links."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from portal.services.payer_ports import PayLink, QuickLink
from portal.store.payer_tables import pay_links, quick_links


class PayLinkRows:
    """The pay_links table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, link: PayLink) -> None:
        """Keep a new link."""
        values = {**vars(link), "invoice_ids": list(link.invoice_ids)}
        self._connection.execute(insert(pay_links).values(values))

    def find(self, link_id: str) -> PayLink | None:
        """The link with this id."""
        return self._one(pay_links.c.link_id == link_id)

    def with_hash(self, token_hash: str) -> PayLink | None:
        """The link whose token has this hash, whether it is open or not."""
        return self._one(pay_links.c.token_hash == token_hash)

    def of_client(self, client_id: str) -> list[PayLink]:
        """The links to a client's portal, newest first."""
        found = self._connection.execute(
            select(pay_links)
            .where(pay_links.c.client_id == client_id)
            .order_by(pay_links.c.created_at.desc(), pay_links.c.link_id)
        )
        return [_pay_link(row._mapping) for row in found]

    def count_use(self, link_id: str, now: datetime) -> None:
        """Note that a link was opened."""
        self._connection.execute(
            update(pay_links)
            .where(pay_links.c.link_id == link_id)
            .values(uses=pay_links.c.uses + 1, last_used_at=now)
        )

    def revoke(self, link_id: str, by: str, now: datetime) -> bool:
        """Make a link worthless. Returns: whether it was not yet."""
        done = self._connection.execute(
            update(pay_links)
            .where(pay_links.c.link_id == link_id, pay_links.c.revoked_at.is_(None))
            .values(revoked_at=now, revoked_by=by)
        )
        return done.rowcount == 1

    def _one(self, condition: object) -> PayLink | None:
        row = self._connection.execute(
            select(pay_links).where(condition)  # type: ignore[arg-type]
        ).one_or_none()
        return None if row is None else _pay_link(row._mapping)


class QuickLinkRows:
    """The quick_links table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, link: QuickLink) -> None:
        """Keep a new quick link."""
        self._connection.execute(insert(quick_links).values(vars(link)))

    def find(self, link_id: str) -> QuickLink | None:
        """The quick link with this id."""
        return self._one(quick_links.c.link_id == link_id)

    def with_hash(self, token_hash: str) -> QuickLink | None:
        """The quick link whose token has this hash, whether it is open or not."""
        return self._one(quick_links.c.token_hash == token_hash)

    def all(self) -> list[QuickLink]:
        """Every quick link, newest first."""
        found = self._connection.execute(
            select(quick_links).order_by(quick_links.c.created_at.desc(), quick_links.c.link_id)
        )
        return [QuickLink(**row._mapping) for row in found]

    def count_use(self, link_id: str) -> None:
        """Note that a quick link was paid."""
        self._connection.execute(
            update(quick_links)
            .where(quick_links.c.link_id == link_id)
            .values(uses=quick_links.c.uses + 1)
        )

    def revoke(self, link_id: str, by: str, now: datetime) -> bool:
        """Make a quick link worthless. Returns: whether it was not yet."""
        done = self._connection.execute(
            update(quick_links)
            .where(quick_links.c.link_id == link_id, quick_links.c.revoked_at.is_(None))
            .values(revoked_at=now, revoked_by=by)
        )
        return done.rowcount == 1

    def _one(self, condition: object) -> QuickLink | None:
        row = self._connection.execute(
            select(quick_links).where(condition)  # type: ignore[arg-type]
        ).one_or_none()
        return None if row is None else QuickLink(**row._mapping)


def _pay_link(row: object) -> PayLink:
    read = dict(row)  # type: ignore[call-overload]
    return PayLink(**{**read, "invoice_ids": tuple(read["invoice_ids"])})
