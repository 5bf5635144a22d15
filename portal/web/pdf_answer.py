"""A PDF as an answer: to look at in the browser, or to keep."""

from starlette.requests import Request
from starlette.responses import Response

from portal.documents.receipts import receipt_pdf
from portal.services.money_ports import ClientDirectory
from portal.services.money_records import Payment
from portal.services.payer_receipts import paper_facts
from portal.services.ports import Store
from portal.settings import Settings


def pdf_answer(content: bytes, name: str, request: Request) -> Response:
    """The PDF in the browser, or with `?download=1` as a file. `name` is fit for a header."""
    shown = "attachment" if request.query_params.get("download") == "1" else "inline"
    headers = {
        "content-disposition": f'{shown}; filename="{name}"',
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    return Response(content, headers=headers, media_type="application/pdf")


def receipt_answer(
    payment: Payment,
    request: Request,
    *,
    settings: Settings,
    store: Store,
    directory: ClientDirectory,
) -> Response:
    """The receipt of a payment that whoever asks may see: one paper for staff and payers."""
    facts = paper_facts(payment, store=store, directory=directory, zone=settings.timezone)
    of_firm = {"firm_name": settings.firm_name, "colour": settings.payers.colour}
    name = f"receipt-{payment.payment_id}.pdf"
    return pdf_answer(receipt_pdf({**of_firm, **facts}), name, request)
