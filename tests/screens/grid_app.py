"""A small server for the browser tests of lists: the real routes and grid over a generated firm."""

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from portal import bootstrap
from portal.domain.permissions import Permission, Principal
from portal.services.tickets import hash_of
from portal.settings import PROJECT, portal_home, read_settings
from portal.store import open_store
from portal.warehouse.warehouse import Warehouse
from portal.web.routes import routes
from portal.web.security import Security, SecurityPolicy
from tests.warehouse_fixture import generated_warehouse
from tests.web.list_portal import ListPortal

INVOICES = 4_000


def _open() -> ListPortal:
    home = portal_home()
    path = home / "warehouse.duckdb"
    if not path.exists():
        generated_warehouse(path, invoices=INVOICES).connection.close()
    settings = read_settings({"firm": {"name": "Quill & Co"}}, home=home, path=path, environ={})
    portal = ListPortal(
        settings, Warehouse(path), open_store(settings.store_url, secret_key=settings.secret_key)
    )
    portal.tokens = type(portal.tokens)(settings.secret_key)
    return portal


def _sign_in(portal: ListPortal, cookie: str) -> None:
    portal.people[hash_of(cookie)] = Principal(
        user_key=f"local:{cookie}",
        full_name="Pat Example",
        email="pat@firm.test",
        permissions=frozenset(Permission) - {Permission.OPEN_CLIENT_PORTAL},
    )


portal = _open()
bootstrap.use(portal)


def _change(asked: dict) -> None:
    if cookie := asked.get("sign_out"):
        del portal.people[hash_of(cookie)]
    if cookie := asked.get("sign_in"):
        _sign_in(portal, cookie)
    if number := asked.get("overdue_number"):
        with portal.warehouse.cursor() as con:
            version = con.execute("select version from data_version").fetchone()[0]
        con = portal.warehouse.connection()
        con.execute("update invoice_list set invoice_number = 'NEW-' || invoice_id where"
                    " invoice_number = ?", [number])  # fmt: skip
        con.execute("update data_version set version = version + 1")
        portal.refreshing.publish(version + 1)


async def change(request: Request) -> JSONResponse:
    """Change the firm's data or the session from the outside."""
    await run_in_threadpool(_change, await request.json())
    return JSONResponse({})


app = st.App(
    PROJECT / "tests" / "screens" / "grid_pages.py",
    routes=[*routes(bootstrap.current), Route("/test/change", change, methods=["POST"])],
    middleware=[Middleware(Security, policy=SecurityPolicy("http://127.0.0.1"))],
)
