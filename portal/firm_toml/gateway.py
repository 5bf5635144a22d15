"""[gateway]: through whom payments are taken, which methods, and who bears the card fee."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from portal.domain.errors import SettingsInvalid

KINDS = ("sandbox", "stripe")
METHODS = ("credit", "debit", "ach")
FEE_POLICIES = ("absorb", "pass")
MOST_FEE_BPS = 300
"""3 %: more than a card network lets a firm pass on."""
SANDBOX_RATES: Mapping[str, int] = MappingProxyType(
    {
        "card_bps": 290,
        "card_cents": 30,
        "ach_bps": 80,
        "ach_cap_cents": 500,
        "dispute_cents": 1500,
        "return_cents": 400,
        "ach_days": 4,
        "payout_days": 2,
    }
)
"""What the sandbox takes from the firm and how many business days it needs: [gateway.sandbox]."""


@dataclass(frozen=True, kw_only=True)
class GatewaySettings:
    """How payments are taken.

    `fee_policy` is about credit cards only; debit cards, bank debits and cards of unknown kind
    never carry a fee. Secrets are never shown by `repr`.
    """

    kind: str = "sandbox"
    methods: tuple[str, ...] = METHODS
    fee_policy: str = "absorb"
    fee_bps: int = 0
    fee_cap_cents: int | None = None
    refund_days: int = 90
    approval_above_cents: int = 100_000
    page_minutes: int = 30
    partner_receipts: bool = False
    """Partners get a copy of the receipts of their clients' payments."""
    live: bool = False
    secret_key: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    sandbox: Mapping[str, int] = field(default_factory=lambda: SANDBOX_RATES)


def read_gateway(
    section: Mapping[str, object], path: object, secret: Callable[[str], str]
) -> GatewaySettings:
    """Check [gateway] of firm.toml and fill in the defaults; `secret` reads an `env:NAME`.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    known = {each.name for each in fields(GatewaySettings)}
    if unknown := sorted(set(section) - known):
        raise SettingsInvalid(f"{path}: [gateway] has no {unknown[0]}; use {sorted(known)}.")
    values = {
        name: _number(section, name, path)
        for name in ("fee_bps", "fee_cap_cents", "refund_days", "approval_above_cents",
                     "page_minutes")
        if name in section
    }  # fmt: skip
    settings = GatewaySettings(
        kind=_choice(section, "kind", KINDS, path),
        fee_policy=_choice(section, "fee_policy", FEE_POLICIES, path),
        methods=_methods(section, path),
        partner_receipts=_flag(section, "partner_receipts", path),
        live=_flag(section, "live", path),
        sandbox=_rates(section.get("sandbox", {}), path),
        **values,
        **_secrets(section, path, secret),
    )
    _check(settings, path)
    return settings


def _check(settings: GatewaySettings, path: object) -> None:
    if settings.fee_policy == "pass" and not 0 < settings.fee_bps <= MOST_FEE_BPS:
        raise SettingsInvalid(
            f"{path}: [gateway] fee_policy = 'pass' needs fee_bps of 1 to {MOST_FEE_BPS} "
            f"({MOST_FEE_BPS} is 3 %)."
        )
    if not 1 <= settings.page_minutes <= 24 * 60:
        raise SettingsInvalid(f"{path}: [gateway] page_minutes must be 1 to 1440.")
    if settings.kind != "stripe":
        return
    if settings.fee_policy == "pass":
        raise SettingsInvalid(
            f"{path}: [gateway] fee_policy must be 'absorb' with Stripe: its page cannot add a fee "
            "for credit cards only."
        )
    if not settings.secret_key or not settings.webhook_secret:
        raise SettingsInvalid(
            f"{path}: [gateway] kind = 'stripe' needs secret_key = 'env:NAME' "
            "and webhook_secret = 'env:NAME'."
        )
    if ("_live_" in settings.secret_key) is not settings.live:
        raise SettingsInvalid(
            f"{path}: [gateway] live = {str(settings.live).lower()} does not fit the secret key; "
            "a live key needs live = true, a test key live = false."
        )


def _secrets(
    section: Mapping[str, object], path: object, secret: Callable[[str], str]
) -> dict[str, str]:
    found = {}
    for name in ("secret_key", "webhook_secret"):
        written = section.get(name)
        if written is None:
            continue
        if not isinstance(written, str) or not written.startswith("env:"):
            raise SettingsInvalid(
                f"{path}: [gateway] {name} must be written 'env:NAME'; a secret does not belong "
                "in a file."
            )
        found[name] = secret(written)
    return found


def _rates(section: object, path: object) -> Mapping[str, int]:
    if not isinstance(section, Mapping):
        raise SettingsInvalid(f"{path}: sandbox must be a section, written [gateway.sandbox].")
    if unknown := sorted(set(section) - set(SANDBOX_RATES)):
        raise SettingsInvalid(
            f"{path}: [gateway.sandbox] has no {unknown[0]}; use {sorted(SANDBOX_RATES)}."
        )
    return SANDBOX_RATES | {name: _number(section, name, path) for name in section}


def _choice(
    section: Mapping[str, object], name: str, allowed: tuple[str, ...], path: object
) -> str:
    value = section.get(name, allowed[0])
    if value not in allowed:
        raise SettingsInvalid(f"{path}: [gateway] {name} must be one of {', '.join(allowed)}.")
    return str(value)


def _methods(section: Mapping[str, object], path: object) -> tuple[str, ...]:
    written = section.get("methods", METHODS)
    if not isinstance(written, (list, tuple)) or not written or set(written) - set(METHODS):
        raise SettingsInvalid(
            f"{path}: [gateway] methods must be a list of {', '.join(METHODS)}, at least one."
        )
    return tuple(name for name in METHODS if name in written)


def _number(section: Mapping[str, object], name: str, path: object) -> int:
    value = section[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise SettingsInvalid(f"{path}: [gateway] {name} must be a whole number, 0 or more.")
    return value


def _flag(section: Mapping[str, object], name: str, path: object) -> bool:
    value = section.get(name, False)
    if not isinstance(value, bool):
        raise SettingsInvalid(f"{path}: [gateway] {name} must be true or false.")
    return value
