"""The payer: somebody who looks at what a client owes and pays it, and what they may reach."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.errors import Denied, NotFound


class EntryKind(StrEnum):
    """How somebody came into the client portal."""

    LINK = "link"
    """By the 1-click link of a mail: one client."""
    GUEST = "guest"
    """With a client number and an invoice number: one client."""
    ACCOUNT = "account"
    """Signed in as a portal user: all clients linked to them."""
    STAFF = "staff"
    """Somebody of the firm looks at one client's portal; said on every page, and audited."""


class AskKind(StrEnum):
    """What a payer can ask of the firm about what is owed."""

    QUESTION = "question"
    DISPUTE = "dispute"
    PROMISE = "promise"
    INSTALLMENTS = "installments"
    CREDIT = "credit"
    """To set a credit of the client against chosen invoices."""


@dataclass(frozen=True, kw_only=True)
class PayerClient:
    """What a payer is shown of a client, and whom to ask at the firm."""

    client_id: str
    client_number: str
    client_name: str
    partner_id: str | None = None
    manager_id: str | None = None
    responsible_name: str = ""
    responsible_email: str = ""


@dataclass(frozen=True, kw_only=True)
class PayerInvoice:
    """An invoice as its payer sees it; `open_cents` knows nothing of payments on their way."""

    invoice_id: str
    client_id: str
    invoice_number: str
    invoice_date: date
    due_date: date | None
    currency: str
    amount_cents: int
    open_cents: int
    engagement_name: str = ""


@dataclass(frozen=True, kw_only=True)
class PastPayment:
    """A payment that the practice management system shows."""

    receipt_id: str
    receipt_date: date
    method: str | None
    reference: str | None
    currency: str
    amount_cents: int


def guest_key(session_id: str) -> str:
    """A guest, as the audit log says it: each visit is somebody else, what one did is theirs."""
    return f"guest:{session_id[:16]}"


@dataclass(frozen=True, kw_only=True)
class Payer:
    """On whose behalf a page of the client portal does something; read anew at every click.

    `invoice_ids` are those a link was sent for: they are chosen when the page opens, and
    limit nothing. `staff_key` is set when it is somebody of the firm who looks; `may_pay` is
    then whether they may take payments, and `may_plan` whether they may manage plans.
    """

    session_id: str
    entry: EntryKind
    client_ids: tuple[str, ...]
    invoice_ids: tuple[str, ...] = ()
    portal_user_id: str | None = None
    full_name: str = ""
    email: str = ""
    staff_key: str | None = None
    may_pay: bool = True
    may_plan: bool = True
    may_set_password: bool = False
    chosen_client_id: str | None = None
    """Of several clients the one they are looking at."""
    link_id: str | None = None
    receipt_emails: tuple[str, ...] = ()
    """Who gets their receipts besides them, as they chose in the settings."""

    @property
    def actor(self) -> str:
        """Who it is, as the audit log says it."""
        if self.staff_key:
            return self.staff_key
        if self.portal_user_id:
            return f"payer:{self.portal_user_id}"
        return f"link:{self.link_id}" if self.link_id else guest_key(self.session_id)

    @property
    def keeps_things(self) -> bool:
        """Whether methods and plans can be kept for them: account or staff, not a guest."""
        return self.entry in (EntryKind.ACCOUNT, EntryKind.STAFF)

    def reach(self, client_id: str) -> str:
        """Go on only with a client this payer came for.

        Raises: NotFound, in the same words as for a client that does not exist.
        """
        if client_id not in self.client_ids:
            raise NotFound("There is nothing to see here. Open the link of your mail again.")
        return client_id

    def require_paying(self) -> None:
        """Go on only if they may pay.

        Raises: Denied for staff without the permission to take payments.
        """
        if not self.may_pay:
            raise Denied("You may look at this client's portal, but not pay for the client.")
