"""Something a member of staff must know."""

from portal.mail.blocks import Button, Content, Text
from portal.mail.brand import Brand
from portal.mail.known_facts import Known


def content(known: Known, brand: Brand, link: str | None) -> Content:
    """What the mail says. `path` may lead to the page it is about."""
    path = known.text("path")
    to = f"{brand.public_url}{path}" if path.startswith("/") else ""
    return Content(
        subject=known.text("subject") or known.text("headline"),
        preview=next(iter(known.texts("lines")), ""),
        title=known.text("headline"),
        blocks=[
            *(Text(line) for line in known.texts("lines")),
            *known.message(),
            *([Button("Open in Firm Portal", to)] if to else []),
        ],
        why="You receive this mail because of your work at the firm.",
    )
