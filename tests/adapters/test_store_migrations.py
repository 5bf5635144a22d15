"""The migrations make exactly the tables the code expects, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal.store import Store
from portal.store.tables import metadata
from portal.store.unit_of_work import MIGRATIONS, newest_migration
from tests.adapters.store_backends import cluster, store, store_url

__all__ = ["cluster", "store", "store_url"]


def test_migrated_tables_are_the_tables_the_code_expects(store: Store) -> None:
    with store.reading() as view:
        context = MigrationContext.configure(view._connection)
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_migrating_again_changes_nothing(store: Store) -> None:
    store.migrate()

    with store.reading() as view:
        assert view.users.everybody() == []


def test_the_tables_a_store_is_left_alone_with_are_those_of_the_last_migration() -> None:
    assert newest_migration() == ScriptDirectory(MIGRATIONS).get_current_head()
