"""Permissions: who may do what, by which group or which single grant?"""

from portal.domain.permissions import Permission
from portal.ui import frame, permissions, said

frame.require(Permission.MANAGE_PERMISSIONS)
frame.page("Permissions", "What each group may do, and who may do more.", actions=permissions.ways)
said.say()
permissions.people()
permissions.groups()
