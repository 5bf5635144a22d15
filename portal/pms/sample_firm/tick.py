"""A moment in the sample firm: its bookkeeper posts some changes."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from random import Random

from portal.domain.errors import Invalid, SourceUnavailable
from portal.firm_toml.sample import is_sample_file
from portal.pms.sample_firm import people, postings
from portal.pms.sample_firm.books import Books
from portal.pms.sample_firm.payment_files import post_payment_files

WAIT_SECONDS = 30
HOW_OFTEN: dict[Callable[[Books], bool], float] = {
    postings.bill: 38,
    postings.receive: 36,
    postings.correct_amount: 6,
    postings.move_due_date: 4,
    people.change_address: 3,
    postings.credit: 2.5,
    postings.write_off: 0.6,
    postings.receive_on_account: 0.7,
    people.hand_over: 1.5,
    people.rename: 1.5,
    people.open_client: 1,
    postings.post: 1,
    postings.apply_unapplied: 3,
    postings.return_payment: 0.8,
    postings.void: 0.6,
    postings.unapply: 0.4,
}
"""What is done, and how many times in a hundred."""


def tick_sample_firm(
    path: Path, *, changes: int, now: datetime, seed: int | None = None, files: Path | None = None
) -> int:
    """Post about so many changes in one transaction, dated the day of `now` (in the firm's zone).

    With `files`, the folder of the portal's payment files, their lines are posted too.
    Run it in a process of its own: never where DuckDB has the same file attached.

    Returns: how many changes were posted.
    Raises: SourceUnavailable when there is no such file or it stays locked, Invalid for a
    database that `portal sample create` did not make; nothing is posted.
    """
    if not path.is_file():
        raise SourceUnavailable(f"There is no sample firm at {path}.")
    if not is_sample_file(path):
        raise Invalid(f"{path} was not made by `portal sample create`; nothing is posted into it.")
    dice = Random(seed)  # noqa: S311 - what an invented firm does is no secret
    try:
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as con:
            con.execute("pragma synchronous = normal")
            con.execute("begin immediate")
            books = Books(con, dice, now)
            posted = _post(books, changes)
            if files is not None:
                posted += post_payment_files(books, files)
            con.execute("commit")
    except sqlite3.OperationalError as problem:
        raise SourceUnavailable(f"The sample firm could not be changed: {problem}.") from problem
    return posted


def _post(books: Books, changes: int) -> int:
    """Throw the dice until so many changes are posted; what finds nothing to do is thrown again."""
    posted = 0
    for _ in range(4 * changes):
        if posted == changes:
            break
        kind = books.dice.choices(list(HOW_OFTEN), weights=list(HOW_OFTEN.values()))[0]
        posted += kind(books)
    return posted
