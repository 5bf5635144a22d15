"""Come in as a guest: a client number and the number of any of its invoices."""

from dataclasses import dataclass

from portal.domain.errors import SignInRefused
from portal.domain.payers import EntryKind
from portal.services import link_tokens
from portal.services.payer_doors import Door, check_door, knock
from portal.services.payer_ports import LinkTokens, PayerDirectory
from portal.services.ports import Clock, Store
from portal.services.start_payer_session import Visitor, issue_handover

LONGEST_NUMBER = 60
NO_PAIR = "We find no invoice with these two numbers. Both are on every invoice of ours."


@dataclass(frozen=True, kw_only=True)
class OpenAsGuest:
    """The request. `address` is the network address it came from."""

    client_number: str
    invoice_number: str
    address: str


def open_as_guest(
    command: OpenAsGuest,
    *,
    store: Store,
    clock: Clock,
    tokens: LinkTokens,
    directory: PayerDirectory,
) -> str:
    """Check the pair of numbers and promise a session for that one client.

    Returns: the token to exchange. Raises: SignInRefused for a wrong pair, in the same words
    whichever number is wrong, and after too many tries.
    """
    client_id, attempt_id = find_pair(
        command.client_number,
        command.invoice_number,
        command.address,
        store=store,
        clock=clock,
        directory=directory,
    )
    with store.unit_of_work() as uow:
        uow.payer_attempts.mark_succeeded(attempt_id)
        visitor = Visitor(entry=EntryKind.GUEST, client_id=client_id)
        ticket = issue_handover(uow, visitor, clock())
        uow.commit()
    return tokens.seal(link_tokens.HANDOVER, ticket)


def find_pair(
    client_number: str,
    invoice_number: str,
    address: str,
    *,
    store: Store,
    clock: Clock,
    directory: PayerDirectory,
) -> tuple[str, str]:
    """The client with this number and this invoice; the try counts as wrong until marked.

    Returns: the client's id and the try's. Raises: SignInRefused.
    """
    client, invoice = client_number.strip(), invoice_number.strip()
    if not client or not invoice:
        raise SignInRefused("Type your client number and the number of one of your invoices.")
    if len(client) > LONGEST_NUMBER or len(invoice) > LONGEST_NUMBER:
        raise SignInRefused(NO_PAIR)
    with store.reading() as view:
        check_door(view, Door.PAIR, client.casefold(), address, clock())
    with store.unit_of_work() as uow:
        attempt_id = knock(uow, Door.PAIR, client.casefold(), address, clock())
        uow.commit()
    client_id = directory.client_of_pair(client, invoice)
    if client_id is None:
        raise SignInRefused(NO_PAIR)
    return client_id, attempt_id
