"""Quick links: pages to pay without being a client; make, share, revoke."""

from portal.domain.permissions import Permission
from portal.ui import frame, quick_links, quick_payments

frame.require(Permission.QUICK_LINKS)
frame.page(
    "Quick payment links",
    "For retainers, events and whoever is no client yet.",
    actions=quick_links.ways,
)
quick_payments.waiting()
# The list follows the data by itself; drawing the page anew would close the dialog of a new link.
quick_links.links()
