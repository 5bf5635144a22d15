"""Mail through a server: TLS, sign-in, and a clear answer to whether each mail went out."""

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator

from portal.firm_toml.mail import Server
from portal.mail.carriers import (
    Carried,
    CarrierAway,
    ClaimLost,
    NeverTaken,
    NotTakenNow,
    Outgoing,
    PerhapsTaken,
)

_OK = 250
_GO_AHEAD = 354
_LINE_BEGINS_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)
_REPORTS = "NOTIFY=SUCCESS,FAILURE,DELAY"


class SmtpCarrier:
    """One mail server; the connection is kept from mail to mail."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._line: smtplib.SMTP | None = None

    def carry(self, mail: Outgoing, may_leave: Callable[[], bool]) -> Carried:
        """Send a mail to those of its recipients the server takes.

        Raises: CarrierAway, NotTakenNow, NeverTaken, PerhapsTaken, ClaimLost.
        """
        line = self._connected()
        with self._until_it_leaves():
            refused = self._announce(line, mail)
            code, answer = line.docmd("DATA")
        if code != _GO_AHEAD:
            self._reset()
            raise _refusal(code, answer)
        if not may_leave():
            # The server waits for the text now: only hanging up keeps the mail back.
            self.close()
            raise ClaimLost("Another worker sends this letter.")
        try:
            line.send(_on_the_wire(mail.raw))
            code, answer = line.getreply()
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            raise PerhapsTaken(f"The connection was lost at the end: {_words(problem)}") from None
        if code != _OK:
            raise _refusal(code, answer)
        return Carried(refused=refused)

    def has_carried(self, mail: Outgoing) -> None:
        """A mail server doesn't tell afterwards."""

    def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _announce(self, line: smtplib.SMTP, mail: Outgoing) -> dict[str, str]:
        """Say from whom and to whom. Returns: the addresses the server refuses for good."""
        wants_reports = line.has_extn("dsn")
        code, answer = line.mail(
            mail.sender, ["RET=HDRS", f"ENVID={mail.letter_id}"] if wants_reports else []
        )
        if code != _OK:
            self._reset()
            raise _refusal(code, answer)
        refused: dict[str, str] = {}
        for address in mail.recipients:
            code, answer = line.rcpt(address, [_REPORTS] if wants_reports else [])
            if code in (_OK, 251):
                continue
            if 400 <= code < 500:
                # The others wait too: one mail is one mail.
                self._reset()
                raise NotTakenNow(f"{address}: {_said(code, answer)}")
            refused[address] = _said(code, answer)
        if len(refused) == len(mail.recipients):
            self._reset()
            raise NeverTaken("; ".join(f"{who}: {why}" for who, why in refused.items()))
        return refused

    def _connected(self) -> smtplib.SMTP:
        if self._line is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                if self._line.noop()[0] == _OK:
                    return self._line
            self.close()
        try:
            self._line = self._connect()
        except ssl.SSLError as problem:
            raise CarrierAway(
                f"The mail server's certificate is not accepted: {problem}."
            ) from None
        except (OSError, smtplib.SMTPException) as problem:
            raise CarrierAway(f"The mail server can't be used now: {_words(problem)}") from None
        return self._line

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context(cafile=server.ca_file)
        if server.security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout_seconds, context=context
            )
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=server.timeout_seconds)
        try:
            if server.security == "starttls":
                line.starttls(context=context)
            if server.user:
                line.login(server.user, server.password)
            line.ehlo_or_helo_if_needed()
        except BaseException:
            line.close()
            raise
        return line

    @contextlib.contextmanager
    def _until_it_leaves(self) -> Iterator[None]:
        """Up to here a lost connection means that nothing went out."""
        try:
            yield
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            raise CarrierAway(f"The mail server hung up: {_words(problem)}") from None

    def _reset(self) -> None:
        if self._line is not None:
            try:
                self._line.rset()
            except (OSError, smtplib.SMTPException):
                self.close()


def _on_the_wire(raw: bytes) -> bytes:
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    ended = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return _LINE_BEGINS_WITH_DOT.sub(b"..", ended) + b".\r\n"


def _refusal(code: int, answer: bytes) -> NotTakenNow | NeverTaken:
    return (NotTakenNow if 400 <= code < 500 else NeverTaken)(_said(code, answer))


def _said(code: int, answer: bytes) -> str:
    text = " ".join(answer.decode("utf-8", "replace").split())[:300]
    return f"{code} {text}"


def _words(problem: Exception) -> str:
    if isinstance(problem, smtplib.SMTPResponseException):
        answer = problem.smtp_error
        return _said(problem.smtp_code, answer if isinstance(answer, bytes) else answer.encode())
    return f"{problem or type(problem).__name__}"[:300]
