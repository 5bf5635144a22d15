"""The store: what happened in the portal, and what the practice system cannot tell again.

It is the only thing to back up. SQLite by default, PostgreSQL by URL, one code for both.
"""

from portal.store.engine import StoreBusy
from portal.store.unit_of_work import Store, UnitOfWork, open_store

__all__ = ["Store", "StoreBusy", "UnitOfWork", "open_store"]
