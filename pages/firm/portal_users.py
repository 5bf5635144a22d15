"""Portal users: who has an account in the client portal, and for which clients?"""

from portal.domain.permissions import Permission
from portal.ui import filters, frame, live, portal_users

frame.require(Permission.LINK_PORTAL_USERS)
frame.page("Portal users", "Payers with an account. Open one to add or de-link clients.")
portal_users.users()
portal_users.opened_by_link(filters.record_id())
live.follow()
