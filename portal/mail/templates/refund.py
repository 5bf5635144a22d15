"""A refund: money goes back, of which payment, and why."""

from portal.mail.blocks import Amount, Content, Facts, Text
from portal.mail.brand import Brand
from portal.mail.known_facts import Known


def content(known: Known, brand: Brand, link: str | None) -> Content:
    """What the mail says."""
    pairs = [
        ("Of payment", known.text("payment_id")),
        ("Refunded on", known.day("refunded_on")),
        ("To", known.text("method")),
        ("Reason", known.text("reason")),
    ]
    return Content(
        subject=known.text("subject")
        or f"Refund of {known.money('amount_cents')} from {brand.firm_name}",
        preview=f"Of payment {known.text('payment_id')}.",
        title="Your refund is on its way",
        blocks=[
            Amount(f"Refunded to {known.text('client_name')}", known.money("amount_cents")),
            *known.message(),
            Text("It goes back the way it came; banks take up to ten business days to show it."),
            *known.lines("Refunded for"),
            Facts([pair for pair in pairs if pair[1]]),
            *known.ask(),
        ],
    )
