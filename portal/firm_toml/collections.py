"""[collections]: who is chased, when, and by which statements."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CollectionSettings:
    """The firm's rules of collections."""


def read_collections(section: Mapping[str, object], path: object) -> CollectionSettings:
    """Check [collections] of firm.toml and fill in the defaults.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    return CollectionSettings()
