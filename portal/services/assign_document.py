"""Say which invoice a received PDF belongs to, or put it aside."""

from dataclasses import dataclass

from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.invoice_letter import may_reach
from portal.services.mail_ports import DocumentState, ReceivedDocument
from portal.services.receive_document import Intake, mail_first


@dataclass(frozen=True, kw_only=True)
class AssignDocument:
    """The request."""

    actor: Principal
    document_id: str
    invoice_number: str


@dataclass(frozen=True, kw_only=True)
class DismissDocument:
    """The request."""

    actor: Principal
    document_id: str


def assign_document(command: AssignDocument, intake: Intake) -> str:
    """Make a waiting PDF the document of an invoice, audited. Returns: the invoice's id.

    Raises: Denied; NotFound; Invalid for a number that no single invoice of theirs has.
    """
    document = _waiting(command.actor, command.document_id, intake, DocumentState.UNMATCHED)
    found = [
        one
        for one in intake.correspondence.invoices_by_number([command.invoice_number])
        if may_reach(command.actor, one[0], intake.correspondence)
    ]
    if len(found) != 1:
        how_many = "No invoice has" if not found else "More than one invoice has"
        raise Invalid(f"{how_many} the number {command.invoice_number.strip()[:40]}.")
    content = intake.waiting.read(document.document_id)
    if content is None:
        raise NotFound("The file is not there any more. Send it in again.")
    ((invoice_id, number),) = found
    intake.invoices.keep(invoice_id, content)
    with intake.store.unit_of_work() as uow:
        uow.documents.decide(
            document.document_id,
            state=DocumentState.MATCHED,
            by=command.actor.user_key,
            invoice_id=invoice_id,
            invoice_number=number,
        )
        uow.audit.append(
            at=intake.clock(),
            actor=command.actor.user_key,
            action="document.assigned",
            subject=document.document_id,
            detail={"invoice": invoice_id, "file": document.file_name},
        )
        uow.commit()
    intake.waiting.forget(document.document_id)
    mail_first(invoice_id, intake)
    return invoice_id


def dismiss_document(command: DismissDocument, intake: Intake) -> None:
    """Put a received file aside, audited.

    Raises: Denied; NotFound.
    """
    document = _waiting(
        command.actor, command.document_id, intake, DocumentState.UNMATCHED, DocumentState.REFUSED
    )
    with intake.store.unit_of_work() as uow:
        uow.documents.decide(
            document.document_id, state=DocumentState.DISMISSED, by=command.actor.user_key
        )
        uow.audit.append(
            at=intake.clock(),
            actor=command.actor.user_key,
            action="document.dismissed",
            subject=document.document_id,
            detail={"file": document.file_name},
        )
        uow.commit()
    intake.waiting.forget(document.document_id)


def _waiting(
    actor: Principal, document_id: str, intake: Intake, *states: DocumentState
) -> ReceivedDocument:
    # A file without an invoice is of no client yet: only who sees all clients may see it.
    actor.require(Permission.RESEND_INVOICE)
    actor.require(Permission.ALL_CLIENTS)
    with intake.store.reading() as view:
        document = view.documents.find(document_id)
    if document is None or document.state not in states:
        raise NotFound("There is no such file that waits.")
    return document
