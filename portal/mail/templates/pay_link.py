"""A link to pay, sent by staff: while on the phone, or for a quick payment."""

from portal.mail.blocks import Amount, Button, Content, Text
from portal.mail.brand import Brand
from portal.mail.known_facts import Known


def content(known: Known, brand: Brand, link: str | None) -> Content:
    """What the mail says. Amount 0 leaves the amount to the payer."""
    amount = known.cents("amount_cents")
    about = known.text("description")
    return Content(
        subject=known.text("subject") or f"Pay {brand.firm_name} online",
        preview=about or f"For {known.text('client_name')}.",
        title=f"Pay {brand.firm_name} online",
        blocks=[
            *([Amount("Amount", known.money("amount_cents"))] if amount else []),
            *known.message(),
            *([Text(about)] if about else []),
            *([Button("Pay now", link)] if link else []),
            *known.ask(),
        ],
        why="We never ask for card numbers by mail or on the phone.",
    )
