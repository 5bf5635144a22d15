"""The outbox and what became of each mail: the tables.

Migrations create them; a test compares the two.
"""
