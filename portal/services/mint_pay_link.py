"""Make a 1-click link: opaque, of one client, good until it expires or is revoked."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Principal
from portal.services import link_tokens
from portal.services.payer_ports import LinkTokens, PayerDirectory, PayLink
from portal.services.ports import Clock, Store, UnitOfWork
from portal.services.tickets import hash_of, new_secret


@dataclass(frozen=True, kw_only=True)
class MintPayLink:
    """The request of somebody of the firm. `invoice_ids` are chosen when the page opens."""

    actor: Principal
    client_id: str
    invoice_ids: tuple[str, ...] = ()
    email: str = ""
    days: int = 60


def mint_pay_link(
    command: MintPayLink,
    *,
    store: Store,
    clock: Clock,
    tokens: LinkTokens,
    directory: PayerDirectory,
) -> str:
    """Make a link for a client of this person's, audited.

    Returns: the token of its URL; it is shown once. Raises: Denied; NotFound.
    """
    command.actor.require(Permission.OPEN_CLIENT_PORTAL)
    if not is_in_scope(command.actor, command.client_id, directory):
        raise NotFound("There is no such client.")
    now, secret = clock(), new_secret()
    with store.unit_of_work() as uow:
        link = _add(
            uow,
            secret,
            client_id=command.client_id,
            invoice_ids=command.invoice_ids,
            email=command.email,
            by=command.actor.user_key,
            now=now,
            days=command.days,
        )
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action="pay_link.made",
            subject=command.client_id,
            detail={"link": link.link_id},
        )
        uow.commit()
    return tokens.seal(link_tokens.PAY_LINK, secret)


def is_in_scope(actor: Principal, client_id: str, directory: PayerDirectory) -> bool:
    """Whether there is such a client, and this person may see it."""
    client = directory.client(client_id)
    return client is not None and actor.sees(client.partner_id, client.manager_id)


class MailedPayLinks:
    """How a mail gets its button. Composing the same letter again gives the same link."""

    def __init__(
        self, store: Store, tokens: LinkTokens, *, url_of: Callable[[str], str], days: int
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._url_of = url_of
        self._days = days

    def for_client(
        self, client_id: str, *, invoice_ids: tuple[str, ...], letter_id: str, now: datetime
    ) -> str:
        """The address of the button of a letter about a client."""
        secret = self._tokens.derive(link_tokens.PAY_LINK, letter_id)
        with self._store.unit_of_work() as uow:
            if uow.pay_links.with_hash(hash_of(secret)) is None:
                _add(
                    uow,
                    secret,
                    client_id=client_id,
                    invoice_ids=invoice_ids,
                    email=_only_reader(uow, letter_id),
                    by=f"letter:{letter_id}",
                    now=now,
                    days=self._days,
                )
                uow.commit()
        return self._url_of(self._tokens.seal(link_tokens.PAY_LINK, secret))


def _only_reader(uow: UnitOfWork, letter_id: str) -> str:
    """Who gets the letter, if that is one person: their receipt needs no typing."""
    kept = uow.outbox.find(letter_id)
    people = kept.letter.recipients if kept else ()
    return people[0].address if len(people) == 1 else ""


def _add(
    uow: UnitOfWork,
    secret: str,
    *,
    client_id: str,
    invoice_ids: tuple[str, ...],
    email: str,
    by: str,
    now: datetime,
    days: int,
) -> PayLink:
    link = PayLink(
        link_id=uuid.uuid4().hex,
        token_hash=hash_of(secret),
        client_id=client_id,
        invoice_ids=invoice_ids,
        email=email,
        created_by=by,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    uow.pay_links.add(link)
    return link
