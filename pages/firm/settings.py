"""Settings: by which rules are clients written to, and what would other rules change?"""

from portal.ui import collection_settings, frame, said

frame.page("Settings", "The rules of collections")
said.say()

collection_settings.draw()
