"""Sections of firm.toml with a room of their own: each file checks one and fills in defaults."""
