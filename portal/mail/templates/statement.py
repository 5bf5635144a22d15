"""A statement: what is open on the whole account, with the button to review and pay."""

from portal.mail.blocks import Amount, Block, Button, Content
from portal.mail.brand import Brand
from portal.mail.known_facts import Known


def content(known: Known, brand: Brand, link: str | None) -> Content:
    """What the mail says."""
    overdue = known.cents("overdue_cents")
    note = f"{known.money('overdue_cents')} of it is overdue" if overdue > 0 else ""
    button: list[Block] = [Button("Review & Pay", link)] if link else []
    as_of = known.day("as_of")
    return Content(
        subject=known.text("subject") or f"Your statement from {brand.firm_name}",
        preview=f"{known.money('open_cents')} is open as of {as_of}.",
        title=f"Statement for {known.text('client_name')}",
        blocks=[
            Amount(
                f"Open as of {known.day('as_of')}", known.money("open_cents"), note, overdue > 0
            ),
            *known.message(),
            *button,
            *known.invoices(),
            *known.ask(),
        ],
        why=f"You receive this mail as a contact for statements of {known.text('client_name')}",
    )
