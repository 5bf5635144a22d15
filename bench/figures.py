"""What was measured: samples, lines that set them beside their limit, and tables to read."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Samples:
    """Times of the same thing done again and again, in milliseconds."""

    ms: tuple[float, ...]

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.ms)

    @property
    def p95(self) -> float:
        """The time that 95 of 100 stay below; of few samples the largest."""
        ordered = sorted(self.ms)
        return ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)) - 1)]


@dataclass(frozen=True)
class Limit:
    """What a line is held to. The limits are those of one million invoices on two idle cores."""

    text: str
    is_kept: Callable[["Line"], bool]


@dataclass(frozen=True)
class Line:
    """One thing the portal does, beside the same done bare."""

    what: str
    ours: Samples
    bare: Samples | None = None
    limit: Limit | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Our median over the bare median."""
        return self.ours.p50 / self.bare.p50 if self.bare and self.bare.p50 else None

    @property
    def over(self) -> float | None:
        """Milliseconds that our median is above the bare one."""
        return self.ours.p50 - self.bare.p50 if self.bare else None

    def as_json(self) -> dict[str, object]:
        """The line with its samples, for `--json`."""
        return {
            "what": self.what,
            "ours_ms": {"p50": self.ours.p50, "p95": self.ours.p95, "all": list(self.ours.ms)},
            "bare_ms": self.bare
            and {"p50": self.bare.p50, "p95": self.bare.p95, "all": list(self.bare.ms)},
            "ratio": self.ratio,
            "over_ms": self.over,
            "limit": self.limit and self.limit.text,
            "kept": self.limit.is_kept(self) if self.limit else None,
            "note": self.note,
        }


@dataclass
class Table:
    """Lines under one title."""

    title: str
    lines: list[Line] = field(default_factory=list)


def ratio_limit(most: float) -> Limit:
    """At most so many times the bare time."""
    return Limit(f"{most:g} x", lambda line: line.ratio is not None and line.ratio <= most)


def over_limit(most: float) -> Limit:
    """At most so many milliseconds above the bare time."""
    return Limit(f"bare + {most:g} ms", lambda line: line.over is not None and line.over <= most)


def p50_limit(most: float) -> Limit:
    """A median of at most so many milliseconds."""
    return Limit(f"p50 {_ms(most)} ms", lambda line: line.ours.p50 <= most)


def p95_limit(most: float) -> Limit:
    """A 95th percentile of at most so many milliseconds."""
    return Limit(f"p95 {_ms(most)} ms", lambda line: line.ours.p95 <= most)


def one(ms: float) -> Samples:
    """A thing measured once."""
    return Samples((ms,))


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Do it. Returns: milliseconds, and what it gave."""
    began = time.perf_counter()
    answer = work()
    return (time.perf_counter() - began) * 1000, answer


def in_turn(times: int, *works: Callable[[], object]) -> list[Samples]:
    """Do several things by turns, so that a busy moment of the machine meets them all alike.

    Each is done once before, unmeasured.
    """
    for work in works:
        work()
    found: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for place, work in enumerate(works):
            found[place].append(timed(work)[0])
    return [Samples(tuple(ms)) for ms in found]


def text_of(table: Table) -> str:
    """A table as text: ours, bare, ratio, milliseconds above, the limit and whether it is kept."""
    head = ("", "p50 ms", "p95 ms", "bare ms", "ratio", "above", "limit", "", "")
    rows = [head, *(_cells(line) for line in table.lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    shown = [table.title, ""]
    for row in rows:
        cells = [
            cell.ljust(width) if place in (0, 6, 7, 8) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        shown.append("  ".join(cells).rstrip())
    return "\n".join(shown)


def _cells(line: Line) -> Sequence[str]:
    single = len(line.ours.ms) == 1
    return (
        line.what,
        _ms(line.ours.p50),
        "" if single else _ms(line.ours.p95),
        _ms(line.bare.p50) if line.bare else "",
        f"{line.ratio:.2f} x" if line.ratio is not None else "",
        f"{line.over:+.0f}" if line.over is not None else "",
        line.limit.text if line.limit else "",
        ("ok" if line.limit.is_kept(line) else "OVER") if line.limit else "",
        line.note,
    )


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
