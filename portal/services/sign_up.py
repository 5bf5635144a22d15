"""Make an account of the client portal: who reads the address's mail chooses its password."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from portal.domain.errors import Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.mail_addresses import checked_address
from portal.domain.payers import Payer
from portal.services.account_mail import write_code
from portal.services.payer_doors import Door, knock
from portal.services.payer_ports import CodePurpose, LinkTokens, PortalUser, UserClient
from portal.services.ports import Clock, Store, UnitOfWork

LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """The request. `payer` is how they are in now (link or guest), if they are.

    No password is asked: whoever signs up first may not be who reads the address's mail.
    """

    full_name: FreeText
    email: str
    address: str
    payer: Payer | None = None


@without_card_numbers
def sign_up(
    command: SignUp,
    *,
    store: Store,
    clock: Clock,
    tokens: LinkTokens,
    url_of: Callable[[str], str],
) -> None:
    """Keep the account and write to its address. Who has one already gets a mail all the same.

    The client they came in for is linked to the account. Nothing tells a stranger whether an
    address has an account. Raises: Invalid; SignInRefused after too many tries.
    """
    name = " ".join(command.full_name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid("Type your name.")
    email = checked_address(command.email).lower()
    with store.unit_of_work() as uow:
        now = clock()
        knock(uow, Door.LETTER, email, command.address, now)
        known = uow.portal_users.with_email(email)
        if known is not None and known.verified_at:
            write_code(uow, known, CodePurpose.NEW_PASSWORD, now, tokens=tokens, url_of=url_of)
            uow.commit()
            return
        if known is not None:
            again = replace(known, full_name=name)
            uow.portal_users.save(again)
            write_code(uow, again, CodePurpose.VERIFY, now, tokens=tokens, url_of=url_of)
            uow.commit()
            return
        user = PortalUser(
            portal_user_id=uuid.uuid4().hex,
            email=email,
            full_name=name,
            password_hash=None,
            verified_at=None,
            is_active=True,
            created_at=now,
        )
        uow.portal_users.save(user)
        _link_where_they_are(uow, user, command.payer)
        write_code(uow, user, CodePurpose.VERIFY, now, tokens=tokens, url_of=url_of)
        uow.audit.append(
            at=now,
            actor=f"payer:{user.portal_user_id}",
            action="portal_user.signed_up",
            subject=user.portal_user_id,
            detail={"address": command.address},
        )
        uow.commit()


def _link_where_they_are(uow: UnitOfWork, user: PortalUser, payer: Payer | None) -> None:
    # A guest knew an invoice, the reader of a mail had its link: what adding a client asks for.
    # Somebody of the firm looking at a client's portal is nobody's account.
    if payer is None or payer.staff_key or payer.portal_user_id:
        return
    for client_id in payer.client_ids:
        uow.portal_users.link(
            UserClient(
                portal_user_id=user.portal_user_id,
                client_id=client_id,
                linked_by=payer.actor,
                linked_at=user.created_at,
            )
        )
