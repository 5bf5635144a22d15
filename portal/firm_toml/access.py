"""[access]: how staff sign in, and what each group may do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.domain.errors import SettingsInvalid
from portal.domain.modules import MODULES
from portal.domain.permissions import Group, Permission
from portal.firm_toml.values import refuse_unknown, section_of, text, texts, whole

SIGN_INS = ("local", "oidc")
HOMES = ("partner", "manager", "collector", "admin", "user")
"""The first pages there are: each shows what its people come for."""
_KEYS = ("sign_in", "groups", "groups_claim", "oidc", "idle_minutes", "absolute_hours")
_GROUP_KEYS = ("permissions", "home", "modules")
_OIDC_NEEDS = ("client_id", "client_secret", "server_metadata_url")
_EVERYTHING = "*"


@dataclass(frozen=True)
class Access:
    """How staff sign in and what the groups may do."""

    sign_in: tuple[str, ...] = ("local",)
    groups: Mapping[str, Group] = field(default_factory=dict)
    groups_claim: str = "groups"
    oidc: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the identity provider is told: client_id, client_secret and so on."""
    sample_users: bool = False
    idle_minutes: int = 60
    absolute_hours: int = 12


def read_access(
    section: Mapping[str, object], path: object, secret: Callable[[str], str], *, is_sample: bool
) -> Access:
    """Check [access] of firm.toml and fill in the defaults; `secret` reads an `env:NAME`.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    refuse_unknown(section, _KEYS, "access", path)
    modes = _modes(section.get("sign_in", "local"), path)
    written = section_of(section, "groups", path, "access")
    return Access(
        sign_in=modes,
        groups={str(name): _group(str(name), written, path) for name in written},
        groups_claim=text(section, "groups_claim", "groups", "access", path),
        oidc=_oidc(section, path, secret, is_used="oidc" in modes),
        sample_users=is_sample,
        idle_minutes=whole(section, "idle_minutes", 60, (1, 1_440), "access", path),
        absolute_hours=whole(section, "absolute_hours", 12, (1, 168), "access", path),
    )


def _modes(written: object, path: object) -> tuple[str, ...]:
    modes = [written] if isinstance(written, str) else written
    if not isinstance(modes, list) or not modes or not all(mode in SIGN_INS for mode in modes):
        raise SettingsInvalid(f"{path}: [access] sign_in must be 'local', 'oidc' or both.")
    return tuple(mode for mode in SIGN_INS if mode in modes)


def _oidc(
    section: Mapping[str, object], path: object, secret: Callable[[str], str], *, is_used: bool
) -> Mapping[str, str]:
    written = section_of(section, "oidc", path, "access")
    oidc = {str(key): secret(text(written, key, "", "access.oidc", path)) for key in written}
    for key in _OIDC_NEEDS if is_used else ():
        if not oidc.get(key):
            raise SettingsInvalid(f"{path}: [access.oidc] needs {key}.")
    return oidc


def _group(name: str, groups: Mapping[str, object], path: object) -> Group:
    where = f"access.groups.{name}"
    body = section_of(groups, name, path, "access.groups")
    refuse_unknown(body, _GROUP_KEYS, where, path)
    home = text(body, "home", "user", where, path)
    if home not in HOMES:
        raise SettingsInvalid(f"{path}: [{where}] home must be one of {', '.join(HOMES)}.")
    return Group(name, _permissions(body, where, path), home, _modules(body, where, path))


def _permissions(body: Mapping, where: str, path: object) -> frozenset[Permission]:
    names = texts(body, "permissions", where, path)
    if _EVERYTHING in names:
        return frozenset(Permission)
    if unknown := [name for name in names if name not in set(Permission)]:
        raise SettingsInvalid(
            f"{path}: [{where}] permissions: there is no {unknown[0]}; "
            f"use '*' or some of {', '.join(Permission)}."
        )
    return frozenset(Permission(name) for name in names)


def _modules(body: Mapping, where: str, path: object) -> frozenset[str]:
    if "modules" not in body:
        return frozenset(MODULES)
    names = texts(body, "modules", where, path)
    if unknown := [name for name in names if name not in MODULES]:
        raise SettingsInvalid(
            f"{path}: [{where}] modules: there is no {unknown[0]}; "
            f"use some of {', '.join(MODULES)}."
        )
    return frozenset(names)
