"""Email delivery: what was mailed to whom, did it arrive, and what came in?"""

from portal.ui import (
    email_figures,
    email_parts,
    filters,
    frame,
    grid,
    live,
    reads,
    received_documents,
    said,
)

EMAILS, RECEIVED = "Emails", "Received PDFs"

frame.page("Email delivery", "Every mail the portal sends, and every invoice PDF it receives")
said.say()
part = filters.part((EMAILS, RECEIVED))

if part == RECEIVED:
    received_documents.draw()
else:
    since, until = email_figures.period()
    email_figures.draw(reads.rows("emails/figures", since=since, until=until), since, until)
    grid.list_grid(
        "emails",
        key=filters.view_key("emails"),
        together=email_parts.TOGETHER,
        on_event=email_parts.on_event,
    )

live.follow()
