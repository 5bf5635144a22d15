"""POST /api/rows: the rows a grid scrolls to."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.domain.errors import Invalid
from portal.warehouse.list_query import RowsRequest
from portal.warehouse.rows import list_page
from portal.web.answers import in_thread, json_answer, read_body, refusals
from portal.web.gate import Portal, caller_of

_FIELDS = {
    "list": str,
    "start_row": int,
    "end_row": int,
    "sort_model": list,
    "filter_model": dict,
    "search": str,
    "params": dict,
}


def routes(portal_of: Callable[[], Portal]) -> list[Route]:
    """The route, reading from the portal that `portal_of` gives."""

    @refusals
    async def rows(request: Request) -> Response:
        body = await read_body(request, _FIELDS, required=("list", "start_row", "end_row"))
        return await in_thread(_answer, portal_of(), request, body)

    return [Route("/api/rows", rows, methods=["POST"])]


def question(body: dict, params: dict) -> RowsRequest:
    """What a body asks of a list; the fields' insides are checked where they are compiled.

    Raises: Invalid.
    """
    sort_model = body.get("sort_model", [])
    if not all(isinstance(item, dict) for item in sort_model):
        raise Invalid("A sort names a column (colId) and a direction (sort).")
    return RowsRequest(
        start_row=body.get("start_row", 0),
        end_row=body.get("end_row", 1),
        sort_model=sort_model,
        filter_model=body.get("filter_model", {}),
        search=body.get("search", ""),
        params=params,
    )


def _answer(portal: Portal, request: Request, body: dict) -> Response:
    caller = caller_of(portal, request, body["list"], body.get("params", {}))
    page = list_page(
        portal.warehouse,
        caller.definition,
        question(body, dict(caller.params)),
        caller.principal.scope,
        portal.today(),
        portal.settings.currency,
    )
    return json_answer(vars(page))
