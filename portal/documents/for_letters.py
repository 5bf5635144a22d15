"""The documents that go with letters: invoices as received, papers made when a letter leaves."""

from collections.abc import Callable, Mapping

from portal.documents.invoice_pdfs import InvoicePdfs
from portal.documents.receipts import receipt_pdf
from portal.documents.statements import statement_pdf
from portal.mail.brand import Brand
from portal.mail.compose import AttachedFile
from portal.services.mail_ports import Attachment, DocumentKind

Facts = Mapping[str, object]


class LetterDocuments:
    """Reads and makes the documents of one firm's letters."""

    def __init__(self, invoices: InvoicePdfs, brand: Brand) -> None:
        self._invoices = invoices
        self._brand = brand

    def read(self, attachment: Attachment, facts: Facts) -> AttachedFile | None:
        """The document; None for an invoice whose PDF never came."""
        match attachment.kind:
            case DocumentKind.INVOICE:
                content = self._invoices.read(attachment.key)
                name = attachment.file_name or "invoice.pdf"
                return AttachedFile(file_name=name, content=content) if content else None
            case DocumentKind.STATEMENT:
                return self._made(statement_pdf, attachment.file_name or "statement.pdf", facts)
            case DocumentKind.RECEIPT:
                return self._made(receipt_pdf, attachment.file_name or "receipt.pdf", facts)

    def _made(self, print_it: Callable[[Facts], bytes], name: str, facts: Facts) -> AttachedFile:
        of_firm = {"firm_name": self._brand.firm_name, "colour": self._brand.colour}
        inner = facts.get("statement")
        stated = inner if isinstance(inner, Mapping) else facts
        return AttachedFile(file_name=name, content=print_it({**of_firm, **stated}))
