"""Data: how fresh is it, where does it come from, and does it equal the source?"""

from portal.ui import data_parts, filters, frame, live

frame.page("Data", "How fresh the data is, and whether it equals the practice management system")

data_parts.freshness()
data_parts.draw(filters.part(data_parts.PARTS))

live.follow()
