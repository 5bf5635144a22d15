"""[payment_files]: for whose import the daily payment files are written."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.errors import SettingsInvalid
from portal.domain.payment_files import Layout


@dataclass(frozen=True, kw_only=True)
class PaymentFileSettings:
    """Which files a bookkeeper gets each day; the deposit report is always among them."""

    layouts: tuple[Layout, ...] = tuple(Layout)


def read_payment_files(section: Mapping[str, object], path: object) -> PaymentFileSettings:
    """Check [payment_files] of firm.toml and fill in the defaults.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    if unknown := sorted(set(section) - {"layouts"}):
        raise SettingsInvalid(f"{path}: [payment_files] has no {unknown[0]}; use layouts.")
    written = section.get("layouts", list(Layout))
    if not isinstance(written, list) or not written or not set(map(str, written)) <= set(Layout):
        raise SettingsInvalid(
            f"{path}: [payment_files] layouts must be a list of {', '.join(Layout)}, at least one."
        )
    return PaymentFileSettings(layouts=tuple(each for each in Layout if each in written))
