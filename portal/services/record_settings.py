"""Write into the audit log what has changed in firm.toml since the portal last started."""

import hashlib
import json
from collections.abc import Mapping

from portal.services.ports import Clock, Store

ACTION = "settings.changed"


def record_settings(said: Mapping[str, str], *, store: Store, clock: Clock) -> Mapping[str, object]:
    """Compare what firm.toml says, secrets left out, with what it said when last recorded.

    The log's own lines add up to what was said before: whoever changes the file and wants it
    unseen has to change the log.

    Returns: key -> [before, after], None where there was or is none; empty when all is as before.
    """
    with store.reading() as view:
        if _said_before(view.audit.details_of(ACTION)) == said:
            return {}
    with store.unit_of_work() as uow:
        before = _said_before(uow.audit.details_of(ACTION))
        changed = {
            key: [before.get(key), said.get(key)]
            for key in sorted({*before, *said})
            if before.get(key) != said.get(key)
        }
        if changed:
            uow.audit.append(
                at=clock(),
                actor="firm.toml",
                action=ACTION,
                subject="settings",
                detail={"changed": changed, "digest": digest_of(said)},
            )
            uow.commit()
    return changed


def digest_of(said: Mapping[str, str]) -> str:
    """One short name for all that is said."""
    return hashlib.sha256(json.dumps(dict(said), sort_keys=True).encode()).hexdigest()[:16]


def _said_before(details: list[Mapping[str, object]]) -> dict[str, str]:
    said: dict[str, str] = {}
    for detail in details:
        changed: Mapping[str, list[str | None]] = detail["changed"]  # type: ignore[assignment]
        for key, (_, after) in changed.items():
            if after is None:
                said.pop(key, None)
            else:
                said[key] = after
    return said
