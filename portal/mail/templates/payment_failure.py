"""A payment failed: how much, why, and what happens next."""

from portal.mail.blocks import Amount, Block, Button, Content, Facts, Text
from portal.mail.brand import Brand
from portal.mail.known_facts import Known


def content(known: Known, brand: Brand, link: str | None) -> Content:
    """What the mail says."""
    next_try = known.day("next_try_on")
    then = (
        f"We will try again on {next_try}. If it can go through then, you need not do anything."
        if next_try
        else "We will not try again by ourselves. Please pay another way."
    )
    pairs = [
        ("Paid with", known.text("method")),
        ("Reason", known.text("reason")),
        ("Plan", known.text("plan_name")),
        ("Payment ID", known.text("payment_id")),
    ]
    button: list[Block] = [Button("View and pay", link)] if link else []
    return Content(
        subject=known.text("subject")
        or f"Your payment of {known.money('amount_cents')} to {brand.firm_name} did not go through",
        preview=known.text("reason"),
        title="Your payment did not go through",
        blocks=[
            Amount(
                f"Not paid for {known.text('client_name')}",
                known.money("amount_cents"),
                is_alarming=True,
            ),
            *known.message(),
            Text(then),
            Facts([pair for pair in pairs if pair[1]]),
            *button,
            *known.ask(),
        ],
    )
