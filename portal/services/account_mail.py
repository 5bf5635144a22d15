"""The mails of an account of the client portal: show that an address is yours, a new password."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from portal.services import link_tokens
from portal.services.mail_ports import Letter, LetterKind, Recipient
from portal.services.payer_ports import AccountCode, CodePurpose, LinkTokens, PortalUser
from portal.services.ports import UnitOfWork
from portal.services.tickets import hash_of, new_secret

GOOD_FOR = {CodePurpose.VERIFY: timedelta(hours=24), CodePurpose.NEW_PASSWORD: timedelta(hours=1)}
_LETTERS = {
    CodePurpose.VERIFY: LetterKind.VERIFICATION,
    CodePurpose.NEW_PASSWORD: LetterKind.PASSWORD_RESET,
}


def write_code(
    uow: UnitOfWork,
    user: PortalUser,
    purpose: CodePurpose,
    now: datetime,
    *,
    tokens: LinkTokens,
    url_of: Callable[[str], str],
) -> None:
    """Put the mail with a fresh code into the outbox, in the caller's transaction."""
    secret = new_secret()
    uow.portal_users.add_code(
        AccountCode(
            code_hash=hash_of(secret),
            portal_user_id=user.portal_user_id,
            purpose=purpose,
            expires_at=now + GOOD_FOR[purpose],
        )
    )
    letter = Letter(
        kind=_LETTERS[purpose],
        dedupe_key=f"{purpose.value}:{uuid.uuid4().hex}",
        recipients=(Recipient(address=user.email, name=user.full_name),),
        facts={"full_name": user.full_name},
        secret_link=url_of(tokens.seal(link_tokens.ACCOUNT_CODE, secret)),
    )
    uow.outbox.add(letter, at=now)
