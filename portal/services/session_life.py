"""How long a session lasts, of staff and of payers alike, and how its use is noted."""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

from portal.domain.errors import PortalError
from portal.services.payer_ports import PayerSession
from portal.services.ports import Session, Store, UnitOfWork

TOUCH_SECONDS = 60
"""How exactly the last use is known; noting it costs a write."""


def is_over(session: Session | PayerSession, now: datetime, idle_minutes: int) -> bool:
    """Whether it was ended, has reached its end, or nobody was there for too long."""
    idle = timedelta(minutes=idle_minutes)
    return (
        session.revoked_at is not None
        or now >= session.expires_at
        or now - session.last_seen_at >= idle
    )


def note_use(
    session: Session | PayerSession,
    now: datetime,
    store: Store,
    touch: Callable[[UnitOfWork], None],
) -> None:
    """Note that somebody is there, where the last note is old enough."""
    if now - session.last_seen_at <= timedelta(seconds=TOUCH_SECONDS):
        return
    # Reading must not fail because somebody else is saving; the next use notes it again.
    with contextlib.suppress(PortalError), store.unit_of_work() as uow:
        touch(uow)
        uow.commit()
