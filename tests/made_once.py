"""Files that many tests begin with: made once in a process, and copied for each of them."""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def copy_made_once(to: Path, make: Callable[..., None], *given: object) -> None:
    """Put the file there that `make(path, *given)` writes; it is called for the first only."""
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(_made(make, *given), to)


@functools.cache
def _made(make: Callable[..., None], *given: object) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="made-once-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    make(folder / "made", *given)
    return folder / "made"
