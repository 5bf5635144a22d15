"""The firm's settings: firm.toml and the environment become one frozen object, or a clear refusal.

The environment is read here and nowhere else.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.domain.errors import SettingsInvalid
from portal.domain.permissions import Principal
from portal.firm_toml.access import Access, read_access
from portal.firm_toml.firm import read_aging_days, read_choices, read_firm, read_modules
from portal.firm_toml.gateway import GatewaySettings, read_gateway
from portal.firm_toml.mail import MailSettings, read_mail
from portal.firm_toml.payers import PayerSettings, read_payers
from portal.firm_toml.payment_files import PaymentFileSettings, read_payment_files
from portal.firm_toml.plans import PlanSettings, read_plans
from portal.firm_toml.said import as_said
from portal.firm_toml.sample import check_sample_firm, read_sample
from portal.firm_toml.source import Source, read_source
from portal.firm_toml.values import refuse_unknown, section_of, text

PROJECT = Path(__file__).resolve().parent.parent
QUERIES = PROJECT / "queries"
FACES = ("firm", "client")
"""Who a server is there for: the firm's staff, its clients, or both."""


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
    said: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What firm.toml says, key by key and without its secrets, for the audit log."""

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

    @property
    def is_real_firm_with_sandbox(self) -> bool:
        """Whether payers of a firm that is not the sample firm would pay pretended money."""
        is_real = self.source is not None and not self.access.sample_users
        return is_real and self.gateway.kind == "sandbox"

    def has_module(self, name: str) -> bool:
        """Whether the firm has switched a module on (all are, unless said otherwise)."""
        return self.modules.get(name, True)

    def gives(self, principal: Principal, module: str) -> bool:
        """Whether a person works with a module: the firm has it, and so has one of their groups."""
        return self.has_module(module) and principal.has_module(module)


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
    except OSError as problem:
        raise SettingsInvalid(f"{path} can't be read: {problem.strerror}.") from None
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
    sections = {name: section_of(written, name, path) for name in known}

    def secret(text: str) -> str:
        return _from_environment(text, environ)

    firm = read_firm(sections["firm"], path)
    secret_key = environ.get("PORTAL_SECRET_KEY") or _kept_secret(home)
    is_sample = "sample" in written
    settings = Settings(
        home=home,
        firm_name=firm.name,
        timezone=firm.timezone,
        currency=firm.currency,
        public_url=firm.public_url,
        source=read_source(sections["source"], path, QUERIES / "pms", secret),
        mapping=read_choices(sections["mapping"], path),
        access=read_access(sections["access"], path, secret, is_sample=is_sample),
        modules=read_modules(sections["modules"], path),
        aging_edges=read_aging_days(sections["collections"], path),
        store_url=_store_url(sections["store"], home, path, secret),
        secret_key=secret_key,
        sample_tick_seconds=read_sample(sections["sample"], path),
        gateway=read_gateway(sections["gateway"], path, secret),
        mail=read_mail(sections["mail"], path, secret),
        payers=read_payers(sections["payers"], path),
        faces=_faces(environ),
        plans=read_plans(sections["plans"], path),
        payment_files=read_payment_files(sections["payment_files"], path),
        said=as_said(written, secret_key),
    )
    if is_sample:
        check_sample_firm(
            path,
            source=settings.source,
            gateway=settings.gateway.kind,
            public_url=settings.public_url,
        )
    return settings


def _store_url(section: Mapping, home: Path, path: Path, secret: Callable[[str], str]) -> str:
    refuse_unknown(section, ("url",), "store", path)
    return secret(text(section, "url", f"sqlite:///{home / 'store.sqlite'}", "store", path))


def _faces(environ: Mapping[str, str]) -> tuple[str, ...]:
    named = tuple(face.strip() for face in environ.get("PORTAL_FACES", ",".join(FACES)).split(","))
    if not named or set(named) - set(FACES):
        raise SettingsInvalid("PORTAL_FACES must be 'firm', 'client' or 'firm,client'.")
    return named


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
