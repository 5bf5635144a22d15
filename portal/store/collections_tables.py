"""Promises, notes, pauses, disputes, statements: the tables.

Migrations create them; a test compares the two.
"""
