"""The sample firm lives: a process beside the server posts what a bookkeeper would."""

import subprocess
import sys

from portal.settings import Settings


def start_sample_ticks(settings: Settings) -> subprocess.Popen | None:
    """The sample firm lives in a process of its own: the server never opens the source to write."""
    if settings.sample_tick_seconds <= 0 or settings.source is None:
        return None
    return subprocess.Popen(  # noqa: S603 - our own program and our own arguments
        [
            sys.executable,
            "-m",
            "portal.cli",
            "sample",
            "live",
            "--every",
            str(settings.sample_tick_seconds),
        ]
    )
