"""Portal users, their sessions, and links: the tables.

Migrations create them; a test compares the two.
"""
