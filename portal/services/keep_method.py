"""A method that the gateway keeps becomes one of the client's, a bank account with its mandate."""

import hashlib

from portal.domain import mandates
from portal.services.gateway import GatewayMethod
from portal.services.gateway_states import MethodKind
from portal.services.money_ports import Mandate, PaymentMethod
from portal.services.till import Till


def keep_method(
    till: Till,
    told: GatewayMethod,
    *,
    client_id: str,
    actor: str,
    portal_user_id: str | None = None,
    address: str = "",
) -> PaymentMethod:
    """Keep it once, however often it is told. Returns: the method as it is kept."""
    with till.store.unit_of_work() as uow:
        uow.payments.serialize()
        known = uow.methods.find_by_ref(told.ref)
        if known is not None:
            return known
        now = till.clock()
        method = PaymentMethod(
            method_id=_id_of(till.gateway.name, told.ref),
            client_id=client_id,
            portal_user_id=portal_user_id,
            gateway=till.gateway.name,
            customer_ref=told.customer_ref,
            gateway_ref=told.ref,
            kind=told.facts.kind,
            brand=told.facts.brand,
            last4=told.facts.last4,
            exp_month=told.facts.exp_month,
            exp_year=told.facts.exp_year,
            holder_name=told.facts.holder_name,
            created_by=actor,
            created_at=now,
        )
        uow.methods.save(method)
        if method.kind is MethodKind.ACH:
            uow.mandates.add(_mandate(till, method, actor, address))
        uow.audit.append(
            at=now, actor=actor, action="method.saved", subject=method.method_id,
            detail={"client": client_id, "kind": method.kind, "last4": method.last4},
        )  # fmt: skip
        uow.commit()
    return method


def _mandate(till: Till, method: PaymentMethod, actor: str, address: str) -> Mandate:
    words = mandates.wording(till.policy.firm_name, method.holder_name, method.last4)
    return Mandate(
        mandate_id=f"{method.method_id}-mandate",
        method_id=method.method_id,
        wording=words,
        wording_hash=mandates.fingerprint(words),
        wording_version=mandates.VERSION,
        agreed_by=actor,
        agreed_at=till.clock(),
        address=address,
        terms={"page": "hosted by the gateway", "holder_name": method.holder_name},
    )


def _id_of(gateway: str, ref: str) -> str:
    return hashlib.sha256(f"{gateway}:{ref}".encode()).hexdigest()[:32]
