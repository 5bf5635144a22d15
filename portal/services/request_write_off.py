"""Ask for a write-off, a credit or a hold of work; decide about it; note that it was entered.

The portal changes nothing in the practice management system: what is approved becomes a list
for whoever keeps it.
"""

from dataclasses import dataclass, replace

from portal.domain.errors import Denied, Invalid, NotFound
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.money import MOST_CENTS
from portal.domain.permissions import Permission, Principal
from portal.services.collection_access import checked_text, is_in_scope, reach_client
from portal.services.collections_ports import RequestKind, RequestState, WriteOffRequest
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Clock, Store, UnitOfWork


@dataclass(frozen=True, kw_only=True)
class RequestWriteOff:
    """The request. A hold of work needs no amount; asked twice with one `request_id`, it is one."""

    actor: Principal
    request_id: str
    kind: RequestKind
    client_id: str
    currency: str
    reason: FreeText
    amount_cents: int | None = None
    invoice_id: str | None = None
    invoice_number: str | None = None


@dataclass(frozen=True, kw_only=True)
class DecideWriteOff:
    """The decision of somebody else than who asked."""

    actor: Principal
    request_id: str
    is_approved: bool
    note: FreeText = ""


@dataclass(frozen=True, kw_only=True)
class FinishWriteOff:
    """It has been entered into the practice management system."""

    actor: Principal
    request_id: str


@without_card_numbers
def request_write_off(
    command: RequestWriteOff, *, store: Store, directory: ClientDirectory, clock: Clock
) -> WriteOffRequest:
    """Keep the request until somebody with the right to approve decides.

    Raises: Denied; NotFound; Invalid.
    """
    card = reach_client(command.actor, command.client_id, directory)
    needs_amount = command.kind is not RequestKind.HOLD
    amount = command.amount_cents if needs_amount else None
    if needs_amount and not (amount and 0 < amount <= MOST_CENTS):
        raise Invalid("Say the amount, above zero.")
    request = WriteOffRequest(
        request_id=command.request_id,
        kind=command.kind,
        client_id=command.client_id,
        client_name=card.client_name,
        invoice_id=command.invoice_id,
        invoice_number=command.invoice_number,
        currency=command.currency,
        amount_cents=amount,
        reason=checked_text(command.reason, "the reason"),
        requested_by=command.actor.user_key,
        requested_by_name=command.actor.full_name,
        requested_at=clock(),
    )
    with store.unit_of_work() as uow:
        if not uow.write_offs.add(request):
            return uow.write_offs.find(command.request_id) or request
        _audit(uow, command.actor, "asked", request)
        uow.commit()
    return request


@without_card_numbers
def decide_write_off(
    command: DecideWriteOff, *, store: Store, directory: ClientDirectory, clock: Clock
) -> WriteOffRequest:
    """Approve or reject. Nobody decides about their own request.

    Raises: Denied; NotFound; Invalid when it was decided already.
    """
    command.actor.require(Permission.APPROVE_WRITE_OFFS)
    note = checked_text(command.note, "a note") if command.note.strip() else ""
    if not command.is_approved and not note:
        raise Invalid("Say why it is rejected, so that whoever asked can act on it.")
    with store.unit_of_work() as uow:
        before = _reach(uow, command.actor, command.request_id, directory)
        if before.requested_by == command.actor.user_key:
            raise Denied("Somebody else must decide about what you asked for.")
        done = replace(
            before,
            state=RequestState.APPROVED if command.is_approved else RequestState.REJECTED,
            decided_by=command.actor.user_key,
            decided_by_name=command.actor.full_name,
            decided_at=clock(),
            decision_note=note,
        )
        if not uow.write_offs.change(done, was=RequestState.ASKED):
            raise Invalid("This request was decided already.")
        _audit(uow, command.actor, done.state.value, done)
        uow.commit()
    return done


def finish_write_off(
    command: FinishWriteOff, *, store: Store, directory: ClientDirectory, clock: Clock
) -> WriteOffRequest:
    """Note that an approved request was entered; it leaves the list.

    Raises: Denied; NotFound; Invalid for one that is not approved.
    """
    command.actor.require(Permission.VIEW_COLLECTIONS)
    with store.unit_of_work() as uow:
        before = _reach(uow, command.actor, command.request_id, directory)
        done = replace(
            before,
            state=RequestState.DONE,
            done_by=command.actor.user_key,
            done_at=clock(),
        )
        if not uow.write_offs.change(done, was=RequestState.APPROVED):
            raise Invalid("Only an approved request can be entered.")
        _audit(uow, command.actor, "done", done)
        uow.commit()
    return done


def _reach(
    uow: UnitOfWork, actor: Principal, request_id: str, directory: ClientDirectory
) -> WriteOffRequest:
    request = uow.write_offs.find(request_id)
    card = directory.client(request.client_id) if request else None
    if request is None or card is None or not is_in_scope(actor, card.partner_id, card.manager_id):
        raise NotFound("There is no such request.")
    return request


def _audit(uow: UnitOfWork, actor: Principal, word: str, request: WriteOffRequest) -> None:
    uow.audit.append(
        at=request.done_at or request.decided_at or request.requested_at,
        actor=actor.user_key,
        action=f"{request.kind}.{word}",
        subject=request.client_id,
        detail={
            "request": request.request_id,
            "invoice": request.invoice_number,
            "amount_cents": request.amount_cents,
            "reason": request.reason,
        },
    )
