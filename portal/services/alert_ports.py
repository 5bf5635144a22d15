"""Alerts of staff: what people have chosen, and how far the log has been read."""

# ruff: noqa: D102

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.domain.staff_alerts import Alert, Whose


@dataclass(frozen=True, kw_only=True)
class AlertChoice:
    """Somebody wants to be told of something."""

    user_key: str
    alert: Alert
    whose: Whose


@dataclass(frozen=True, kw_only=True)
class LoggedDeed:
    """A line of the audit log, as those read it who make mails of it."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]


class Alerts(Protocol):
    """The alert_choices and alert_marks tables."""

    def of_user(self, user_key: str) -> dict[Alert, Whose]: ...
    def choose(self, user_key: str, choices: Mapping[Alert, Whose]) -> None: ...
    def everybody(self) -> list[AlertChoice]: ...
    def read_to(self, log: str) -> int | None: ...
    def mark_read(self, log: str, seq: int) -> None: ...
    def newest_deed(self) -> int: ...
    def newest_bounce(self) -> int: ...
    def deeds_after(self, seq: int, most: int) -> Sequence[LoggedDeed]: ...
    def bounces_after(self, seq: int, most: int) -> Sequence[tuple[int, str, str]]: ...
