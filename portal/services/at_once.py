"""The same work for many subjects, a few at the same time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Subject = TypeVar("Subject")
Result = TypeVar("Result")


def at_once(
    work: Callable[[Subject], Result], subjects: Sequence[Subject], *, most: int
) -> Iterator[Result]:
    """Do the work for each subject, for at most so many at a time; give results in their order.

    A fault of one stops those that have not begun, waits for those that have, and is raised.
    """
    if len(subjects) < 2 or most < 2:
        yield from map(work, subjects)
        return
    with ThreadPoolExecutor(most, thread_name_prefix="at-once") as pool:
        begun = [pool.submit(work, subject) for subject in subjects]
        try:
            for each in begun:
                yield each.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
