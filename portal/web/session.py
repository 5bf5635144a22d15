"""The session cookie: which session does a request belong to?"""

from starlette.requests import Request
from starlette.responses import Response

from portal.services.start_session import SessionStarted
from portal.services.tickets import SESSION_COOKIE, hash_of

LONGEST_COOKIE = 200


def session_id_of(request: Request) -> str | None:
    """The id of the session a request claims to belong to, or None."""
    cookie = request.cookies.get(SESSION_COOKIE)
    return hash_of(cookie) if cookie and len(cookie) <= LONGEST_COOKIE else None


def set_session_cookie(response: Response, started: SessionStarted, *, is_https: bool) -> None:
    """Give the browser its cookie: out of reach of scripts and of other sites."""
    response.set_cookie(
        SESSION_COOKIE,
        started.cookie,
        max_age=started.lasts_seconds,
        path="/",
        secure=is_https,
        httponly=True,
        samesite="lax",
    )
