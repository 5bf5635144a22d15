"""Let everything happen that has happened in the sample firm's portal, in its order.

A room adds its scenes with one entry in ROOMS: a function that gives (days ago, scene) pairs.
"""

import logging
from collections.abc import Callable

from portal.bootstrap import Portal
from portal.domain.errors import PortalError
from portal.sample_portal import collections, payments, people, plans
from portal.sample_portal.stage import Stage, set_stage

log = logging.getLogger("portal.sample")

Scene = Callable[[], object]
ROOMS: tuple[Callable[[Stage], list[tuple[float, Scene]]], ...] = (
    plans.play,
    payments.play,
    people.play,
    collections.play,
)
_NEEDED = 34
"""So many clients take part."""


def fill_portal(portal: Portal, progress: Callable[[str, float], None]) -> int:
    """Fill the store of a sample firm that was just made. Returns: how many scenes played.

    Raises: PortalError for a firm too small.
    """
    portal.refreshing.refresh(progress=lambda step: progress(step, 0.0))
    stage = set_stage(portal)
    if len(stage.clients) < _NEEDED:
        raise PortalError("The firm is too small for --with-portal; make 200 clients or more.")
    scenes = [scene for room in ROOMS for scene in room(stage)]
    scenes.sort(key=lambda each: -each[0])
    played = 0
    for number, (_, scene) in enumerate(scenes):
        progress("Paying, planning, promising", number / len(scenes))
        try:
            scene()
            played += 1
        except PortalError as refusal:
            # An invented client may have what a scene does not expect; the others go on.
            log.info("a scene of the sample portal was refused: %s", refusal)
    return played
