"""What the portal can do, one command a file; docs/services.md lists them by subject."""
