"""GET /payer/invoice/<id>.pdf and /payer/receipt/<id>.pdf: a payer's own papers."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.client_portal import ClientPortal
from portal.documents.invoice_pdfs import InvoicePdfs
from portal.domain.errors import NotFound
from portal.services.payer_receipts import payment_for
from portal.web.answers import in_thread, refusals
from portal.web.documents import file_name
from portal.web.payer_gate import PayerPortal
from portal.web.payer_session import payer_of
from portal.web.pdf_answer import pdf_answer, receipt_answer

NO_DOCUMENT = "There is no such document."


def routes(portal_of: Callable[[], PayerPortal]) -> list[Route]:
    """The routes, showing the documents of the portal that `portal_of` gives."""

    @refusals
    async def invoice(request: Request) -> Response:
        return await in_thread(_invoice, portal_of().client_portal, request)

    @refusals
    async def receipt(request: Request) -> Response:
        return await in_thread(_receipt, portal_of().client_portal, request)

    return [
        Route("/payer/invoice/{invoice_id:path}.pdf", invoice, methods=["GET"]),
        Route("/payer/receipt/{payment_id}.pdf", receipt, methods=["GET"]),
    ]


def _invoice(portal: ClientPortal, request: Request) -> Response:
    payer = payer_of(portal, request)
    invoice_id = request.path_params["invoice_id"]
    found = portal.directory.invoice(invoice_id)
    # One answer for what does not exist and what is somebody else's.
    if found is None or found.client_id not in payer.client_ids:
        raise NotFound(NO_DOCUMENT)
    content = InvoicePdfs(portal.settings.documents_path).read(invoice_id)
    if content is None:
        raise NotFound(NO_DOCUMENT)
    return pdf_answer(content, file_name(found.invoice_number), request)


def _receipt(portal: ClientPortal, request: Request) -> Response:
    payer = payer_of(portal, request)
    settings = portal.settings
    payment = payment_for(
        payer,
        request.path_params["payment_id"],
        store=portal.store,
        shows_history=settings.payers.history,
    )
    return receipt_answer(
        payment, request, settings=settings, store=portal.store, directory=portal.clients
    )
