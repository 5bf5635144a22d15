"""[gateway]: through whom payments are taken."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class GatewaySettings:
    """How payments are taken."""


def read_gateway(section: Mapping[str, object], path: object) -> GatewaySettings:
    """Check [gateway] of firm.toml and fill in the defaults.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    return GatewaySettings()
