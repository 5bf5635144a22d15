"""[sample]: only the invented firm has people who enter with one click, and a bookkeeper who posts.

Everything here guards one thing: a firm.toml with [sample] must never meet a real firm's data.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from portal.domain.errors import SettingsInvalid
from portal.firm_toml.source import Source
from portal.firm_toml.values import refuse_unknown, seconds

SAMPLE_MARK = 0x46506F72
"""What SQLite keeps as `application_id` in a database that `portal sample create` made."""
_MARK_AT = 68
_KEYS = ("tick_seconds",)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def is_sample_file(path: Path) -> bool:
    """Whether `portal sample create` made this database.

    The mark is read from the file's head, before anything has the database open: closing the
    file would take away the locks which SQLite holds in this process.
    """
    try:
        with path.open("rb") as file:
            file.seek(_MARK_AT)
            return int.from_bytes(file.read(4), "big") == SAMPLE_MARK
    except OSError:
        return False


def read_sample(section: Mapping[str, object], path: object) -> float:
    """Check [sample] of firm.toml. Returns: the seconds between its bookkeeper's entries; 0 none.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    refuse_unknown(section, _KEYS, "sample", path)
    return seconds(section, "tick_seconds", 0.0, (0, 86_400), "sample", path)


def check_sample_firm(
    path: object, *, source: Source | None, gateway: str, public_url: str
) -> None:
    """Refuse [sample] for any firm but the invented one, on this machine, with pretended money.

    Raises: SettingsInvalid.
    """
    remove = f"{path}: [sample] is for the invented firm only; remove it from a real firm's file"
    if source is None or source.kind != "sqlite":
        raise SettingsInvalid(f"{remove}: [source] must be the sample firm's SQLite database.")
    if gateway != "sandbox":
        raise SettingsInvalid(f"{remove}: [gateway] kind must be 'sandbox' there.")
    if urlsplit(public_url).hostname not in _LOOPBACK:
        raise SettingsInvalid(
            f"{remove}: [firm] public_url must be this machine there, like http://127.0.0.1:8501."
        )
    if not is_sample_file(Path(source.location)):
        raise SettingsInvalid(
            f"{remove}: {source.location} was not made by this version's `portal sample create`."
        )
