"""A plan was started, changed, paused, resumed, ended or cancelled: what holds from now on."""

from portal.mail.blocks import Button, Content, Text
from portal.mail.brand import Brand
from portal.mail.known_facts import Known


def content(known: Known, brand: Brand, link: str | None) -> Content:
    """What the mail says. `event` is a word like "started"."""
    named = f"{known.text('plan_name', 'Your plan')} {known.text('event')}"
    return Content(
        subject=known.text("subject") or f"{named} – {brand.firm_name}",
        preview=next(iter(known.texts("lines")), named),
        title=named,
        blocks=[
            Text(f"For {known.text('client_name')}."),
            *(Text(line) for line in known.texts("lines")),
            *known.message(),
            *([Button("Open your portal", link)] if link else []),
            *known.ask(),
        ],
    )
