"""Audit: who changed money, access or settings, and is the log whole?"""

from portal.domain.permissions import Permission
from portal.ui import audit, frame, grid, live

frame.require(Permission.VIEW_AUDIT)
frame.page("Audit log", "It only grows, and shows when somebody has tampered with it.")
audit.check()
grid.list_grid("audit")
live.follow()
