"""How pages write money, dates and days; the lists write the same way in the browser."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from portal.domain.money import format_cents, format_short
from portal.lists.payments import METHODS

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_METHODS = {**METHODS, "": "No method"}
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def money(cents: int | None, currency: str) -> str:
    """Write cents in full: `$1,234.50`; a dash where there is no amount."""
    return "–" if cents is None else format_cents(cents, currency)


def plain_amount(cents: int) -> str:
    """Write cents as a person types them into a field: `1,234.50`."""
    whole, part = divmod(max(int(cents), 0), 100)
    return f"{whole:,}.{part:02d}"


def short_money(cents: int | None, currency: str) -> str:
    """Write cents for a card: `$1.28M`; a dash where there is no amount."""
    return "–" if cents is None else format_short(cents, currency)


def day(value: date | str | None) -> str:
    """Write a date: `05 Mar 2026`; a dash where there is none. Takes ISO text as well."""
    if value is None or value == "":
        return "–"
    when = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{when.day:02d} {_MONTHS[when.month - 1]} {when.year}"


def month(value: date) -> str:
    """Write a month: `Mar 2026`."""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def days(count: int | None) -> str:
    """Write a number of days: `1 day`, `37 days`; a dash where there is none or it lies ahead."""
    if count is None or count < 0:
        return "–"
    return "1 day" if count == 1 else f"{count:,} days"


def count(number: int, one: str, many: str | None = None) -> str:
    """Write a number of things: `1 invoice`, `1,234 invoices`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def rate(share: float | None) -> str:
    """Write a share from 0 to 1 as a percentage with one decimal: `83.4%`."""
    return "–" if share is None else f"{share * 100:.1f}%"


def method(code: str | None) -> str:
    """Write how something was paid: `ACH`, `Check`; what a source calls it stays recognizable."""
    text = (code or "").strip()
    return _METHODS.get(text.lower(), text.replace("_", " ").capitalize())


def moment(value: datetime, zone: ZoneInfo) -> str:
    """Write an instant in the firm's time: `05 Mar 2026, 2:02 PM`."""
    local = value.replace(tzinfo=value.tzinfo or UTC).astimezone(zone)
    clock = f"{local:%I:%M %p}".lstrip("0")
    return f"{day(local.date())}, {clock}"


def ago(value: datetime, now: datetime) -> str:
    """Write how long ago an instant was: `just now`, `5 min ago`, `3 h ago`, `2 days ago`."""
    seconds = (now - value.replace(tzinfo=value.tzinfo or UTC)).total_seconds()
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min ago"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h ago"
    return f"{days(int(seconds // _DAY))} ago"
