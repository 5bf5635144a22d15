"""The firm's settings: firm.toml and the environment become one frozen object, or a clear refusal.

The environment is read here and nowhere else.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.domain.aging import DEFAULT_EDGES, buckets
from portal.domain.errors import Invalid, SettingsInvalid
from portal.domain.permissions import Group, Permission
from portal.firm_toml.gateway import GatewaySettings, read_gateway
from portal.firm_toml.mail import MailSettings, read_mail
from portal.firm_toml.payers import PayerSettings, read_payers
from portal.firm_toml.payment_files import PaymentFileSettings, read_payment_files
from portal.firm_toml.plans import PlanSettings, read_plans

PROJECT = Path(__file__).resolve().parent.parent
QUERIES = PROJECT / "queries"
SOURCE_KINDS = ("sqlite", "postgres", "odbc", "mysql", "files")
SIGN_INS = ("local", "oidc")
FACES = ("firm", "client")
"""Who a server is there for: the firm's staff, its clients, or both."""


@dataclass(frozen=True)
class Source:
    """Where the practice management system is and which mapping reads it."""

    kind: str
    location: str
    mapping: Path
    every_seconds: float = 0.25


@dataclass(frozen=True)
class Access:
    """How staff sign in and what the groups may do."""

    sign_in: tuple[str, ...] = ("local",)
    groups: Mapping[str, Group] = field(default_factory=dict)
    groups_claim: str = "groups"
    oidc: Mapping[str, str] = field(default_factory=dict)
    sample_users: bool = False
    idle_minutes: int = 60
    absolute_hours: int = 12


@dataclass(frozen=True)
class Settings:
    """Everything the program needs to know before it starts."""

    home: Path
    firm_name: str
    timezone: ZoneInfo
    currency: str
    public_url: str
    source: Source | None
    mapping: Mapping[str, object]
    access: Access
    modules: Mapping[str, bool]
    aging_edges: tuple[int, ...]
    store_url: str
    secret_key: str
    sample_tick_seconds: float = 0.0
    gateway: GatewaySettings = field(default_factory=GatewaySettings)
    mail: MailSettings = field(default_factory=MailSettings)
    payers: PayerSettings = field(default_factory=PayerSettings)
    faces: tuple[str, ...] = FACES
    plans: PlanSettings = field(default_factory=PlanSettings)
    payment_files: PaymentFileSettings = field(default_factory=PaymentFileSettings)

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file. It can be rebuilt from the source at any time."""
        return self.home / "warehouse.duckdb"

    @property
    def documents_path(self) -> Path:
        """The folder of ingested invoice PDFs."""
        return self.home / "documents"

    def today(self, now: datetime) -> date:
        """The firm's day at an instant."""
        return now.astimezone(self.timezone).date()

    def has_face(self, name: str) -> bool:
        """Whether this server shows itself to staff ("firm") or to payers ("client")."""
        return name in self.faces

    def has_module(self, name: str) -> bool:
        """Whether the firm has switched a module on (all are, unless said otherwise)."""
        return self.modules.get(name, True)


def portal_home(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of all run-time files: PORTAL_HOME, or data/home of the project."""
    return Path(environ.get("PORTAL_HOME") or PROJECT / "data" / "home").resolve()


def config_path(environ: Mapping[str, str] = os.environ) -> Path:
    """The firm.toml in use: PORTAL_CONFIG, or firm.toml in PORTAL_HOME."""
    return Path(environ.get("PORTAL_CONFIG") or portal_home(environ) / "firm.toml").resolve()


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises: SettingsInvalid with the file, the key and what to write instead.
    """
    path = config_path(environ)
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsInvalid(
            f"There is no {path}. Make the sample firm with `portal sample create`, "
            "or set PORTAL_CONFIG to your firm.toml."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SettingsInvalid(f"{path} is not valid TOML: {problem}.") from None
    return read_settings(written, home=portal_home(environ), path=path, environ=environ)


def read_settings(
    written: Mapping[str, object],
    *,
    home: Path,
    path: Path,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Check what firm.toml says and fill in the defaults.

    Raises: SettingsInvalid.
    """
    known = {
        "firm", "source", "mapping", "access", "modules", "gateway", "mail", "collections",
        "payers", "payment_files", "plans", "store", "sample",
    }  # fmt: skip
    if unknown := sorted(set(written) - known):
        raise SettingsInvalid(f"{path}: [{unknown[0]}] is not a section; use {sorted(known)}.")
    firm = _section(written, "firm", path)
    collections = _section(written, "collections", path)
    sample = _section(written, "sample", path)
    edges = tuple(collections.get("aging_days", DEFAULT_EDGES))
    try:
        buckets(edges)
    except Invalid as problem:
        raise SettingsInvalid(f"{path}: [collections] aging_days: {problem}") from None
    return Settings(
        home=home,
        firm_name=str(firm.get("name", "Your firm")),
        timezone=_timezone(str(firm.get("timezone", "America/New_York")), path),
        currency=str(firm.get("currency", "USD")),
        public_url=str(firm.get("public_url", "http://127.0.0.1:8501")).rstrip("/"),
        source=_source(_section(written, "source", path), path),
        mapping=dict(_section(written, "mapping", path)),
        access=_access(_section(written, "access", path), bool(sample), path, environ),
        modules={str(k): bool(v) for k, v in _section(written, "modules", path).items()},
        aging_edges=edges,
        store_url=_from_environment(
            str(_section(written, "store", path).get("url", f"sqlite:///{home / 'store.sqlite'}")),
            environ,
        ),
        secret_key=environ.get("PORTAL_SECRET_KEY") or _kept_secret(home),
        sample_tick_seconds=float(sample.get("tick_seconds", 0)),
        gateway=read_gateway(
            _section(written, "gateway", path), path, lambda text: _from_environment(text, environ)
        ),
        mail=read_mail(
            _section(written, "mail", path), path, lambda text: _from_environment(text, environ)
        ),
        payers=read_payers(_section(written, "payers", path), path),
        faces=_faces(environ),
        plans=read_plans(_section(written, "plans", path), path),
        payment_files=read_payment_files(_section(written, "payment_files", path), path),
    )


def _section(written: Mapping[str, object], name: str, path: Path) -> Mapping:
    section = written.get(name, {})
    if not isinstance(section, Mapping):
        raise SettingsInvalid(f"{path}: {name} must be a section, written [{name}].")
    return section


def _timezone(name: str, path: Path) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise SettingsInvalid(
            f"{path}: [firm] timezone = {name!r} is not known; use one like 'America/New_York'."
        ) from None


def _source(section: Mapping, path: Path) -> Source | None:
    if not section:
        return None
    kind = section.get("kind")
    if kind not in SOURCE_KINDS:
        raise SettingsInvalid(f"{path}: [source] kind must be one of {', '.join(SOURCE_KINDS)}.")
    location = section.get("path") or section.get("dsn")
    if not location:
        raise SettingsInvalid(f"{path}: [source] needs a path (sqlite, files) or a dsn.")
    if kind in ("sqlite", "files"):
        location = str((path.parent / str(location)).resolve())
    if "mapping" in section:
        mapping = (path.parent / str(section["mapping"])).resolve()
    elif "system" in section:
        mapping = QUERIES / "pms" / str(section["system"])
    else:
        raise SettingsInvalid(f"{path}: [source] needs system = '<folder of queries/pms>'.")
    if not (mapping / "mapping.toml").is_file():
        raise SettingsInvalid(f"{path}: [source] there is no mapping.toml in {mapping}.")
    return Source(kind, str(location), mapping, float(section.get("every_seconds", 0.25)))


def _access(section: Mapping, is_sample: bool, path: Path, environ: Mapping[str, str]) -> Access:
    sign_in = section.get("sign_in", "local")
    modes = (sign_in,) if isinstance(sign_in, str) else tuple(sign_in)
    if not modes or set(modes) - set(SIGN_INS):
        raise SettingsInvalid(f"{path}: [access] sign_in must be 'local', 'oidc' or both.")
    groups = {
        str(name): _group(str(name), body, path) for name, body in section.get("groups", {}).items()
    }
    oidc = {str(k): _from_environment(str(v), environ) for k, v in section.get("oidc", {}).items()}
    if "oidc" in modes:
        for key in ("client_id", "client_secret", "server_metadata_url"):
            if not oidc.get(key):
                raise SettingsInvalid(f"{path}: [access.oidc] needs {key}.")
    return Access(
        sign_in=modes,
        groups=groups,
        groups_claim=str(section.get("groups_claim", "groups")),
        oidc=oidc,
        sample_users=is_sample,
        idle_minutes=int(section.get("idle_minutes", 60)),
        absolute_hours=int(section.get("absolute_hours", 12)),
    )


def _faces(environ: Mapping[str, str]) -> tuple[str, ...]:
    named = tuple(face.strip() for face in environ.get("PORTAL_FACES", ",".join(FACES)).split(","))
    if not named or set(named) - set(FACES):
        raise SettingsInvalid("PORTAL_FACES must be 'firm', 'client' or 'firm,client'.")
    return named


def _group(name: str, body: Mapping, path: Path) -> Group:
    names = body.get("permissions", [])
    if "*" in names:
        return Group(name, frozenset(Permission), str(body.get("home", "user")))
    try:
        permissions = frozenset(Permission(text) for text in names)
    except ValueError as problem:
        raise SettingsInvalid(f"{path}: [access.groups.{name}] permissions: {problem}.") from None
    return Group(name, permissions, str(body.get("home", "user")))


def _from_environment(text: str, environ: Mapping[str, str]) -> str:
    """Replace a value written `env:NAME` by that variable, so that secrets stay out of files."""
    if not text.startswith("env:"):
        return text
    name = text.removeprefix("env:")
    if name not in environ:
        raise SettingsInvalid(f"The environment variable {name} is not set; firm.toml asks for it.")
    return environ[name]


def _kept_secret(home: Path) -> str:
    """The installation's own signing key: made once, readable by its owner only."""
    path = home / "secret_key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    home.mkdir(parents=True, exist_ok=True)
    made = os.urandom(32).hex()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(made)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    return made
