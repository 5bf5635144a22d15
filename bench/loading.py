"""Making a firm and loading it: how long beside a bare copy of the same tables?"""

from bench.figures import Line, Samples, Table, one, p50_limit, ratio_limit
from bench.firm import Firm

SMALL = 200_000


def measure(firm: Firm, created_ms: float) -> Table:
    """Full refreshes and bare copies by turns, each in a process of its own and a new file."""
    times = 3 if firm.invoices <= SMALL else 2
    ours, same, every = [], [], []
    for _ in range(times):
        same.append(firm.child("bare-copy", "same"))
        ours.append(firm.child("full-refresh"))
        every.append(firm.child("bare-copy", "all"))
    refresh = _samples(ours)
    last = ours[-1]
    note = f"{last['rows']:,} rows, {last['peak_mb']:.0f} MB peak, {last['file_mb']:.0f} MB file"
    return Table(
        f"Loading ({times} runs each, by turns, each in a new process and a new file)",
        [
            Line("sample firm created", one(created_ms), limit=p50_limit(60_000)),
            Line("full refresh / same columns", refresh, _samples(same), ratio_limit(1.5), note),
            Line("full refresh / all columns", refresh, _samples(every)),
        ],
    )


def _samples(answers: list[dict[str, object]]) -> Samples:
    return Samples(tuple(answer["ms"] for answer in answers))
