"""How each job ran last, and the proof that a run still holds its job's lease."""

# ruff: noqa: D102

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from portal.domain.errors import PortalError

if TYPE_CHECKING:
    from portal.services.ports import UnitOfWork


class Guard(Protocol):
    """Proves within a transaction that this run still holds its job's lease; raises LeaseLost."""

    def __call__(self, uow: "UnitOfWork", /) -> None: ...


class LeaseLost(PortalError):
    """Somebody else runs this job by now; whoever held it before must change nothing more."""


@dataclass(frozen=True, kw_only=True)
class JobRun:
    """How a job ran last. `due_at` is the last due instant for which it ran to its end.

    After `failures` runs in a row that did not, it is tried again at `retry_at`.
    """

    job: str
    due_at: datetime | None
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str = ""
    failures: int = 0
    retry_at: datetime | None = None


class JobRuns(Protocol):
    """The last run of each job."""

    def last(self, job: str) -> JobRun | None: ...
    def save(self, run: JobRun) -> None: ...
