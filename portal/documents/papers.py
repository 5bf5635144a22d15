"""How a template and its texts become a PDF. Whatever the texts hold, they are only shown."""

import json
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import typst

from portal.domain.written import clean

_TEMPLATES = Path(__file__).parent / "templates"
_turn = threading.Lock()


def printed(template: str, texts: Mapping[str, object], day: date) -> bytes:
    """Print texts with a template. The same texts of the same day give the same bytes."""
    # One at a time: a compiler keeps what it read between two prints, and is no place for two.
    with _turn:
        return _compiler(template).compile(
            sys_inputs={"facts": json.dumps(texts)},
            timestamp=datetime.combine(day, time(12), UTC),
        )


def shown(text: object) -> str:
    """A text for paper: one line, without signs that nobody sees."""
    return " ".join(clean(str(text or "")).split())


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(_TEMPLATES / f"{template}.typ")
