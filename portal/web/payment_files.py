"""GET /documents/payment-file/<file_id>.csv: one of a day's payment files, as it was made."""

import hashlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.documents.payment_files import PaymentFileShelf
from portal.domain.errors import NotFound, PortalError
from portal.domain.permissions import Permission
from portal.web.answers import in_thread, refusals
from portal.web.gate import Portal, person_of, require_module


def routes(portal_of: Callable[[], Portal]) -> list[Route]:
    """The route, giving the files of the portal that `portal_of` gives."""

    @refusals
    async def payment_file(request: Request) -> Response:
        return await in_thread(_file, portal_of(), request)

    return [Route("/documents/payment-file/{file_id}.csv", payment_file, methods=["GET"])]


def _file(portal: Portal, request: Request) -> Response:
    actor = person_of(portal, request)
    actor.require(Permission.RECONCILE)
    require_module(portal, actor, "payments")
    with portal.store.reading() as view:
        found = view.files.find(request.path_params["file_id"])
    content = PaymentFileShelf(portal.settings.home).read(found.path) if found else None
    if found is None or content is None:
        raise NotFound("There is no such payment file.")
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise PortalError("This payment file is not as it was made: somebody has changed it.")
    headers = {
        "content-disposition": f'attachment; filename="{found.file_id}.csv"',
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    return Response(content, headers=headers, media_type="text/csv; charset=utf-8")
