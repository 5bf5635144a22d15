"""Somebody must show that an email address is theirs."""

from portal.mail.blocks import Button, Content, Small, Text
from portal.mail.brand import Brand
from portal.mail.known_facts import Known


def content(known: Known, brand: Brand, link: str | None) -> Content:
    """What the mail says."""
    return Content(
        subject=f"Confirm your email address – {brand.firm_name}",
        preview="One click, and you choose your password.",
        title="Confirm your email address",
        blocks=[
            Text(f"Hello {known.text('full_name')}, this address was given for an account in the "
                 f"client portal of {brand.firm_name}. Confirm it, and choose your password."),
            *([Button("Confirm this address", link)] if link else []),
            Small("Was it not you? Then do nothing: without the click there is no account."),
        ],
    )  # fmt: skip
