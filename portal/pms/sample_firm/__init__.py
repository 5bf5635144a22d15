"""The sample firm: an invented practice management system that lives, for trying the portal."""
