"""How people keep a list: PUT /api/list-state as they leave it, /api/views under names."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.domain.permissions import Permission, Principal
from portal.services.delete_list_view import DeleteListView, delete_list_view
from portal.services.ports import ListView
from portal.services.save_list_state import SaveListState, save_list_state
from portal.services.save_list_view import SaveListView, list_views, save_list_view
from portal.web.answers import in_thread, json_answer, read_body, refusals
from portal.web.gate import Portal, caller_of

_STATE = {"list": str, "place": str, "state": dict}
_VIEW = {"list": str, "name": str, "state": dict, "shared": bool, "view_id": str}


def routes(portal_of: Callable[[], Portal]) -> list[Route]:
    """The routes, keeping what the portal of `portal_of` keeps."""

    @refusals
    async def state(request: Request) -> Response:
        body = await read_body(request, _STATE, required=tuple(_STATE))
        await in_thread(_save_state, portal_of(), request, body)
        return Response(status_code=204)

    @refusals
    async def views(request: Request) -> Response:
        name = request.query_params.get("list", "")
        return await in_thread(_views, portal_of(), request, name)

    @refusals
    async def keep(request: Request) -> Response:
        body = await read_body(request, _VIEW, required=("list", "name", "state"))
        return await in_thread(_keep, portal_of(), request, body)

    @refusals
    async def drop(request: Request) -> Response:
        body = await read_body(request, _VIEW, required=("list", "view_id"))
        await in_thread(_drop, portal_of(), request, body)
        return Response(status_code=204)

    return [
        Route("/api/list-state", state, methods=["PUT"]),
        Route("/api/views", views, methods=["GET"]),
        Route("/api/views", keep, methods=["POST"]),
        Route("/api/views", drop, methods=["DELETE"]),
    ]


def _save_state(portal: Portal, request: Request, body: dict) -> None:
    caller = caller_of(portal, request, body["list"], {})
    command = SaveListState(
        actor=caller.principal,
        list_name=caller.definition.name,
        place=body["place"],
        state=body["state"],
    )
    save_list_state(command, store=portal.store)


def _views(portal: Portal, request: Request, list_name: str) -> Response:
    caller = caller_of(portal, request, list_name, {})
    found = list_views(caller.principal, caller.definition.name, store=portal.store)
    return json_answer({"views": [_told(view, caller.principal) for view in found]})


def _keep(portal: Portal, request: Request, body: dict) -> Response:
    caller = caller_of(portal, request, body["list"], {})
    command = SaveListView(
        actor=caller.principal,
        list_name=caller.definition.name,
        name=body["name"],
        state=body["state"],
        is_shared=body.get("shared", False),
        view_id=body.get("view_id"),
    )
    view = save_list_view(command, store=portal.store, clock=portal.now)
    return json_answer({"view": _told(view, caller.principal)})


def _drop(portal: Portal, request: Request, body: dict) -> None:
    caller = caller_of(portal, request, body["list"], {})
    command = DeleteListView(actor=caller.principal, view_id=body["view_id"])
    delete_list_view(command, store=portal.store, clock=portal.now)


def _told(view: ListView, principal: Principal) -> dict[str, object]:
    is_own = view.owner == principal.user_key
    return {
        "view_id": view.view_id,
        "name": view.name,
        "shared": view.is_shared,
        "is_own": is_own,
        "may_delete": is_own or principal.may(Permission.MANAGE_PERMISSIONS),
        "state": dict(view.state),
    }
