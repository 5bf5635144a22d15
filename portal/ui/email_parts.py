"""A mail to look at, exactly as it was sent, and what to do with it or with many."""

from datetime import datetime
from pathlib import Path

import streamlit as st

from portal.chosen_rows import matching_ids
from portal.domain.errors import PortalError
from portal.domain.permissions import Permission
from portal.lists.columns import RowAction
from portal.mail.reading import ReadMail, read_mail
from portal.services.look_at_letter import LetterSeen, LookAtLetter
from portal.services.mail_ports import WAITING, Happening, LetterEvent, LetterState
from portal.services.resend_letter import ResendLetter
from portal.services.review_letter import ReviewLetter
from portal.ui import deeds, dialogs, frame, links, one_by_one
from portal.ui import format as write
from portal.ui.grid_event import GridEvent
from portal.ui.server_path import base_path

MOST_TOGETHER = 500
AGAIN = "mail_again"
TOGETHER = (
    RowAction(key="release", label="Send", permission=Permission.RESEND_INVOICE),
    RowAction(key="resend", label="Send again", permission=Permission.RESEND_INVOICE),
)
_ASSETS = Path(__file__).parent / "document_assets"
_VIEW = st.components.v2.component(
    "portal_mail",
    html='<div class="mail"></div>',
    css=(_ASSETS / "mail.css").read_text(encoding="utf-8"),
    js=(_ASSETS / "mail.js").read_text(encoding="utf-8"),
)
_NEWS = {
    LetterEvent.TRIED: "Tried",
    LetterEvent.SENT: "The mail server took it",
    LetterEvent.DELIVERED: "Delivered",
    LetterEvent.DELAYED: "Delayed on the way",
    LetterEvent.BOUNCED_SOFT: "Came back for now",
    LetterEvent.BOUNCED_HARD: "Came back for good",
    LetterEvent.OPENED: "Opened",
    LetterEvent.CLICKED: "Its button was used",
    LetterEvent.FAILED: "Could not be sent",
    LetterEvent.UNSURE: "Not known whether it went out",
    LetterEvent.RELEASED: "Let go after review",
    LetterEvent.DROPPED: "Dropped at review",
}


def on_event(event: GridEvent) -> None:
    """Answer what was done in the list."""
    if event.kind == "selection":
        _together(event)
    elif event.action == "open_client":
        seen = _seen(event.row_id or "")
        if seen and seen.stored.letter.client_id:
            links.go("client", id=seen.stored.letter.client_id)
        frame.refused("This mail is about no client.")
    else:
        deeds.form_is_done(AGAIN)
        show(event.row_id or "")


@dialogs.dialog("Mail", width="large")
def show(letter_id: str) -> None:
    """Show a mail exactly as it was sent, what was heard of it, and what can be done."""
    seen = _seen(letter_id)
    if seen is None:
        return
    mail = read_mail(seen.raw)
    st.subheader(frame.plain(mail.subject), anchor=False)
    _head(mail, seen)
    _deeds(seen)
    _VIEW(
        key="mail_view",
        data={
            "base": base_path(),
            "letter_id": letter_id,
            "files": [f"{name} ({size // 1024:,} KB)" for name, size in mail.files],
            "title": mail.subject,
        },
        width="stretch",
        height="content",
    )


def _seen(letter_id: str) -> LetterSeen | None:
    viewer = frame.principal()
    try:
        return frame.portal().correspondence.look_at_letter(
            LookAtLetter(actor=viewer, letter_id=letter_id)
        )
    except PortalError as refusal:
        frame.refused(str(refusal))
        return None


def _head(mail: ReadMail, seen: LetterSeen) -> None:
    hidden = [one.address for one in seen.stored.letter.recipients if one.role.value == "bcc"]
    said = [
        ("From", mail.sender),
        ("To", mail.to or "nobody"),
        ("Cc", mail.copies),
        ("Bcc", ", ".join(hidden)),
        ("Reply to", mail.reply_to),
    ]
    st.caption("  \n".join(f"**{name}** {frame.plain(text)}" for name, text in said if text))
    if seen.is_draft and seen.stored.state in (LetterState.QUEUED, LetterState.REVIEW):
        st.info("So it would be sent now.", icon=":material/draft:")
    if seen.stored.reason:
        st.warning(frame.plain(seen.stored.reason), icon=":material/info:")
    for happening in seen.news:
        st.caption(_told(happening))


def _told(happening: Happening) -> str:
    whom = f" · {happening.address}" if happening.address else ""
    detail = f" · {happening.detail}" if happening.detail else ""
    return frame.plain(f"{_when(happening.at)} {_NEWS[happening.event]}{whom}{detail}")


def _when(at: datetime) -> str:
    here = at.astimezone(frame.portal().settings.timezone)
    clock = f"{here:%I:%M %p}".lstrip("0")
    return f"{here:%b} {here.day}, {clock}:"


def _deeds(seen: LetterSeen) -> None:
    stored = seen.stored
    with st.container(horizontal=True):
        if stored.state is LetterState.REVIEW:
            if st.button("Send", type="primary", icon=":material/send:"):
                _review(stored.letter_id, is_to_go=True)
            if st.button("Don't send", icon=":material/block:"):
                _review(stored.letter_id, is_to_go=False)
            return
        may = stored.state not in WAITING and bool(stored.letter.recipients)
        if may and st.button("Send again", icon=":material/forward_to_inbox:"):
            _send_again(stored.letter_id)


def _review(letter_id: str, *, is_to_go: bool) -> None:
    try:
        frame.portal().correspondence.review_letter(
            ReviewLetter(actor=frame.principal(), letter_id=letter_id, is_to_go=is_to_go)
        )
    except PortalError as refusal:
        frame.refused(str(refusal))
        return
    st.toast("It is on its way." if is_to_go else "It is not sent.")
    st.rerun()


def _send_again(letter_id: str) -> None:
    try:
        frame.portal().correspondence.resend_letter(
            ResendLetter(
                actor=frame.principal(), request_id=deeds.request_id(AGAIN), letter_id=letter_id
            )
        )
    except PortalError as refusal:
        frame.refused(str(refusal))
        return
    st.toast("It is on its way again.")
    st.rerun()


def _together(event: GridEvent) -> None:
    portal, viewer = frame.portal(), frame.principal()
    try:
        chosen = (
            matching_ids(portal, viewer, "emails", event.filter, MOST_TOGETHER)
            if event.all_matching
            else event.row_ids[:MOST_TOGETHER]
        )
    except PortalError as refusal:
        frame.refused(str(refusal))
        return
    one_by_one.begin()
    confirm(chosen, event.action == "release")


@dialogs.dialog("Send mails")
def confirm(letter_ids: tuple[str, ...], is_review: bool) -> None:
    """Ask once more, then send one after another and say what became of each."""
    one_by_one.contents(lambda: _confirm(letter_ids, is_review))


def _confirm(letter_ids: tuple[str, ...], is_review: bool) -> None:
    what = "let go" if is_review else "sent again"
    st.write(f"{write.count(len(letter_ids), 'mail')} will be {what}.")
    if not st.button("Send", type="primary", icon=":material/send:", key="mails_send"):
        return
    desk, viewer = frame.portal().correspondence, frame.principal()
    form = one_by_one.form_of("mails", letter_ids)

    def deed(letter_id: str) -> str:
        if is_review:
            desk.review_letter(ReviewLetter(actor=viewer, letter_id=letter_id, is_to_go=True))
        else:
            desk.resend_letter(
                ResendLetter(actor=viewer, request_id=deeds.request_id(form), letter_id=letter_id)
            )
        return "on its way"

    # Without names: whom an id that came from the browser belongs to is the service's to say.
    one_by_one.each(dict.fromkeys(letter_ids, ""), deed, form=form)
