"""AR aging: who owes how much, how old is it, and how did it stand on another day?"""

from portal.ui import aging, filters, frame, live

frame.page("AR aging", filters.whose())

chosen = aging.controls()
aging.note(chosen)

found = aging.groups(chosen)
if found.empty:
    frame.empty("Nothing is outstanding here", "No open invoice on this day, in what was chosen.")
else:
    aging.picture(chosen, found)
    aging.listed(chosen, found)

live.follow()
