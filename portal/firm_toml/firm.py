"""[firm], [mapping], [modules], [collections]: what the firm is, chooses, and does without."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from portal.domain.aging import DEFAULT_EDGES, buckets
from portal.domain.errors import Invalid, SettingsInvalid
from portal.domain.modules import MODULES
from portal.firm_toml.values import refuse_unknown, text

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_DEFAULTS = {
    "name": "Your firm",
    "timezone": "America/New_York",
    "currency": "USD",
    "public_url": "http://127.0.0.1:8501",
}


@dataclass(frozen=True, kw_only=True)
class Firm:
    """Who the firm is, where its day begins, and how browsers reach it."""

    name: str
    timezone: ZoneInfo
    currency: str
    public_url: str


def read_firm(section: Mapping[str, object], path: object) -> Firm:
    """Check [firm] of firm.toml and fill in the defaults.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    refuse_unknown(section, tuple(_DEFAULTS), "firm", path)
    said = {key: text(section, key, default, "firm", path) for key, default in _DEFAULTS.items()}
    if not _CURRENCY.fullmatch(said["currency"]):
        raise SettingsInvalid(f"{path}: [firm] currency must be three letters, like 'USD'.")
    if not _is_address(said["public_url"]):
        raise SettingsInvalid(
            f"{path}: [firm] public_url must be how browsers reach the portal, like "
            "'https://portal.firm.example'."
        )
    return Firm(
        name=said["name"],
        timezone=_timezone(said["timezone"], path),
        currency=said["currency"],
        public_url=said["public_url"].rstrip("/"),
    )


def read_choices(section: Mapping[str, object], path: object) -> Mapping[str, object]:
    """Check [mapping] of firm.toml: choices that the mapping's SQL reads as texts.

    Raises: SettingsInvalid.
    """
    for key, value in section.items():
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, (str, int, float)) for part in parts):
            raise SettingsInvalid(f"{path}: [mapping] {key} must be a text or a list of texts.")
    return dict(section)


def read_modules(section: Mapping[str, object], path: object) -> Mapping[str, bool]:
    """Check [modules] of firm.toml: what is switched off, or said to be on.

    Raises: SettingsInvalid.
    """
    refuse_unknown(section, tuple(MODULES), "modules", path)
    for name, value in section.items():
        # "off" in quotes is a text, and a text would be as good as true.
        if not isinstance(value, bool):
            raise SettingsInvalid(f"{path}: [modules] {name} must be true or false, unquoted.")
    return {name: bool(value) for name, value in section.items()}


def read_aging_days(section: Mapping[str, object], path: object) -> tuple[int, ...]:
    """Check [collections] of firm.toml. Returns: the last days of the aging buckets.

    Raises: SettingsInvalid.
    """
    refuse_unknown(section, ("aging_days",), "collections", path)
    edges = section.get("aging_days", list(DEFAULT_EDGES))
    try:
        if not isinstance(edges, list) or not all(type(edge) is int for edge in edges):
            raise Invalid("it must be a list of whole numbers, like [30, 60, 90, 120].")
        buckets(edges)
    except Invalid as problem:
        raise SettingsInvalid(f"{path}: [collections] aging_days: {problem}") from None
    return tuple(edges)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _timezone(name: str, path: object) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise SettingsInvalid(
            f"{path}: [firm] timezone = {name!r} is not known; use one like 'America/New_York'."
        ) from None
