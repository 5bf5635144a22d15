"""In whose name and colour are mails and papers written?"""

from dataclasses import dataclass
from email.utils import formataddr
from urllib.parse import urlsplit

NOT_A_MAIL_HOST = "firm.example"
"""Stands in for the host of public_url where that is an address of this machine."""


@dataclass(frozen=True, kw_only=True)
class Brand:
    """The firm as its mails and papers show it."""

    firm_name: str
    public_url: str
    colour: str = "#1E3A5F"
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""

    @property
    def host(self) -> str:
        """The name of the firm's server, for addresses and the ids of mails."""
        host = urlsplit(self.public_url).hostname or ""
        is_name = "." in host and not host.replace(".", "").isdigit() and ":" not in host
        return host if is_name else NOT_A_MAIL_HOST

    @property
    def address(self) -> str:
        """The bare address mails come from."""
        return self.sender or f"billing@{self.host}"

    @property
    def from_line(self) -> str:
        """The From line of a mail."""
        return formataddr((self.sender_name or self.firm_name, self.address))

    def is_ours(self, link: str) -> bool:
        """Whether a link leads to the firm's own portal: no mail carries any other."""
        ours, given = urlsplit(self.public_url), urlsplit(link)
        same = (given.scheme, given.netloc) == (ours.scheme, ours.netloc)
        return same and not any(letter in link for letter in " \"'<>\r\n\t\\")
