"""Which clients were ever shown, for the refresh: the store remembers."""

from collections.abc import Iterable

from portal.store import Store


class RememberedClients:
    """The store's memory of clients once shown, for the refresh."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> Iterable[str]:
        """The ids of every client once shown."""
        with self._store.reading() as view:
            return view.shown_clients.all()

    def add(self, client_ids: Iterable[str]) -> None:
        """Remember clients that are shown from now on."""
        with self._store.unit_of_work() as uow:
            uow.shown_clients.add(client_ids)
            uow.commit()
