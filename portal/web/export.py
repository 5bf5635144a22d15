"""POST /api/export makes a file of a list; GET /api/export/<ticket> downloads it, once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission
from portal.lists.columns import Column
from portal.warehouse.export import (
    ExportRows,
    csv_header,
    export_columns,
    open_export,
    with_currency,
)
from portal.warehouse.list_query import RowsRequest
from portal.warehouse.rows import list_totals
from portal.warehouse.workbook import write_workbook
from portal.web.answers import in_thread, json_answer, read_body, refusals
from portal.web.export_desk import ExportDesk, read_growing, rest_of
from portal.web.export_notes import notes
from portal.web.gate import Caller, Portal, caller_of, person_of
from portal.web.rows import question
from portal.web.session import session_id_of

JOB_ROWS = 20_000
"""A workbook of more rows is a job with progress; a smaller one is there in a moment."""
LONGEST_WAIT = 120

_FIELDS = {
    "list": str,
    "format": str,
    "columns": object,
    "sort_model": list,
    "filter_model": dict,
    "search": str,
    "params": dict,
}
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def routes(portal_of: Callable[[], Portal]) -> list[Route]:
    """The routes, exporting from the portal that `portal_of` gives."""
    desks: dict[Path, ExportDesk] = {}

    def desk() -> ExportDesk:
        folder = portal_of().settings.home / "exports"
        return desks.setdefault(folder, ExportDesk(folder))

    @refusals
    async def order(request: Request) -> Response:
        body = await read_body(request, _FIELDS, required=("list", "format"))
        return await in_thread(_order, portal_of(), desk(), request, body)

    @refusals
    async def progress(request: Request) -> Response:
        ticket = request.path_params["ticket"]
        return await in_thread(_progress, portal_of(), desk(), request, ticket)

    @refusals
    async def download(request: Request) -> Response:
        ticket = request.path_params["ticket"]
        return await in_thread(_download, portal_of(), desk(), request, ticket)

    return [
        Route("/api/export", order, methods=["POST"]),
        Route("/api/export/{ticket}", download, methods=["GET"]),
        Route("/api/export/{ticket}/progress", progress, methods=["GET"]),
    ]


def _order(portal: Portal, desk: ExportDesk, request: Request, body: dict[str, Any]) -> Response:
    caller = caller_of(portal, request, body["list"], body.get("params", {}))
    caller.principal.require(Permission.EXPORT)
    form = body["format"]
    if form not in _MEDIA:
        raise Invalid("An export is csv or xlsx.")
    asked = question(body, dict(caller.params))
    scope, today = caller.principal.scope, portal.today()
    totals = list_totals(portal.warehouse, caller.definition, asked, scope, today)
    columns = with_currency(
        caller.definition,
        export_columns(caller.definition, body.get("columns", "all")),
        is_needed=not set(totals.by_currency) <= {portal.settings.currency},
    )
    _audit(portal, caller, asked, columns, form, totals.count)

    def write(path: Path, progress: Callable[[int], None]) -> None:
        with open_export(portal.warehouse, caller.definition, asked, scope, today, columns) as rows:
            if form == "csv":
                _write_csv(path, columns, rows)
            else:
                about = notes(portal, caller, asked, rows.count, rows.version)
                write_workbook(path, caller.definition.title, columns, rows, about, progress)

    export = desk.start(
        session_id=caller.session_id,
        file_name=f"{caller.definition.title} {today}.{form}",
        media_type=_MEDIA[form],
        streams=form == "csv",
        total=totals.count,
        write=write,
    )
    return json_answer({"ticket": export.ticket, "job": form == "xlsx" and totals.count > JOB_ROWS})


def _write_csv(path: Path, columns: tuple[Column, ...], rows: ExportRows) -> None:
    """Header and first rows into one file, which is sent at once, the rest into the next."""
    beginning = path.with_name(f"{path.stem}_first.csv")
    try:
        rows.copy_first(beginning)
        whole = csv_header(columns).encode() + beginning.read_bytes()
    finally:
        beginning.unlink(missing_ok=True)
    path.write_bytes(whole)
    rows.copy_rest(rest_of(path))


def _progress(portal: Portal, desk: ExportDesk, request: Request, ticket: str) -> Response:
    person_of(portal, request, is_activity=False)
    return json_answer(desk.find(ticket, session_id_of(request)).progress())


def _download(portal: Portal, desk: ExportDesk, request: Request, ticket: str) -> Response:
    person_of(portal, request).require(Permission.EXPORT)
    export = desk.take(ticket, session_id_of(request))
    if not export.streams and not export.finished.wait(LONGEST_WAIT):
        raise NotFound("The file is not ready yet. Export again.")
    if export.state == "failed":
        raise NotFound("The export failed. Try again.")
    headers = {
        "content-disposition": f'attachment; filename="{export.file_name}"',
        "cache-control": "no-store",
        # keeps the server's compression, which would run in the event loop, off a large file
        "content-encoding": "identity",
    }
    if export.finished.is_set():
        headers["content-length"] = str(export.size())
    return StreamingResponse(read_growing(export), media_type=export.media_type, headers=headers)


def _audit(
    portal: Portal,
    caller: Caller,
    asked: RowsRequest,
    columns: tuple[Column, ...],
    form: str,
    count: int,
) -> None:
    with portal.store.unit_of_work() as uow:
        uow.audit.append(
            at=portal.now(),
            actor=caller.principal.user_key,
            action="list.exported",
            subject=caller.definition.name,
            detail={
                "format": form,
                "rows": count,
                "columns": [column.id for column in columns],
                "filters": dict(asked.filter_model),
                "search": asked.search,
                "params": dict(asked.params),
            },
        )
        uow.commit()
