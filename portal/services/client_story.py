"""Everything collections knows of one client: notes, promises, disputes, holds, statements."""

from dataclasses import dataclass

from portal.domain.permissions import Principal
from portal.services.collection_access import reach_client
from portal.services.collections_ports import (
    ClientHold,
    HoldKind,
    InvoiceDispute,
    Note,
    Promise,
    WorklistMark,
    WriteOffRequest,
)
from portal.services.money_ports import ClientDirectory
from portal.services.payer_ports import PayerMessage
from portal.services.ports import Store
from portal.services.statement_ports import Statement


@dataclass(frozen=True, kw_only=True)
class ClientStory:
    """What was said and done about a client, each part the newest first."""

    notes: list[Note]
    promises: list[Promise]
    disputes: list[InvoiceDispute]
    pause: ClientHold | None
    exclusion: ClientHold | None
    mark: WorklistMark | None
    statements: list[Statement]
    requests: list[WriteOffRequest]
    asked: list[PayerMessage]
    """What the client asked through its portal, with what was answered."""


def client_story(
    actor: Principal, client_id: str, *, store: Store, directory: ClientDirectory
) -> ClientStory:
    """Read it all.

    Raises: Denied; NotFound for somebody else's client.
    """
    reach_client(actor, client_id, directory)
    with store.reading() as view:
        return ClientStory(
            notes=view.notes.of_client(client_id),
            promises=view.promises.of_client(client_id),
            disputes=view.invoice_disputes.of_client(client_id),
            pause=view.holds.running(client_id, HoldKind.PAUSE),
            exclusion=view.holds.running(client_id, HoldKind.EXCLUSION),
            mark=view.marks.find(client_id),
            statements=view.statements.of_client(client_id),
            requests=view.write_offs.of_client(client_id),
            asked=view.payer_messages.of_client(client_id),
        )
