"""Where the audit log ended on earlier days: what shows later that lines were cut off its end."""

from datetime import date
from pathlib import Path

from portal.domain.errors import Invalid

FOLDER = "audit-anchors"
Anchor = tuple[int, str]
"""The number and the seal of a line that was the last one."""
_DIGITS = frozenset("0123456789abcdef")
_SEAL_LENGTH = 64


class AuditAnchors:
    """The folder of one small file a day; copies belong somewhere else."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def keep(self, day: date, end: Anchor) -> bool:
        """Write down where the log ends, once a day. Returns: whether it was done now."""
        file = self._folder / f"{day.isoformat()}.txt"
        if file.exists():
            return False
        self._folder.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{end[0]} {end[1]}\n", encoding="utf-8")
        return True

    def newest(self) -> Anchor | None:
        """The anchor of the latest day; None before the first."""
        files = sorted(self._folder.glob("????-??-??.txt"))
        return read_anchor(files[-1]) if files else None


def read_anchor(file: Path) -> Anchor:
    """Read an anchor that was kept: a number and a seal.

    Raises: Invalid.
    """
    try:
        number, seal = file.read_text(encoding="utf-8").split()
        is_seal = len(seal) == _SEAL_LENGTH and set(seal) <= _DIGITS
        if number.isascii() and number.isdecimal() and is_seal:
            return int(number), seal
    except (OSError, ValueError):
        pass
    raise Invalid(
        f"{file} holds no anchor; it is one line of a number and a seal, as "
        "`portal audit verify` prints it."
    )
