"""A portal user with several clients turns to one of them; it stays so when the page reloads."""

from dataclasses import dataclass

from portal.domain.payers import EntryKind, Payer
from portal.services.ports import Store


@dataclass(frozen=True, kw_only=True)
class ChoosePayerClient:
    """The request."""

    payer: Payer
    client_id: str


def choose_payer_client(command: ChoosePayerClient, *, store: Store) -> None:
    """Note the choice with the visit. Whoever has one client has nothing to choose.

    Raises: NotFound for a client the payer did not come for.
    """
    command.payer.reach(command.client_id)
    is_new = command.payer.chosen_client_id != command.client_id
    if command.payer.entry is not EntryKind.ACCOUNT or not is_new:
        return
    with store.unit_of_work() as uow:
        uow.payer_sessions.choose(command.payer.session_id, command.client_id)
        uow.commit()
