"""[mail]: how mail leaves the portal, and where invoices come in."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """How mail goes out and documents come in."""


def read_mail(section: Mapping[str, object], path: object) -> MailSettings:
    """Check [mail] of firm.toml and fill in the defaults.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    return MailSettings()
