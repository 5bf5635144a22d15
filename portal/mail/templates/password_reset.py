"""Somebody forgot the password of the client portal."""

from portal.mail.blocks import Button, Content, Small, Text
from portal.mail.brand import Brand
from portal.mail.known_facts import Known


def content(known: Known, brand: Brand, link: str | None) -> Content:
    """What the mail says."""
    return Content(
        subject=f"Choose a new password – {brand.firm_name}",
        preview="The link works once and for a short time.",
        title="Choose a new password",
        blocks=[
            Text(f"Hello {known.text('full_name')}, somebody asked for a new password for your "
                 f"account in the client portal of {brand.firm_name}."),
            *([Button("Choose a new password", link)] if link else []),
            Small("Was it not you? Then do nothing: your password stays as it is."),
        ],
    )  # fmt: skip
