"""The sample firm's portal is filled while its server is up; the jobs begin after that."""

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from portal.jobs.scheduler import Scheduler

if TYPE_CHECKING:
    from portal.bootstrap import Portal

log = logging.getLogger("portal.sample")
_ASKED = "fill_sample_portal"


def ask_to_fill(home: Path) -> None:
    """The next start of the server fills the portal."""
    (home / _ASKED).touch()


def start_jobs(portal: "Portal", scheduler: Scheduler) -> None:
    """Let the jobs go on by themselves, in the sample firm after its past has happened."""
    asked = portal.settings.home / _ASKED
    # Invented payments must never come among a real firm's, whatever lies in its folder.
    if not portal.settings.access.sample_users or not asked.exists():
        scheduler.start()
        return

    def fill() -> None:
        # Imported here: the stage is built on the portal, and the portal starts with this.
        from portal.sample_portal.play import fill_portal

        try:
            fill_portal(portal, lambda step, share: None)
            asked.unlink(missing_ok=True)
        except Exception:
            # A sample without a past is still a sample; the next start tries again.
            log.exception("the sample portal could not be filled")
        scheduler.start()

    threading.Thread(target=fill, name="sample portal", daemon=True).start()
