"""Sample firms as they stand after their first refresh: made once in a run, and copied."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from portal.settings import PROJECT

SMALL = ("--clients", "60", "--invoices", "600")
PLACE = "PORTAL_TEST_FIRMS"
"""Where the firms of this run are kept; unset, each is made where it is wanted."""


def lay_out_firm(home: Path, size: Sequence[str]) -> None:
    """Let a sample firm stand in a folder, unless one does; `size` is for `sample create`."""
    if (home / "firm.toml").exists():
        return
    place = os.environ.get(PLACE)
    if place is None:
        _make(home, size)
        return
    kept = Path(place) / "_".join(size).replace("-", "")
    with Path(f"{kept}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other worker may be making it
        if not (kept / "ready").exists():
            _make(kept, size)
            (kept / "ready").touch()
    shutil.copytree(kept, home, dirs_exist_ok=True)
    config = home / "firm.toml"
    written = config.read_text(encoding="utf-8")
    config.write_text(written.replace(str(kept), str(home)), encoding="utf-8")


def _make(home: Path, size: Sequence[str]) -> None:
    environ = {**os.environ, "PORTAL_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    environ.pop("PORTAL_CONFIG", None)
    for words in (("sample", "create", *size), ("refresh", "--full")):
        command = [sys.executable, "-m", "portal.cli", *words]
        subprocess.run(command, cwd=PROJECT, env=environ, check=True, capture_output=True)
