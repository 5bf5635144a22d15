"""Practice management systems: how each kind of source is reached. Read only, always."""
