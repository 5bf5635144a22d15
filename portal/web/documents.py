"""GET /documents/invoice/<invoice_id>.pdf: an invoice as it was received, to look at or to keep."""

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.documents.invoice_pdfs import InvoicePdfs
from portal.domain.errors import NotFound
from portal.domain.permissions import Permission, Principal
from portal.web.answers import in_thread, refusals
from portal.web.gate import Portal, check_data, person_of, require_module
from portal.web.pdf_answer import pdf_answer

LONGEST_NAME = 60
_NO_DOCUMENT = "There is no such document."
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+", re.ASCII)


def routes(portal_of: Callable[[], Portal]) -> list[Route]:
    """The route, showing the documents of the portal that `portal_of` gives."""

    @refusals
    async def invoice(request: Request) -> Response:
        return await in_thread(_invoice, portal_of(), request)

    return [Route("/documents/invoice/{invoice_id:path}.pdf", invoice, methods=["GET"])]


def _invoice(portal: Portal, request: Request) -> Response:
    principal = person_of(portal, request)
    principal.require(Permission.VIEW_INVOICES)
    require_module(portal, principal, "invoices")
    check_data(portal)
    invoice_id = request.path_params["invoice_id"]
    number = _number_of(portal, principal, invoice_id)
    content = InvoicePdfs(portal.settings.documents_path).read(invoice_id)
    if content is None:
        raise NotFound(_NO_DOCUMENT)
    return pdf_answer(content, file_name(number), request)


def _number_of(portal: Portal, principal: Principal, invoice_id: str) -> str:
    """The number of an invoice this person may see.

    Raises: NotFound, in the same words whether it doesn't exist or is somebody else's.
    """
    scope = principal.scope
    try:
        found = portal.warehouse.one(
            "invoices/invoice",
            sees_all=scope.all_clients,
            staff_id=scope.staff_id,
            invoice_id=invoice_id,
            today=portal.today(),
        )
    except NotFound:
        found = None
    if found is None:
        raise NotFound(_NO_DOCUMENT)
    return str(found["invoice_number"])


def file_name(invoice_number: str) -> str:
    """What a browser calls the file; nothing in an invoice's number can break out of the header."""
    safe = _NOT_IN_A_NAME.sub("-", invoice_number).strip("-")[:LONGEST_NAME]
    return f"invoice-{safe}.pdf" if safe else "invoice.pdf"
