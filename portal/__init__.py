"""Firm Portal: what an accounting firm's clients owe, and how they pay it."""
