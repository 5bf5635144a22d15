"""GET /mail/<letter_id>.html and /mail/<letter_id>/<n>: a mail as it was sent, to look at.

What the page may do is nothing: portal/web/security.py gives it a policy of its own.
"""

from collections.abc import Callable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from portal.domain.errors import NotFound
from portal.mail.reading import attached_file, read_mail
from portal.services.look_at_letter import LetterSeen, LookAtLetter
from portal.web.answers import in_thread, refusals
from portal.web.documents import file_name
from portal.web.gate import Portal, person_of, require_module
from portal.web.pdf_answer import pdf_answer


class Desk(Protocol):
    """What finds mails."""

    def look_at_letter(self, command: LookAtLetter) -> LetterSeen:
        """The letter, if this person may see it."""
        ...


class MailPortal(Portal, Protocol):
    """What these routes need of the portal."""

    correspondence: Desk


def routes(portal_of: Callable[[], MailPortal]) -> list[Route]:
    """The routes, showing the mails of the portal that `portal_of` gives."""

    @refusals
    async def page(request: Request) -> Response:
        return await in_thread(_page, portal_of(), request)

    @refusals
    async def file(request: Request) -> Response:
        return await in_thread(_file, portal_of(), request)

    return [
        Route("/mail/{letter_id}.html", page, methods=["GET"]),
        Route("/mail/{letter_id}/{place:int}.pdf", file, methods=["GET"]),
    ]


def _page(portal: MailPortal, request: Request) -> Response:
    seen = _seen(portal, request)
    return HTMLResponse(read_mail(seen.raw).html, headers={"cache-control": "no-store"})


def _file(portal: MailPortal, request: Request) -> Response:
    found = attached_file(_seen(portal, request).raw, request.path_params["place"])
    if found is None:
        raise NotFound("There is no such file.")
    name, content = found
    return pdf_answer(content, file_name(name.removesuffix(".pdf")), request)


def _seen(portal: MailPortal, request: Request) -> LetterSeen:
    actor = person_of(portal, request)
    require_module(portal, actor, "email_delivery")
    letter_id = request.path_params["letter_id"]
    return portal.correspondence.look_at_letter(LookAtLetter(actor=actor, letter_id=letter_id))
