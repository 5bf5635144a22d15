"""GET /documents/receipt/<id>.pdf, /aging.pdf and /account/<client>/…: papers made when asked.

An account's paper is its statement: /<currency>/open.pdf, or /<currency>/<from>/<to>.pdf.

Each checks who asks, as the pages do; a paper holds what that person may see, nothing else.
"""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.collections_desk import CollectionsDesk
from portal.documents.aging_paper import aging_pdf
from portal.documents.statements import statement_pdf
from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission, Principal
from portal.lists.registry import find_list
from portal.services.collection_access import is_in_scope
from portal.services.money_ports import ClientDirectory
from portal.services.statement_on_demand import StatementOnDemand
from portal.warehouse.list_query import RowsRequest
from portal.warehouse.rows import list_page
from portal.web.answers import in_thread, refusals
from portal.web.gate import Portal, check_data, check_list, person_of, require_module
from portal.web.pdf_answer import pdf_answer, receipt_answer

MOST_ROWS = 500
"""Of the aging report on paper."""
_GROUPS = {"partner": "by partner", "manager": "by manager", "office": "by office",
           "group": "by client group", "client": "by client"}  # fmt: skip


class PaperPortal(Portal, Protocol):
    """What these routes need of the portal."""

    collections: CollectionsDesk

    @property
    def clients(self) -> ClientDirectory:
        """The clients the firm shows."""
        ...


def routes(portal_of: Callable[[], PaperPortal]) -> list[Route]:
    """The routes, printing for the portal that `portal_of` gives."""

    def answering(work: Callable[[PaperPortal, Request], Response]) -> Callable:
        @refusals
        async def answer(request: Request) -> Response:
            return await in_thread(work, portal_of(), request)

        return answer

    account = "/documents/account/{client_id}/{currency}"
    return [
        Route("/documents/receipt/{payment_id}.pdf", answering(_receipt)),
        Route("/documents/aging.pdf", answering(_aging)),
        Route(f"{account}/open.pdf", answering(_statement)),
        Route(f"{account}/{{first}}/{{last}}.pdf", answering(_statement)),
    ]


def _receipt(portal: PaperPortal, request: Request) -> Response:
    actor = person_of(portal, request)
    actor.require(Permission.VIEW_PAYMENTS)
    require_module(portal, actor, "payments")
    with portal.store.reading() as view:
        payment = view.payments.find(request.path_params["payment_id"])
    if payment is None or not _sees(actor, payment.client_id, portal.clients):
        raise NotFound("There is no such payment.")
    return receipt_answer(
        payment, request, settings=portal.settings, store=portal.store, directory=portal.clients
    )


def _sees(actor: Principal, client_id: str | None, clients: ClientDirectory) -> bool:
    if actor.scope.all_clients:
        return True
    card = clients.client(client_id) if client_id else None
    return card is not None and is_in_scope(actor, card.partner_id, card.manager_id)


def _aging(portal: PaperPortal, request: Request) -> Response:
    """The aging list as it is on screen, with the list's own parameters."""
    actor = person_of(portal, request)
    check_data(portal)
    settings = portal.settings
    definition = find_list("aging", settings.aging_edges)
    if definition is None:
        raise NotFound("There is no such list.")
    check_list(portal, actor, definition)
    params = {name: value for name, value in request.query_params.items() if name != "download"}
    page = list_page(
        portal.warehouse,
        definition,
        RowsRequest(
            end_row=MOST_ROWS,
            filter_model={"currency": {"filterType": "set", "values": [settings.currency]}},
            params=params,
        ),
        actor.scope,
        portal.today(),
        settings.currency,
    )
    shown = [c for c in definition.columns if c.id == "group_name" or c.total]
    as_of = _day(params.get("as_of")) or portal.today()
    lens = "invoice date" if params.get("lens") == "invoice" else "due date"
    content = aging_pdf(
        firm_name=settings.firm_name,
        colour=settings.payers.colour,
        as_of=as_of,
        words=f"{_GROUPS.get(params.get('group_by', 'partner'), 'by partner')}, by {lens}",
        currency=settings.currency,
        columns=[(c.id, c.label) for c in shown if c.id.endswith("_cents") or c.id == "group_name"],
        rows=page.rows,
        totals=page.totals,
        left_out=max(page.last_row - MOST_ROWS, 0),
    )
    return pdf_answer(content, f"aging-{as_of.isoformat()}.pdf", request)


def _statement(portal: PaperPortal, request: Request) -> Response:
    actor = person_of(portal, request)
    require_module(portal, actor, "collections")
    check_data(portal)
    asked = request.path_params
    command = StatementOnDemand(
        actor=actor,
        client_id=asked["client_id"],
        currency=asked["currency"][:3],
        first=_day(asked.get("first")),
        last=_day(asked.get("last")),
    )
    facts = portal.collections.statement_facts(command)
    content = statement_pdf({**facts, "firm_name": portal.settings.firm_name})
    return pdf_answer(content, "statement.pdf", request)


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise Invalid("A day is written like 2026-06-30.") from None
