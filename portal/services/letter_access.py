"""Which letters may somebody see and act on? Those about clients they see, and staff's own."""

from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.collection_access import is_in_scope
from portal.services.mail_ports import LetterKind, StoredLetter
from portal.services.money_ports import ClientDirectory
from portal.services.ports import UnitOfWork

SECRET_KINDS = frozenset({LetterKind.VERIFICATION, LetterKind.PASSWORD_RESET})
"""Their links belong to one reader alone: staff can neither read nor send them again."""


def reach_letter(
    uow: UnitOfWork,
    letter_id: str,
    actor: Principal,
    directory: ClientDirectory,
    permission: Permission = Permission.RESEND_INVOICE,
) -> StoredLetter:
    """The letter, if this person may act on it.

    Raises: Denied; NotFound for one that does not exist or is about somebody else's client.
    """
    actor.require(permission)
    stored = uow.outbox.find(letter_id)
    if stored is None or not _sees(actor, stored, directory):
        raise NotFound("There is no such mail.")
    return stored


def _sees(actor: Principal, stored: StoredLetter, directory: ClientDirectory) -> bool:
    if actor.scope.all_clients:
        return True
    if stored.letter.client_id is None:
        return False
    card = directory.client(stored.letter.client_id)
    return card is not None and is_in_scope(actor, card.partner_id, card.manager_id)
