"""[payers]: what clients may do in their portal, and how it looks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.domain.errors import SettingsInvalid

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)
_SWITCHES = ("history", "quick_links", "installments", "credits")
_NUMBERS = {"link_days": (1, 400), "idle_minutes": (5, 240), "most_installments": (2, 36)}
_TEXTS = ("colour", "logo", "catch_all_client")


@dataclass(frozen=True, kw_only=True)
class PayerSettings:
    """What payers see and may do."""

    colour: str = "#1E3A5F"
    """Of the head of every payer page, as #RRGGBB."""
    logo: Path | None = None
    history: bool = True
    """Whether payers see past payments."""
    quick_links: bool = True
    catch_all_client: str = ""
    """The client number that quick payments fall on until a person associates them."""
    credits: bool = True
    """Whether payers may ask to set a credit against invoices."""
    installments: bool = True
    most_installments: int = 6
    link_days: int = 60
    """How long a 1-click link opens the portal."""
    idle_minutes: int = 30


def read_payers(section: Mapping[str, object], path: object) -> PayerSettings:
    """Check [payers] of firm.toml and fill in the defaults.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    known = {*_SWITCHES, *_NUMBERS, *_TEXTS}
    if unknown := sorted(set(section) - known):
        raise SettingsInvalid(f"{path}: [payers] {unknown[0]} is not a key; use {sorted(known)}.")
    for name in _SWITCHES:
        if not isinstance(section.get(name, True), bool):
            raise SettingsInvalid(f"{path}: [payers] {name} must be true or false.")
    for name, (least, most) in _NUMBERS.items():
        number = section.get(name, least)
        if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
            raise SettingsInvalid(f"{path}: [payers] {name} must be from {least} to {most}.")
    for name in _TEXTS:
        if not isinstance(section.get(name, ""), str):
            raise SettingsInvalid(f"{path}: [payers] {name} must be a text.")
    given = dict(section)
    if not _COLOUR.fullmatch(str(given.get("colour", "#000000"))):
        raise SettingsInvalid(f"{path}: [payers] colour must be like '#1E3A5F'.")
    if logo := given.pop("logo", ""):
        given["logo"] = _logo(Path(str(path)).parent / str(logo), path)
    return PayerSettings(**given)  # type: ignore[arg-type]


def _logo(file: Path, path: object) -> Path:
    if file.suffix.lower() not in (".png", ".svg", ".jpg", ".jpeg") or not file.is_file():
        raise SettingsInvalid(f"{path}: [payers] logo must be a .png, .svg or .jpg file: {file}.")
    return file.resolve()
