"""A text that a client chose cannot forge a line of the server's log."""

import io
import logging
import re
from collections.abc import Iterator

import pytest

from portal.plain_log import log_plainly

FORGED = "Acme\n2026-01-01 12:00:00,000 INFO portal: ADMIN signed in"
BEGINS = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ portal", re.MULTILINE)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    out = io.StringIO()
    handler = log_plainly(out)
    yield out
    logging.getLogger("portal").removeHandler(handler)


@pytest.mark.catalogue(83)
@pytest.mark.parametrize(
    "sign", ["\n", "\r", "\r\n", "\u2028", "\u2029", "\x85", "\x0b", "\x1b[2K"]
)
def test_a_line_break_in_a_name_begins_no_line_of_the_log(written: io.StringIO, sign: str) -> None:
    name = FORGED.replace("\n", sign)

    logging.getLogger("portal.jobs").warning("job %s: %s", "statements", name)

    said = written.getvalue()
    assert len(said.splitlines()) == 1
    assert len(BEGINS.findall(said)) == 1
    assert "\x1b" not in said
    assert "ADMIN signed in" in said


@pytest.mark.catalogue(83)
def test_a_fault_with_such_a_name_is_one_record_with_its_traceback_set_in(
    written: io.StringIO,
) -> None:
    try:
        raise ValueError(FORGED)
    except ValueError:
        logging.getLogger("portal.web").exception("%s failed", "/payer/enter")

    first, *traceback = written.getvalue().splitlines()
    assert BEGINS.match(first)
    assert traceback
    assert all(line.startswith("    ") for line in traceback)
