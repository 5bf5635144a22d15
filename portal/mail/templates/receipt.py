"""A receipt: money came in, for what, and how."""

from portal.mail.blocks import Amount, Block, Button, Content, Facts
from portal.mail.brand import Brand
from portal.mail.known_facts import Known


def content(known: Known, brand: Brand, link: str | None) -> Content:
    """What the mail says."""
    fee = known.cents("fee_cents")
    pairs = [
        ("Payment ID", known.text("payment_id")),
        ("Paid on", known.day("paid_on")),
        ("Paid with", known.text("method")),
        ("Paid by", known.text("payer_name")),
        *([("Fee, included", known.money("fee_cents"))] if fee else []),
    ]
    button: list[Block] = [Button("Open your portal", link)] if link else []
    return Content(
        subject=known.text("subject")
        or f"Receipt for {known.money('amount_cents')} to {brand.firm_name}",
        preview=f"Thank you. Payment {known.text('payment_id')} of {known.day('paid_on')}.",
        title="Thank you for your payment",
        blocks=[
            Amount(f"Paid for {known.text('client_name')}", known.money("amount_cents")),
            *known.message(),
            *known.lines("Paid for"),
            Facts([pair for pair in pairs if pair[1]]),
            *button,
            *known.ask(),
        ],
        why="Keep this mail: it is your receipt.",
    )
