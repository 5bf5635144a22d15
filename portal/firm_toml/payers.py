"""[payers]: what clients may do in their portal, and how it looks."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PayerSettings:
    """What payers see and may do."""


def read_payers(section: Mapping[str, object], path: object) -> PayerSettings:
    """Check [payers] of firm.toml and fill in the defaults.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    return PayerSettings()
