"""The jump box: clients by name or number and invoices by number, within a person's scope."""

from datetime import date

from portal.domain.errors import NotFound
from portal.domain.permissions import Scope
from portal.warehouse.filters import MOST_TEXT
from portal.warehouse.query import load_query
from portal.warehouse.rows import Reader

SHORTEST = 2
MOST_FOUND = 8


def jump(
    warehouse: Reader,
    text: str,
    scope: Scope,
    today: date,
    *,
    clients: bool = True,
    invoices: bool = True,
) -> dict[str, list[dict[str, object]]]:
    """Find up to eight clients and eight invoices, the likeliest first.

    Returns: `clients` with client_id, client_name, client_number; `invoices` with invoice_id,
    invoice_number, client_name, status, outstanding_cents, currency. Nothing for fewer than
    two characters.
    """
    wanted = text.strip()[:MOST_TEXT]
    found: dict[str, list[dict[str, object]]] = {"clients": [], "invoices": []}
    if len(wanted) < SHORTEST:
        return found
    words = [*wanted.split(maxsplit=2), "", ""][:3]
    try:
        staff_id = warehouse.key(scope.staff_id)
    except NotFound:
        staff_id = None
    whose = {"sees_all": scope.all_clients, "staff_id": staff_id, "most": MOST_FOUND}
    named = {f"word_{place}": word.strip() for place, word in enumerate(words, start=1)}
    with warehouse.cursor() as con:
        for subject, wished, values in (
            ("clients", clients, {**named, "wanted": wanted}),
            ("invoices", invoices, {"today": today, "wanted": wanted}),
        ):
            if wished:
                query = load_query(f"search/{subject}")
                answer = con.execute(query.sql, {**whose, **values})
                names = [column[0] for column in answer.description]
                found[subject] = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    return found
