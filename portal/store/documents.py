"""Files received, and the invoice each belongs to."""

from sqlalchemy import Connection, Row, and_, select, update

from portal.services.mail_ports import DocumentState, ReceivedDocument
from portal.store.engine import insert_into
from portal.store.mail_tables import received_documents


class DocumentRows:
    """The received_documents table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, document: ReceivedDocument) -> bool:
        """Keep what came in; an older document of the same invoice is superseded.

        Returns: False for what is known already by its source and key.
        """
        values = {**vars(document), "state": document.state.value}
        insert = insert_into(self._connection, received_documents).values(values)
        new = insert.on_conflict_do_nothing(index_elements=["source", "source_key"])
        if not self._connection.execute(new.returning(received_documents.c.document_id)).first():
            return False
        if document.state is DocumentState.MATCHED:
            self._supersede(document.invoice_id, document.document_id)
        return True

    def find(self, document_id: str) -> ReceivedDocument | None:
        """The document with this id."""
        row = self._connection.execute(
            select(received_documents).where(received_documents.c.document_id == document_id)
        ).one_or_none()
        return None if row is None else _document(row)

    def has(self, source: str, source_key: str) -> bool:
        """Whether this came in already."""
        return (
            self._connection.execute(
                select(received_documents.c.document_id).where(
                    received_documents.c.source == source,
                    received_documents.c.source_key == source_key,
                )
            ).first()
            is not None
        )

    def unmatched(self, most: int = 200) -> list[ReceivedDocument]:
        """What waits for a person: no invoice found, or refused; newest first."""
        waiting = [DocumentState.UNMATCHED.value, DocumentState.REFUSED.value]
        return self._some(received_documents.c.state.in_(waiting), most)

    def recent(self, most: int = 50) -> list[ReceivedDocument]:
        """What came in last, newest first."""
        return self._some(None, most)

    def of_invoice(self, invoice_id: str) -> list[ReceivedDocument]:
        """What came in for an invoice, newest first."""
        return self._some(received_documents.c.invoice_id == invoice_id, 50)

    def decide(
        self,
        document_id: str,
        *,
        state: DocumentState,
        by: str,
        invoice_id: str | None = None,
        invoice_number: str | None = None,
    ) -> None:
        """Keep what a person said about a document."""
        self._connection.execute(
            update(received_documents)
            .where(received_documents.c.document_id == document_id)
            .values(
                state=state.value,
                decided_by=by,
                invoice_id=invoice_id,
                invoice_number=invoice_number,
            )
        )
        if state is DocumentState.MATCHED:
            self._supersede(invoice_id, document_id)

    def _supersede(self, invoice_id: str | None, newest: str) -> None:
        self._connection.execute(
            update(received_documents)
            .where(
                and_(
                    received_documents.c.invoice_id == invoice_id,
                    received_documents.c.document_id != newest,
                    received_documents.c.state == DocumentState.MATCHED.value,
                )
            )
            .values(state=DocumentState.SUPERSEDED.value)
        )

    def _some(self, which: object, most: int) -> list[ReceivedDocument]:
        wanted = select(received_documents)
        if which is not None:
            wanted = wanted.where(which)  # type: ignore[arg-type]
        found = self._connection.execute(
            wanted.order_by(
                received_documents.c.received_at.desc(), received_documents.c.document_id
            ).limit(most)
        )
        return [_document(row) for row in found]


def _document(row: Row) -> ReceivedDocument:
    return ReceivedDocument(**{**row._mapping, "state": DocumentState(row.state)})
