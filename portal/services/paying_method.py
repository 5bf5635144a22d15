"""The saved method a payment is charged to: the client's own, or one of its client group."""

from portal.domain.errors import Invalid, NotFound
from portal.domain.permissions import Permission, Principal
from portal.services.gateway_states import MethodKind
from portal.services.money_actors import NO_SUCH_METHOD, Actor, reach_client
from portal.services.money_ports import PaymentMethod
from portal.services.ports import UnitOfWork
from portal.services.till import Till


def check_owner(till: Till, actor: Actor, client_id: str | None, owner_id: str | None) -> None:
    """Go on only if a method of `owner_id` (None: the client's own) may pay for the client.

    Another client's method pays on a staff member's word, who reaches both, within one group.
    Raises: Denied, NotFound, Invalid.
    """
    if owner_id is None or owner_id == client_id:
        return
    if client_id is None or not isinstance(actor, Principal):
        raise NotFound(NO_SUCH_METHOD)
    owner, client = (
        reach_client(actor, Permission.TAKE_PAYMENT, one, till.directory)
        for one in (owner_id, client_id)
    )
    if not owner.client_group or owner.client_group != client.client_group:
        raise Invalid("A saved method pays for the clients of its own group only.")


def paying_method(
    uow: UnitOfWork, till: Till, method_id: str | None, owner_id: str | None
) -> PaymentMethod | None:
    """The saved method of this client; None where none is asked for.

    Raises: NotFound, Invalid.
    """
    if method_id is None:
        return None
    method = uow.methods.find(method_id)
    if method is None or method.client_id != owner_id or method.state == "removed":
        raise NotFound(NO_SUCH_METHOD)
    if method.kind != MethodKind.UNKNOWN and method.kind not in till.policy.kinds:
        raise Invalid("Your firm takes no payments by this kind of method. Choose another one.")
    if method.gateway != till.gateway.name:
        raise Invalid("This method was saved with another payment gateway. Save it again.")
    if method.kind == MethodKind.ACH and uow.mandates.standing(method_id) is None:
        raise Invalid(
            "The authorization to debit this bank account was revoked. Save the account anew."
        )
    return method
