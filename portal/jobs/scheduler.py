"""The scheduler: a thread of the server that runs each job when it is due.

Several servers may have one each: a job's lease lets one of them run it.
"""

import logging
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from portal.domain.errors import PortalError
from portal.jobs.job_run import run_when_due
from portal.jobs.registry import Job

if TYPE_CHECKING:
    from portal.bootstrap import Portal

log = logging.getLogger("portal.jobs")

LOOK_SECONDS = 5.0
"""How often it looks for jobs that are due."""


class Scheduler:
    """Runs jobs when they are due, one after another."""

    def __init__(
        self, portal: "Portal", jobs: Mapping[str, Job], *, look_seconds: float = LOOK_SECONDS
    ) -> None:
        self._portal = portal
        self._jobs = jobs
        self._look_seconds = look_seconds
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look for due jobs in a thread until `stop`."""
        self._thread = threading.Thread(target=self._keep_on, name="scheduler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a job that runs is finished first, for a while."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=30)

    def look(self) -> list[str]:
        """Run every job that is due. Returns: the names of those that ran."""
        ran = []
        for job in self._jobs.values():
            if self._stop.is_set():
                break
            try:
                if run_when_due(self._portal, job, self._portal.now()):
                    ran.append(job.name)
            except PortalError as problem:
                log.warning("job %s: %s", job.name, problem)
            except Exception:
                # One job's fault must not keep the others from running.
                log.exception("job %s: unexpected", job.name)
        return ran

    def _keep_on(self) -> None:
        while not self._stop.wait(self._look_seconds):
            self.look()
