"""[source]: where the practice management system is, and which mapping reads it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from portal.domain.errors import SettingsInvalid
from portal.firm_toml.values import refuse_unknown, seconds, text

SOURCE_KINDS = ("sqlite", "postgres", "odbc", "mysql", "files")
_KEYS = ("kind", "path", "dsn", "system", "mapping", "every_seconds")
_ON_DISK = ("sqlite", "files")
_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
_EVERY = (0.01, 86_400)


@dataclass(frozen=True)
class Source:
    """Where the practice management system is and which mapping reads it."""

    kind: str
    location: str = field(repr=False)
    """A path, or how a server is reached, which may hold a password."""
    mapping: Path
    every_seconds: float = 0.25


def read_source(
    section: Mapping[str, object], path: Path, systems: Path, secret: Callable[[str], str]
) -> Source | None:
    """Check [source] of firm.toml; None where there is none. `systems` holds the mappings we ship.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    if not section:
        return None
    refuse_unknown(section, _KEYS, "source", path)
    kind = section.get("kind")
    if kind not in SOURCE_KINDS:
        raise SettingsInvalid(f"{path}: [source] kind must be one of {', '.join(SOURCE_KINDS)}.")
    named = [key for key in ("path", "dsn") if key in section]
    if len(named) != 1:
        raise SettingsInvalid(f"{path}: [source] needs a path (sqlite, files) or a dsn.")
    location = secret(text(section, named[0], "", "source", path))
    if kind in _ON_DISK:
        location = str((path.parent / location).resolve())
    every = seconds(section, "every_seconds", 0.25, _EVERY, "source", path)
    return Source(str(kind), location, _mapping(section, path, systems), every)


def _mapping(section: Mapping[str, object], path: Path, systems: Path) -> Path:
    if "mapping" in section:
        mapping = (path.parent / text(section, "mapping", "", "source", path)).resolve()
        if not (mapping / "mapping.toml").is_file():
            raise SettingsInvalid(f"{path}: [source] there is no mapping.toml in {mapping}.")
        return mapping
    system = section.get("system")
    known = sorted(file.parent.name for file in systems.glob("*/mapping.toml"))
    if not isinstance(system, str) or not _FOLDER.fullmatch(system) or system not in known:
        raise SettingsInvalid(
            f"{path}: [source] needs system, one of {', '.join(known)}, or the path of a mapping."
        )
    return systems / system
