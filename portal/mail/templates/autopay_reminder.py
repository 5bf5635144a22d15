"""AutoPay will charge soon: when, how much, with what, for which invoices."""

from portal.mail.blocks import Amount, Button, Content, Text
from portal.mail.brand import Brand
from portal.mail.known_facts import Known


def content(known: Known, brand: Brand, link: str | None) -> Content:
    """What the mail says."""
    on, amount = known.day("charge_date"), known.money("amount_cents")
    return Content(
        subject=known.text("subject") or f"AutoPay will charge {amount} on {on}",
        preview=f"With {known.text('method')}, for {known.text('client_name')}.",
        title="AutoPay will charge soon",
        blocks=[
            Amount(f"On {on}", amount, f"With {known.text('method')}"),
            *known.message(),
            Text(
                "There is nothing you need to do. If something is not right, change or stop "
                "AutoPay in your portal before that day."
            ),
            *known.invoices(),
            *([Button("Open your portal", link)] if link else []),
            *known.ask(),
        ],
        why=f"You receive this mail because AutoPay is on for {known.text('client_name')} "
        f"at {brand.firm_name}.",
    )
