"""How a value of firm.toml is read: of the right kind, or refused with what to write instead."""

from collections.abc import Collection, Mapping

from portal.domain.errors import SettingsInvalid

LONGEST_TEXT = 2_000


def section_of(written: Mapping[str, object], name: str, path: object, inside: str = "") -> Mapping:
    """A section, empty where it is not written; `inside` names the section around it."""
    section = written.get(name, {})
    if not isinstance(section, Mapping):
        full = f"{inside}.{name}" if inside else name
        raise SettingsInvalid(f"{path}: {full} must be a section, written [{full}].")
    return section


def refuse_unknown(section: Mapping, known: Collection[str], name: str, path: object) -> None:
    """A key nobody reads is a choice the firm believes it has made."""
    if unknown := sorted(str(key) for key in set(section) - set(known)):
        raise SettingsInvalid(f"{path}: [{name}] has no {unknown[0]}; use {', '.join(known)}.")


def text(section: Mapping, key: str, default: str, name: str, path: object) -> str:
    """A text with something in it."""
    value = section.get(key, default)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise SettingsInvalid(f'{path}: [{name}] {key} must be a text, written {key} = "…".')
    return value.strip()


def whole(
    section: Mapping, key: str, default: int, limits: tuple[int, int], name: str, path: object
) -> int:
    """A whole number within its limits."""
    value = section.get(key, default)
    least, most = limits
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SettingsInvalid(
            f"{path}: [{name}] {key} must be a whole number from {least} to {most}."
        )
    return value


def seconds(
    section: Mapping, key: str, default: float, limits: tuple[float, float], name: str, path: object
) -> float:
    """A number of seconds within its limits; parts of a second are allowed."""
    value = section.get(key, default)
    least, most = limits
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise SettingsInvalid(
            f"{path}: [{name}] {key} must be a number of seconds from {least} to {most:,}."
        )
    return float(value)


def texts(section: Mapping, key: str, name: str, path: object) -> tuple[str, ...]:
    """A list of texts, empty where it is not written."""
    value = section.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise SettingsInvalid(f'{path}: [{name}] {key} must be a list of texts, like ["…", "…"].')
    return tuple(value)
