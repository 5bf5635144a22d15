"""Requests: which write-offs, credits and holds were asked for, decided, and must be entered?"""

from portal.ui import frame, said, write_offs

frame.page("Write-off requests", "What is approved is entered in the practice management system")
said.say()

write_offs.draw()
