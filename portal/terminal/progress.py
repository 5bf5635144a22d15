"""A bar on stderr while a person waits."""

import contextlib
import sys
from collections.abc import Callable, Iterator

from tqdm import tqdm

Progress = Callable[[str, float], None]


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show a bar; the callback takes what is being done and the share that is done, 0 to 1."""
    bar_format = "{desc} {percentage:3.0f}%|{bar}|"
    with tqdm(total=100, file=sys.stderr, leave=False, bar_format=bar_format) as bar:

        def progress(step: str, share: float) -> None:
            bar.set_description_str(step)
            bar.n = round(share * 100)
            bar.refresh()

        yield progress
