"""Make a quick payment link: a page to pay without being a client."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from portal.domain.errors import Denied, Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.mail_addresses import checked_address
from portal.domain.money import MOST_CENTS
from portal.domain.permissions import Permission, Principal
from portal.services import link_tokens
from portal.services.payer_ports import LinkTokens, QuickLink
from portal.services.ports import Clock, Store
from portal.services.tickets import hash_of

LONGEST_TEXT = 200
MOST_USES = 100_000


@dataclass(frozen=True, kw_only=True)
class MakeQuickLink:
    """The request. Without an amount the payer says how much; without `most_uses` anybody can."""

    actor: Principal
    label: FreeText
    description: FreeText = ""
    amount_cents: int | None = None
    currency: str = "USD"
    email: str = ""
    company_name: FreeText = ""
    expires_at: datetime | None = None
    most_uses: int | None = None


@without_card_numbers
def make_quick_link(
    command: MakeQuickLink,
    *,
    store: Store,
    clock: Clock,
    tokens: LinkTokens,
    is_enabled: bool = True,
) -> QuickLink:
    """Make a link and keep it, audited. Its address can be read again as long as it is kept.

    Raises: Denied without the permission, or where the firm has switched quick links off; Invalid.
    """
    command.actor.require(Permission.QUICK_LINKS)
    if not is_enabled:
        raise Denied("Your firm has not switched quick payment links on.")
    now = clock()
    _check(command, now)
    link_id = uuid.uuid4().hex
    link = QuickLink(
        link_id=link_id,
        token_hash=hash_of(tokens.derive(link_tokens.QUICK_LINK, link_id)),
        label=_line(command.label),
        description=_line(command.description),
        currency=command.currency,
        amount_cents=command.amount_cents,
        email=checked_address(command.email) if command.email.strip() else "",
        company_name=_line(command.company_name),
        created_by=command.actor.user_key,
        created_at=now,
        expires_at=command.expires_at,
        most_uses=command.most_uses,
    )
    with store.unit_of_work() as uow:
        uow.quick_links.add(link)
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action="quick_link.made",
            subject=link_id,
            detail={"label": link.label, "amount_cents": link.amount_cents},
        )
        uow.commit()
    return link


def quick_token(link: QuickLink, tokens: LinkTokens) -> str:
    """The token of a quick link's address."""
    return tokens.seal(link_tokens.QUICK_LINK, tokens.derive(link_tokens.QUICK_LINK, link.link_id))


def _check(command: MakeQuickLink, now: datetime) -> None:
    if not command.label.strip():
        raise Invalid("Give the link a label, so that you find it again.")
    for text in (command.label, command.description, command.company_name):
        if len(text) > LONGEST_TEXT or not _line(text).isprintable():
            raise Invalid(f"{LONGEST_TEXT} characters are the most for a text of a link.")
    amount = command.amount_cents
    if amount is not None and not 0 < amount <= MOST_CENTS:
        raise Invalid("The amount must be more than 0.00.")
    if command.expires_at is not None and command.expires_at <= now:
        raise Invalid("The last day of the link must not be over.")
    if command.most_uses is not None and not 0 < command.most_uses <= MOST_USES:
        raise Invalid(f"A link can be used 1 to {MOST_USES:,} times.")


def _line(text: str) -> str:
    return " ".join(text.split())
