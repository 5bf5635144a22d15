"""The payer's cookie: which visit of the client portal does a request belong to?"""

from starlette.requests import Request
from starlette.responses import Response

from portal.client_portal import ClientPortal
from portal.domain.errors import SignInRefused
from portal.domain.payers import Payer
from portal.services.payer_doors import PAYER_COOKIE, QUICK_COOKIE
from portal.services.start_payer_session import PayerSessionStarted
from portal.services.tickets import hash_of
from portal.web.session import LONGEST_COOKIE

QUICK_SECONDS = 2 * 60 * 60
COME_IN_AGAIN = "Your visit has ended. Open the link of your mail again, or sign in."


def payer_cookie_of(request: Request) -> str | None:
    """What the browser holds, or None."""
    cookie = request.cookies.get(PAYER_COOKIE)
    return cookie if cookie and len(cookie) <= LONGEST_COOKIE else None


def payer_of(portal: ClientPortal, request: Request) -> Payer:
    """Who sends a request, by the payer's cookie; a staff cookie is nobody here.

    Raises: SignInRefused.
    """
    cookie = payer_cookie_of(request)
    payer = portal.payer(hash_of(cookie)) if cookie else None
    if payer is None:
        raise SignInRefused(COME_IN_AGAIN)
    return payer


def set_payer_cookie(response: Response, started: PayerSessionStarted, *, is_https: bool) -> None:
    """Give the browser its cookie: out of reach of scripts and of other sites."""
    response.set_cookie(
        PAYER_COOKIE,
        started.cookie,
        max_age=started.lasts_seconds,
        path="/",
        secure=is_https,
        httponly=True,
        samesite="lax",
    )


def set_quick_cookie(response: Response, token: str, *, is_https: bool) -> None:
    """Remember which quick payment link this browser came by; it opens nothing but that page."""
    response.set_cookie(
        QUICK_COOKIE,
        token,
        max_age=QUICK_SECONDS,
        path="/",
        secure=is_https,
        httponly=True,
        samesite="lax",
    )
