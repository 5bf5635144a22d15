"""GET /documents/account/<client>/<currency>/open.pdf or /<from>/<to>.pdf: made when asked."""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.collections_desk import CollectionsDesk
from portal.documents.statements import statement_pdf
from portal.domain.errors import Invalid
from portal.services.statement_on_demand import StatementOnDemand
from portal.web.answers import in_thread, refusals
from portal.web.gate import Portal, check_data, person_of


class StatementPortal(Portal, Protocol):
    """What these routes need of the portal."""

    collections: CollectionsDesk


def routes(portal_of: Callable[[], StatementPortal]) -> list[Route]:
    """The routes, printing statements of the portal that `portal_of` gives."""

    @refusals
    async def paper(request: Request) -> Response:
        return await in_thread(_paper, portal_of(), request)

    place = "/documents/account/{client_id}/{currency}"
    return [
        Route(f"{place}/open.pdf", paper, methods=["GET"]),
        Route(f"{place}/{{first}}/{{last}}.pdf", paper, methods=["GET"]),
    ]


def _paper(portal: StatementPortal, request: Request) -> Response:
    check_data(portal)
    asked = request.path_params
    command = StatementOnDemand(
        actor=person_of(portal, request),
        client_id=asked["client_id"],
        currency=asked["currency"][:3],
        first=_day(asked.get("first")),
        last=_day(asked.get("last")),
    )
    facts = portal.collections.statement_facts(command)
    shown = "attachment" if request.query_params.get("download") == "1" else "inline"
    headers = {
        "content-disposition": f'{shown}; filename="statement.pdf"',
        "cache-control": "no-store",
    }
    content = statement_pdf({**facts, "firm_name": portal.settings.firm_name})
    return Response(content, headers=headers, media_type="application/pdf")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("A period needs days like 2026-06-30.") from None
