"""Is a file that calls itself a PDF one, and fit to be shown and mailed on?"""

from portal.documents.invoice_pdfs import MOST_BYTES
from portal.domain.errors import Invalid

_END = b"%%EOF"
_END_WITHIN = 2_048
_ACTIVE = (b"/JavaScript", b"/Launch", b"/RichMedia", b"/EmbeddedFile")


def check_pdf(content: bytes) -> None:
    """Go on only with a whole PDF that starts nothing by itself.

    What hides in a compressed part isn't seen; browsers show PDFs without running them.
    Raises: Invalid.
    """
    if not content.startswith(b"%PDF-"):
        raise Invalid("This file is not a PDF, whatever its name says.")
    if len(content) > MOST_BYTES:
        raise Invalid("This PDF is larger than 20 MB.")
    if _END not in content[-_END_WITHIN:]:
        raise Invalid("This PDF is cut off: its end is missing.")
    for word in _ACTIVE:
        if word in content:
            what = word.decode("ascii").removeprefix("/")
            raise Invalid(f"This PDF has active content ({what}) and is not passed on.")
