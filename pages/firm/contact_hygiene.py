"""Contact hygiene: which clients that owe something can't be reached, and why?"""

from portal.ui import contact_hygiene, filters, frame, live

frame.page("Contact hygiene", filters.whose())

contact_hygiene.draw()

live.follow()
