"""What somebody of the firm answers to a message of the client portal."""

from portal.mail.blocks import Content, Small
from portal.mail.brand import Brand
from portal.mail.known_facts import Known


def content(known: Known, brand: Brand, link: str | None) -> Content:
    """What the mail says: the answer first, then what was asked. It never has a button."""
    number, asked_on = known.text("invoice_number"), known.day("asked_on")
    about = f"invoice {number}" if number else "your message"
    said = f"You wrote on {asked_on}:" if asked_on else "You wrote:"
    asked = known.paragraphs("asked")
    return Content(
        subject=known.text("subject") or f"About {about} – {brand.firm_name}",
        preview=known.text("message"),
        title=f"About {about}",
        blocks=[
            *known.message(),
            *([Small(said), *(Small(one.text) for one in asked)] if asked else []),
            *known.ask(),
        ],
        why=f"You receive this mail because you wrote to {brand.firm_name} in its client portal.",
    )
