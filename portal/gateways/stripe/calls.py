"""How Stripe is asked: our key always, the same key again after a fault, refusals in our words."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import stripe

from portal.services.gateway import (
    GatewayBusy,
    GatewayMisconfigured,
    GatewayRefused,
    GatewayUnsure,
    KeyReused,
)

Found = dict[str, Any]
"""What Stripe answers, as plain data."""

SECONDS_TO_ANSWER = 30
MOST_ROWS = 100
_WAITS = (0.5, 1.5)
"""Seconds before the second and the third try; each carries the same key."""
_CONFLICT = 409
_REFUSALS: Mapping[str, tuple[str, str]] = {
    "amount_too_large": ("amount_out_of_range", "The gateway does not take this amount."),
    "amount_too_small": ("amount_out_of_range", "The gateway does not take this amount."),
    "charge_already_refunded": (
        "refund_above_captured", "A refund cannot exceed what is left."),
    "charge_disputed": ("payment_disputed", "This payment is disputed."),
    "payment_intent_unexpected_state": (
        "payment_not_waiting", "This payment cannot be changed any more."),
    "resource_missing": ("not_found", "The gateway does not know this."),
}  # fmt: skip


class StripeCalls:
    """One account of Stripe. `base_url` is for a stand-in on this machine."""

    def __init__(
        self,
        secret_key: str,
        *,
        base_url: str | None = None,
        pause: Callable[[float], None] = time.sleep,
        seconds_to_answer: float = SECONDS_TO_ANSWER,
    ) -> None:
        where = {"base_addresses": {"api": base_url}} if base_url else {}
        self._client = stripe.StripeClient(
            secret_key,
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=seconds_to_answer),
            **where,
        )
        self._pause = pause

    @property
    def v1(self) -> Any:
        """The services of the client."""
        return self._client.v1

    def change(self, call: Callable[..., Any], *given: object, key: str, **values: object) -> Found:
        """Make a change, once for its key however often it is asked."""
        params = {name: value for name, value in values.items() if value is not None}
        options = {"idempotency_key": key}
        return self._tried(lambda: call(*given, params=params, options=options)).to_dict()

    def read(self, call: Callable[..., Any], *given: object, **values: object) -> Found:
        """Look at one thing."""
        return self._tried(lambda: call(*given, params=values)).to_dict()

    def list(self, call: Callable[..., Any], **values: object) -> Iterator[Found]:
        """Look at every row, page after page."""
        after: Found = {}
        while True:
            params = {"limit": MOST_ROWS} | values | after
            page = self._tried(lambda params=params: call(params=params)).to_dict()
            yield from page["data"]
            if not page["has_more"] or not page["data"]:
                return
            after = {"starting_after": page["data"][-1]["id"]}

    def _tried(self, call: Callable[[], Any]) -> Any:
        for wait in _WAITS:
            try:
                return _answer_of(call)
            except GatewayMisconfigured:
                raise
            except (GatewayUnsure, GatewayBusy):
                self._pause(wait)
        return _answer_of(call)


def _answer_of(call: Callable[[], Any]) -> Any:
    """The answer, or what its lack means. A CardError passes: only a charge can be declined.

    Raises: GatewayUnsure, GatewayMisconfigured, GatewayBusy, KeyReused, GatewayRefused.
    """
    try:
        return call()
    except stripe.CardError:
        raise
    except stripe.RateLimitError as problem:
        raise GatewayBusy("The payment gateway is busy. Try again in a moment.") from problem
    except stripe.IdempotencyError as problem:
        raise KeyReused("This key was used for something else. Nothing was done.") from problem
    except (stripe.AuthenticationError, stripe.PermissionError) as problem:
        raise GatewayMisconfigured(
            "The payment gateway does not accept the firm's key. Whoever looks after the portal "
            "must set the right one."
        ) from problem
    except stripe.InvalidRequestError as problem:
        raise _refusal(problem) from problem
    except stripe.StripeError as problem:
        if problem.http_status == _CONFLICT:
            raise GatewayBusy("The payment gateway is busy. Try again in a moment.") from problem
        raise GatewayUnsure(
            "The payment gateway did not answer. It may have worked: the portal looks and tells."
        ) from problem


def _refusal(problem: stripe.InvalidRequestError) -> GatewayRefused:
    missing = "resource_missing" if problem.http_status == 404 else ""
    code, sentence = _REFUSALS.get(
        problem.code or missing, ("refused", "The payment gateway refuses this.")
    )
    return GatewayRefused(sentence, code=code)
