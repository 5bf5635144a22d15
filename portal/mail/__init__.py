"""Mail: from the outbox to somebody's inbox, and what became of it."""
