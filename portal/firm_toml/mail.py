"""[mail]: how mail leaves the portal, and where invoices and bounces come in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path

from portal.domain.errors import Invalid, SettingsInvalid
from portal.domain.mail_addresses import checked_address, one_line

KINDS = ("folder", "smtp")
SECURITY = ("tls", "starttls", "none")
FIRST_MAIL = ("off", "review", "automatic")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, kw_only=True)
class Server:
    """A mail server and how it is spoken to."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    """Who may vouch for the server, where it is not one of the public authorities."""
    timeout_seconds: float = 30.0


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """Where invoice PDFs and delivery reports come in."""

    folder: Path | None = None
    """A folder that is watched; None is `inbox` in the portal's own folder."""
    mailbox: Server | None = None
    """An IMAP mailbox that is emptied into the portal."""
    mailbox_folder: str = "INBOX"
    listen_host: str = "127.0.0.1"
    listen_port: int = 0
    """A port on which the portal takes mail by SMTP itself; 0 is none."""
    senders: tuple[str, ...] = ()
    """Addresses, or @domains, whose mails may bring invoices; () is everybody."""


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """How mail goes out and documents come in."""

    kind: str = "folder"
    """folder: each mail becomes a file of the outbox; smtp: it is sent."""
    sender: str = ""
    """The address mail comes from; "" is billing@ the host of public_url."""
    sender_name: str = ""
    """"" is the firm's name."""
    reply_to: str = ""
    server: Server | None = None
    retry_hours: int = 72
    """For how long a letter that can't be delivered is tried again."""
    first_mail: str = "review"
    """Whether a received invoice PDF goes out by itself, after a look, or not at all."""
    report_to: tuple[str, ...] = ()
    """Who gets the daily report of what bounced or failed."""
    inbound: Inbound = Inbound()


def read_mail(
    section: Mapping[str, object], path: object, secret: Callable[[str], str] = str
) -> MailSettings:
    """Check [mail] of firm.toml and fill in the defaults.

    `secret` reads a text that may stand in the environment.

    Raises: SettingsInvalid with the key and what to write instead.
    """
    known = {
        "kind", "from", "reply_to", "smtp", "retry_hours", "first_mail", "report_to", "inbound",
    }  # fmt: skip
    _refuse_unknown(section, known, "mail", path)
    kind = _one_of(section, "kind", KINDS, "folder", "mail", path)
    server = _server(section.get("smtp"), "mail.smtp", path, secret, tls=465, plain=587)
    if kind == "smtp" and server is None:
        raise SettingsInvalid(f"{path}: [mail] kind = 'smtp' needs [mail.smtp] host.")
    name, sender = _sender(str(section.get("from", "")), path)
    report_to = section.get("report_to", [])
    return MailSettings(
        kind=kind,
        sender=sender,
        sender_name=name,
        reply_to=_address(str(section.get("reply_to", "")), "reply_to", path),
        server=server,
        retry_hours=_whole(section, "retry_hours", 72, 1, 720, path),
        first_mail=_one_of(section, "first_mail", FIRST_MAIL, "review", "mail", path),
        report_to=tuple(
            _address(str(one), "report_to", path)
            for one in (report_to if isinstance(report_to, list) else [report_to])
        ),
        inbound=_inbound(section.get("inbound", {}), path, secret),
    )


def _inbound(written: object, path: object, secret: Callable[[str], str]) -> Inbound:
    section = _table(written, "mail.inbound", path)
    known = {"folder", "imap", "imap_folder", "listen_host", "listen_port", "senders"}
    _refuse_unknown(section, known, "mail.inbound", path)
    folder = section.get("folder")
    return Inbound(
        folder=(Path(str(path)).parent / str(folder)).resolve() if folder else None,
        mailbox=_server(section.get("imap"), "mail.inbound.imap", path, secret, tls=993, plain=143),
        mailbox_folder=str(section.get("imap_folder", "INBOX")),
        listen_host=str(section.get("listen_host", "127.0.0.1")),
        listen_port=_whole(section, "listen_port", 0, 0, 65_535, path),
        senders=tuple(str(one).lower() for one in section.get("senders", [])),  # type: ignore[union-attr]
    )


def _server(
    written: object,
    name: str,
    path: object,
    secret: Callable[[str], str],
    *,
    tls: int,
    plain: int,
) -> Server | None:
    if written is None:
        return None
    section = _table(written, name, path)
    known = {"host", "port", "security", "user", "password", "ca_file", "timeout_seconds"}
    _refuse_unknown(section, known, name, path)
    host = str(section.get("host", ""))
    if not host:
        raise SettingsInvalid(f"{path}: [{name}] needs host.")
    security = _one_of(section, "security", SECURITY, "starttls", name, path)
    if security == "none" and section.get("password") and host not in _LOOPBACK:
        raise SettingsInvalid(
            f"{path}: [{name}] security = 'none' would send the password in the open; "
            "use 'starttls' or 'tls'."
        )
    ca_file = section.get("ca_file")
    return Server(
        host=host,
        port=_whole(section, "port", tls if security == "tls" else plain, 1, 65_535, path),
        security=security,
        user=secret(str(section.get("user", ""))),
        password=secret(str(section.get("password", ""))),
        ca_file=(Path(str(path)).parent / str(ca_file)).resolve() if ca_file else None,
        timeout_seconds=float(str(section.get("timeout_seconds", 30))),
    )


def _sender(written: str, path: object) -> tuple[str, str]:
    if not written:
        return "", ""
    name, address = parseaddr(written) if written.isprintable() else ("", written)
    return one_line(name), _address(address or written, "from", path)


def _address(written: str, key: str, path: object) -> str:
    if not written:
        return ""
    try:
        return checked_address(written)
    except Invalid as problem:
        raise SettingsInvalid(f"{path}: [mail] {key}: {problem}") from None


def _table(written: object, name: str, path: object) -> Mapping[str, object]:
    if not isinstance(written, Mapping):
        raise SettingsInvalid(f"{path}: {name} must be a section, written [{name}].")
    return written


def _refuse_unknown(
    section: Mapping[str, object], known: set[str], name: str, path: object
) -> None:
    if unknown := sorted(set(section) - known):
        raise SettingsInvalid(f"{path}: [{name}] {unknown[0]} is not a key; use {sorted(known)}.")


def _one_of(
    section: Mapping[str, object], key: str, known: tuple[str, ...], default: str, name: str,
    path: object,
) -> str:  # fmt: skip
    given = section.get(key, default)
    if given not in known:
        raise SettingsInvalid(f"{path}: [{name}] {key} must be one of {', '.join(known)}.")
    return str(given)


def _whole(
    section: Mapping[str, object], key: str, default: int, least: int, most: int, path: object
) -> int:
    given = section.get(key, default)
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise SettingsInvalid(f"{path}: [mail] {key} must be from {least} to {most}.")
    return given
