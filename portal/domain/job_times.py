"""When is a job due: every so often, or at a time of the firm's day?"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SATURDAY = 5
_EPOCH = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
_LOOK_BACK_DAYS = 8


@dataclass(frozen=True)
class Every:
    """Every so many seconds."""

    seconds: int

    def latest_due(self, now: datetime, timezone: ZoneInfo) -> datetime:
        """The latest instant, not after now, at which the job was due."""
        step = timedelta(seconds=self.seconds)
        return _EPOCH + ((now - _EPOCH) // step) * step

    def next_due(self, now: datetime, timezone: ZoneInfo) -> datetime:
        """The first instant after now at which the job is due."""
        return self.latest_due(now, timezone) + timedelta(seconds=self.seconds)

    def in_words(self) -> str:
        """As a person reads it."""
        if self.seconds % 3600 == 0:
            hours = self.seconds // 3600
            return "every hour" if hours == 1 else f"every {hours} hours"
        if self.seconds % 60 == 0:
            minutes = self.seconds // 60
            return "every minute" if minutes == 1 else f"every {minutes} minutes"
        return f"every {self.seconds} seconds"


@dataclass(frozen=True)
class DailyAt:
    """At a time of the firm's day, on each day or on Monday to Friday."""

    at: time
    weekdays_only: bool = False

    def latest_due(self, now: datetime, timezone: ZoneInfo) -> datetime:
        """The latest instant, not after now, at which the job was due."""
        today = now.astimezone(timezone).date()
        days = (today - timedelta(days=back) for back in range(_LOOK_BACK_DAYS))
        return next(due for day in days if (due := self._on(day, timezone)) and due <= now)

    def next_due(self, now: datetime, timezone: ZoneInfo) -> datetime:
        """The first instant after now at which the job is due."""
        today = now.astimezone(timezone).date()
        days = (today + timedelta(days=on) for on in range(_LOOK_BACK_DAYS))
        return next(due for day in days if (due := self._on(day, timezone)) and due > now)

    def in_words(self) -> str:
        """As a person reads it."""
        clock = f"{self.at:%I:%M %p}".lstrip("0")
        return f"{'weekdays' if self.weekdays_only else 'daily'} at {clock}"

    def _on(self, day: date, timezone: ZoneInfo) -> datetime | None:
        if self.weekdays_only and day.weekday() >= _SATURDAY:
            return None
        # A clock that is put forward skips an hour: what is due in it is due when it is over.
        return datetime.combine(day, self.at, timezone).astimezone(_EPOCH.tzinfo)


When = Every | DailyAt
