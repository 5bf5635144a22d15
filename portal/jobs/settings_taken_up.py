"""At the start of a server: what changed in firm.toml is recorded, the sample people known."""

import logging
from typing import TYPE_CHECKING

from portal.jobs.sample_people import add_sample_people, retire_sample_people
from portal.services.record_settings import record_settings

if TYPE_CHECKING:
    from portal.bootstrap import Portal

log = logging.getLogger("portal.settings")


def take_up_settings(portal: "Portal") -> None:
    """Let what firm.toml says now be in the audit log, and in who may sign in."""
    settings = portal.settings
    record_settings(settings.said, store=portal.store, clock=portal.now)
    if settings.access.sample_users:
        add_sample_people(portal)
    else:
        retire_sample_people(portal)
    if settings.is_real_firm_with_sandbox:
        log.warning("[gateway] kind is 'sandbox': payments are pretended, no money moves")
