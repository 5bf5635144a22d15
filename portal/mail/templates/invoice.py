"""An invoice, or several, with the button to view and pay."""

from portal.domain.money import format_cents
from portal.mail.blocks import Amount, Block, Button, Content, Text
from portal.mail.brand import Brand
from portal.mail.known_facts import Known, written_day


def content(known: Known, brand: Brand, link: str | None) -> Content:
    """What the mail says."""
    invoices = known.each("invoices")
    one = invoices[0] if len(invoices) == 1 else None
    number = str(one["invoice_number"]) if one else ""
    named = f"Invoice {number}" if one else f"{len(invoices)} invoices"
    due = written_day(one.get("due_date")) if one else ""
    open_text = format_cents(known.cents("open_cents"), known.currency)
    note = f"Due {due}" if due else ""
    button: list[Block] = [Button("View and pay", link)] if link else []
    hello = f"for {known.text('client_name')}"
    attached = "The invoice is attached." if one else "The invoices are attached."
    return Content(
        subject=known.text("subject") or f"{named} from {brand.firm_name}",
        preview=f"{open_text} is open{f', due {due}' if due else ''}.",
        title=f"{named} {hello}",
        blocks=[
            Amount("Amount due", open_text, note),
            *known.message(),
            *([Text(attached)] if known.text("is_attached") else []),
            *known.invoices(),
            *button,
            *known.ask(),
        ],
        why=f"You receive this mail as a contact for invoices of {known.text('client_name')}",
    )
