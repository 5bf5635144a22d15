"""Which gateway a firm has: chosen by [gateway] kind of firm.toml."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.firm_toml.gateway import GatewaySettings
from portal.gateways.sandbox.gateway import SandboxGateway
from portal.gateways.sandbox.ledger import SandboxRates
from portal.services.gateway import Gateway

SANDBOX_FILE = "sandbox_gateway.sqlite"


def open_gateway(
    settings: GatewaySettings,
    *,
    home: Path,
    secret: str,
    public_url: str,
    zone: ZoneInfo,
    clock: Callable[[], datetime],
) -> Gateway:
    """The firm's gateway; nothing is asked of it yet."""
    if settings.kind == "stripe":
        # Only a firm that has Stripe waits for its library to load.
        from portal.gateways.stripe.gateway import StripeGateway

        return StripeGateway(
            secret_key=settings.secret_key,
            webhook_secret=settings.webhook_secret,
            live=settings.live,
        )
    return SandboxGateway(
        home / SANDBOX_FILE,
        clock=clock,
        secret=secret,
        public_url=public_url,
        zone=zone,
        rates=SandboxRates(**settings.sandbox),
    )
