"""What a list asks of the signed-in session: its token, what was kept, what the person may do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.domain.permissions import Permission
from portal.services.save_list_state import list_state
from portal.ui import frame


@dataclass(frozen=True, kw_only=True)
class GridHost:
    """The session a list is drawn in. `token` mints for one list and its fixed parameters."""

    token: Callable[[str, Mapping[str, object]], str]
    kept_state: Callable[[str], object]
    may: Callable[[Permission], bool]
    currency: str
    today: str
    version: int
    aging_edges: Sequence[int]
    zone: str = "America/New_York"


def current() -> GridHost:
    """The session of the person looking, read anew."""
    portal = frame.portal()
    viewer = frame.principal()
    return GridHost(
        token=frame.grid_token,
        kept_state=lambda list_name: list_state(viewer, list_name, store=portal.store),
        may=viewer.may,
        currency=portal.settings.currency,
        today=portal.today().isoformat(),
        version=portal.refreshing.version,
        aging_edges=portal.settings.aging_edges,
        zone=portal.settings.timezone.key,
    )
