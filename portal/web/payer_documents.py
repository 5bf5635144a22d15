"""GET /payer/invoice/<id>.pdf and /payer/receipt/<id>.pdf: a payer's own papers."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.client_portal import ClientPortal
from portal.documents.invoice_pdfs import InvoicePdfs
from portal.documents.receipts import receipt_pdf
from portal.domain.errors import NotFound
from portal.services.payer_receipts import paper_facts, payment_for
from portal.web.answers import in_thread, refusals
from portal.web.documents import file_name
from portal.web.payer_gate import PayerPortal
from portal.web.payer_session import payer_of

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
    facts = paper_facts(
        payment, store=portal.store, directory=portal.clients, zone=settings.timezone
    )
    of_firm = {"firm_name": settings.firm_name, "colour": settings.payers.colour}
    name = f"receipt-{payment.payment_id}.pdf"
    return pdf_answer(receipt_pdf({**of_firm, **facts}), name, request)


def pdf_answer(content: bytes, name: str, request: Request) -> Response:
    """A PDF to look at, or with `?download=1` to keep."""
    shown = "attachment" if request.query_params.get("download") == "1" else "inline"
    headers = {
        "content-disposition": f'{shown}; filename="{name}"',
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    return Response(content, headers=headers, media_type="application/pdf")
