"""How an answer is kept under its key: as text, and back again exactly as it was."""

import json
from collections.abc import Mapping
from datetime import datetime

from portal.services.gateway import (
    GatewayPayment,
    GatewayRefund,
    GatewayRefused,
    HostedPage,
    MethodFacts,
)
from portal.services.gateway_states import DisputeState, GatewayState, MethodKind, RefundState

Answer = str | GatewayPayment | GatewayRefund | HostedPage


def to_text(answer: Answer | GatewayRefused) -> str:
    """An answer as JSON."""
    if isinstance(answer, GatewayRefused):
        body: object = {"sentence": str(answer), "code": answer.code}
    else:
        body = answer if isinstance(answer, str) else vars(answer)
    return json.dumps({"kind": type(answer).__name__, "body": body}, default=_plain)


def from_text(text: str) -> Answer | GatewayRefused:
    """The answer that was written."""
    said = json.loads(text)
    kind, body = said["kind"], said["body"]
    if kind == "GatewayPayment":
        return _payment(body)
    if kind == "GatewayRefund":
        return GatewayRefund(**body | {"state": RefundState(body["state"])})
    if kind == "HostedPage":
        return HostedPage(**body | {"expires_at": datetime.fromisoformat(body["expires_at"])})
    if kind == "GatewayRefused":
        return GatewayRefused(body["sentence"], code=body["code"])
    return body


def _payment(body: Mapping[str, object]) -> GatewayPayment:
    facts, dispute = body["method"], body["dispute"]
    return GatewayPayment(
        **dict(body)
        | {
            "state": GatewayState(body["state"]),
            "method": MethodFacts(**facts | {"kind": MethodKind(facts["kind"])}) if facts else None,
            "dispute": DisputeState(dispute) if dispute else None,
        }
    )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, MethodFacts):
        return vars(value)
    raise TypeError(f"{type(value).__name__} is no part of an answer")
