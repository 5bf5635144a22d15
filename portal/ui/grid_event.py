"""What a person did in a list, read from what the browser says.

Nothing in it is believed further than its shape: the page and the service check permission,
scope and existence again.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

MOST_IDS = 5_000
LONGEST_ID = 200
LONGEST_FILTER = 20_000


@dataclass(frozen=True, kw_only=True)
class GridEvent:
    """One deed in a list.

    `open`: the row `row_id` is to be opened. `focus`: it is looked at now. `action`: `action` is
    to be done with it.
    `selection`: `action` is to be done with `row_ids`, or, if `all_matching`, with every row
    that `filter` (filter_model, search, params) finds within the person's rights.
    """

    kind: str
    action: str | None = None
    row_id: str | None = None
    row_ids: tuple[str, ...] = ()
    all_matching: bool = False
    filter: Mapping[str, object] = field(default_factory=dict)


def nonce_of(value: object) -> str | None:
    """The mark that tells one deed from the same value sent again."""
    nonce = value.get("nonce") if isinstance(value, Mapping) else None
    return nonce if isinstance(nonce, str) and 0 < len(nonce) <= LONGEST_ID else None


def read_event(
    value: object, *, actions: Collection[str], together: Collection[str] = ()
) -> GridEvent | None:
    """Read one deed; None if it is not one of this list's."""
    match value:
        case {"kind": "open", "row_id": str(row_id)} if _is_id(row_id):
            return GridEvent(kind="open", row_id=row_id)
        case {"kind": "focus", "row_id": str(row_id)} if _is_id(row_id):
            return GridEvent(kind="focus", row_id=row_id)
        case {"kind": "action", "action": str(action), "row_id": str(row_id)}:
            if action in actions and _is_id(row_id):
                return GridEvent(kind="action", action=action, row_id=row_id)
        case {"kind": "selection", "action": str(action)} if action in together:
            return _read_selection(value, action)
    return None


def _read_selection(value: Mapping, action: str) -> GridEvent | None:
    ids = value.get("row_ids")
    if not isinstance(ids, list) or len(ids) > MOST_IDS:
        return None
    if not all(isinstance(row_id, str) and _is_id(row_id) for row_id in ids):
        return None
    all_matching = value.get("all_matching") is True
    wanted = value.get("filter")
    if not isinstance(wanted, dict) or len(json.dumps(wanted)) > LONGEST_FILTER:
        return None
    if not ids and not all_matching:
        return None
    return GridEvent(
        kind="selection",
        action=action,
        row_ids=tuple(dict.fromkeys(ids)),
        all_matching=all_matching,
        filter=wanted,
    )


def _is_id(text: str) -> bool:
    return 0 < len(text) <= LONGEST_ID
