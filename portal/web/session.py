"""The session cookie: which session does a request belong to, and who is that?"""

from starlette.requests import Request
from starlette.responses import Response

from portal import bootstrap
from portal.domain.permissions import Principal
from portal.services.start_session import SessionStarted
from portal.services.tickets import SESSION_COOKIE, hash_of

LONGEST_COOKIE = 200


def session_id_of(request: Request) -> str | None:
    """The id of the session a request claims to belong to, or None."""
    cookie = request.cookies.get(SESSION_COOKIE)
    return hash_of(cookie) if cookie and len(cookie) <= LONGEST_COOKIE else None


def principal_of(request: Request, *, is_activity: bool = True) -> Principal | None:
    """Who sends this request, read anew; None without a living session.

    Blocking: call it in a thread (`run_in_threadpool`) from async routes.
    """
    session_id = session_id_of(request)
    return principal_of_sid(session_id, is_activity=is_activity) if session_id else None


def principal_of_sid(session_id: str, *, is_activity: bool = True) -> Principal | None:
    """Who the session of a grid token belongs to, read anew; None when it is over.

    Pass `is_activity=False` for what the browser asks by itself (a list that refreshes), so
    that an unattended screen still locks.
    """
    return bootstrap.current().principal(session_id, is_activity=is_activity)


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
