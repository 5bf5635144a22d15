"""From an amount of the aging list to exactly the invoices behind it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from portal.domain.aging import buckets
from portal.ui.cards import one_of
from portal.ui.grid_state import encode_link

WHOLE = "open_invoices"
"""All that a line has outstanding."""
_OF = "open_"


def is_drill(action: str | None) -> bool:
    """Whether a deed in the list asks for invoices."""
    return action is not None and action.startswith(_OF)


def column_of(action: str) -> str:
    """The column whose amount such a deed is about."""
    return "outstanding_cents" if action == WHOLE else action.removeprefix(_OF)


def invoices_behind(
    action: str,
    whose: Mapping[str, str],
    *,
    lens: str,
    currency: str,
    today: date,
    edges: Sequence[int],
) -> dict[str, str]:
    """The parameters of a link to the invoices of a line, or of one of its buckets, as of today.

    Invoices dated after today are no part of aging, so they are left out of the list too.
    """
    days = {"dated_to": today.isoformat()}
    column = column_of(action)
    if column == "no_due_date_cents":
        days["bucket"] = "no_due_date"
    elif action != WHOLE:
        first, last = _days_past(column, edges)
        name = "due" if lens == "due" else "dated"
        if first is None:
            # Not due: any day from today on; dated today where the invoice date counts.
            days[f"{name}_from"] = today.isoformat()
        else:
            days[f"{name}_to"] = (today - timedelta(days=first)).isoformat()
            if last is not None:
                days[f"{name}_from"] = (today - timedelta(days=last)).isoformat()
    model = {"currency": one_of(currency)}
    view = encode_link(filter_model=model, toggle="outstanding")
    return {**whose, **days, "view": view}


def _days_past(column: str, edges: Sequence[int]) -> tuple[int | None, int | None]:
    if column == "not_due_cents":
        return None, None
    bucket = buckets(edges)[int(column.removeprefix("b").removesuffix("_cents")) - 1]
    return bucket.first_day, bucket.last_day
