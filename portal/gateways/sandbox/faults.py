"""The ways a gateway can fail to answer: what happens, and what the caller is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.services.gateway import GatewayBusy, GatewayMisconfigured, GatewayUnsure


class FaultKind(StrEnum):
    """One way a call goes wrong between the portal and the gateway."""

    CONNECTION_REFUSED = "connection_refused"
    NAME_NOT_FOUND = "name_not_found"
    NO_ENCRYPTION = "no_encryption"
    TIMEOUT_BEFORE = "timeout_before"
    DROPPED_AFTER = "dropped_after"
    HANGS_AFTER = "hangs_after"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    TOO_MANY = "too_many"
    IN_FLIGHT = "in_flight"
    GARBLED = "garbled"
    SLOW = "slow"
    KEY_REFUSED = "key_refused"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Whether the call took effect, and what the caller is told in its place."""

    happens: bool
    error: type[GatewayUnsure] | type[GatewayBusy] | None = GatewayUnsure
    seconds: float = 0


FAULTS: Mapping[FaultKind, Fault] = {
    FaultKind.CONNECTION_REFUSED: Fault(happens=False),
    FaultKind.NAME_NOT_FOUND: Fault(happens=False),
    FaultKind.NO_ENCRYPTION: Fault(happens=False),
    FaultKind.TIMEOUT_BEFORE: Fault(happens=False, seconds=30),
    FaultKind.DROPPED_AFTER: Fault(happens=True),
    FaultKind.HANGS_AFTER: Fault(happens=True, seconds=30),
    FaultKind.ERROR_BEFORE: Fault(happens=False),
    FaultKind.ERROR_AFTER: Fault(happens=True),
    FaultKind.TOO_MANY: Fault(happens=False, error=GatewayBusy),
    FaultKind.IN_FLIGHT: Fault(happens=False, error=GatewayBusy),
    FaultKind.GARBLED: Fault(happens=True),
    FaultKind.SLOW: Fault(happens=True, error=None, seconds=5),
    FaultKind.KEY_REFUSED: Fault(happens=False, error=GatewayMisconfigured),
}

NO_ANSWER = "The payment gateway did not answer. It may have worked: the portal looks and tells."
BUSY = "The payment gateway is busy. Try again in a moment."
_NO_ACCESS = "The payment gateway does not accept the firm's key."


def error_of(fault: Fault) -> GatewayUnsure | GatewayBusy | None:
    """What the caller hears; nothing where the answer only comes late."""
    if fault.error is None:
        return None
    said = {GatewayBusy: BUSY, GatewayMisconfigured: _NO_ACCESS}
    return fault.error(said.get(fault.error, NO_ANSWER))
