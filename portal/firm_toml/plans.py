"""[plans]: when payment plans charge, and how long before AutoPay the payer is reminded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.domain.errors import SettingsInvalid
from portal.domain.holidays import BusinessDays
from portal.domain.schedules import BUFFER_DAYS

_KEYS = {"buffer_days", "closed_days"}


@dataclass(frozen=True, kw_only=True)
class PlanSettings:
    """The firm's rules of payment plans."""

    buffer_days: int = 7
    days: BusinessDays = field(default_factory=BusinessDays)
    """The days on which money moves; statements and payouts go by them too."""


def read_plans(section: Mapping[str, object], path: object) -> PlanSettings:
    """Check [plans] of firm.toml and fill in the defaults.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    if unknown := sorted(set(section) - _KEYS):
        raise SettingsInvalid(f"{path}: [plans] has no {unknown[0]}; use {sorted(_KEYS)}.")
    buffer_days = section.get("buffer_days", 7)
    if buffer_days not in BUFFER_DAYS or isinstance(buffer_days, bool):
        raise SettingsInvalid(f"{path}: [plans] buffer_days must be one of {BUFFER_DAYS}.")
    closed = section.get("closed_days", [])
    if not isinstance(closed, list) or not all(type(day) is date for day in closed):
        raise SettingsInvalid(
            f"{path}: [plans] closed_days must be a list of days like [2026-12-24, 2026-12-31]."
        )
    return PlanSettings(buffer_days=int(buffer_days), days=BusinessDays.without(closed))
