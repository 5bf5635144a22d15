"""The clock of a portal that tries things out: with the sandbox gateway, days can be let pass.

It is the real clock plus the days that somebody let pass. They are kept in PORTAL_HOME, so that
every process of that portal knows the same day; time never goes back.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.settings import Settings

FILE = "sandbox_days"


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


class SandboxClock:
    """The real clock, some days ahead."""

    def __init__(self, home: Path, real: Callable[[], datetime] = utc_now) -> None:
        self._file = home / FILE
        self._real = real
        self._read_at: int | None = None
        self._days = 0

    def __call__(self) -> datetime:
        """What time it is here."""
        return self._real() + timedelta(days=self.days)

    @property
    def days(self) -> int:
        """How many days have been let pass."""
        try:
            written_at = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return 0
        if written_at != self._read_at:
            self._days = int(self._file.read_text(encoding="ascii"))
            self._read_at = written_at
        return self._days

    def pass_day(self) -> None:
        """Let one day pass, for every process of this portal."""
        days = self.days + 1
        fresh = self._file.with_suffix(".new")
        fresh.write_text(str(days), encoding="ascii")
        fresh.replace(self._file)


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """The clock of a firm's portal: the real one for every firm with a real gateway."""
    return SandboxClock(settings.home) if settings.gateway.kind == "sandbox" else utc_now
