"""Runs the migrations inside the transaction that `Store.migrate` has opened."""

from alembic import context

from portal.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # one transaction around all of them is open already
)
context.run_migrations()
