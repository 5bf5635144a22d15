"""The client portal's own part of the composition: its links, its directory, who is in it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from portal.domain.payers import Payer
from portal.domain.permissions import Principal
from portal.services.link_tokens import SealedTokens
from portal.services.mint_pay_link import MailedPayLinks
from portal.services.money_ports import ClientDirectory
from portal.services.payer_of_session import PayerOfSession, payer_of_session
from portal.services.payer_ports import LinkTokens, PayerDirectory
from portal.services.ports import Clock, Store
from portal.settings import Settings


@dataclass
class ClientPortal:
    """What pages and routes of the client portal work with. `staff` finds who is signed in."""

    settings: Settings
    store: Store
    directory: PayerDirectory
    now: Clock
    staff: Callable[[str], Principal | None]
    clients: ClientDirectory

    @cached_property
    def links(self) -> LinkTokens:
        """What makes and opens the tokens of payers' links."""
        return SealedTokens(self.settings.secret_key)

    @cached_property
    def pay_links(self) -> MailedPayLinks:
        """How mails get their buttons."""
        return MailedPayLinks(
            self.store, self.links, url_of=self.door_url, days=self.settings.payers.link_days
        )

    def payer(self, session_id: str) -> Payer | None:
        """Who a visit belongs to now, read anew; None when it is over."""
        return payer_of_session(
            PayerOfSession(session_id=session_id, idle_minutes=self.settings.payers.idle_minutes),
            store=self.store,
            clock=self.now,
            directory=self.directory,
            staff=self.staff,
        )

    def door_url(self, token: str) -> str:
        """The address of a link into the client portal; what is behind `#` reaches no server."""
        return f"{self.settings.public_url}/client-portal/open#{token}"

    def quick_url(self, token: str) -> str:
        """The address of a quick payment link."""
        return f"{self.settings.public_url}/pay/open#{token}"
