"""Payments, plans, refunds, payouts: the tables.

Migrations create them; a test compares the two.
"""
