"""The parts of a portal that jobs need, with a clock that a test moves."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from portal.store import Store

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that goes only when it is told to."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        """Let time go by. Returns: the instant it is then."""
        self.at += timedelta(**by)
        return self.at


@dataclass
class Freshness:
    """How fresh the data is said to be."""

    data_as_of: datetime | None


@dataclass
class Source:
    """A refresh that always finds the source as it was, or never reaches it."""

    clock: Clock
    read_at: datetime | None = None

    def freshness(self) -> Freshness:
        return Freshness(self.read_at or self.clock())


@dataclass
class JobPortal:
    """What jobs see of a portal."""

    store: Store
    now: Clock
    refreshing: Source = field(init=False)
    settings: SimpleNamespace = field(init=False)

    def __post_init__(self) -> None:
        self.refreshing = Source(self.now)
        self.settings = SimpleNamespace(
            timezone=ZoneInfo("America/New_York"), source=SimpleNamespace(every_seconds=10)
        )
