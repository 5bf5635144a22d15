"""Mail into a folder: each becomes an .eml file that any mail program opens. The default."""

from collections.abc import Callable
from pathlib import Path

from portal.mail.carriers import Carried, ClaimLost, NotTakenNow, Outgoing
from portal.mail.kept_mails import write_whole


class FolderCarrier:
    """The folder that stands in for a mail server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, mail: Outgoing, may_leave: Callable[[], bool]) -> Carried:
        """Write the mail into the folder; a second time changes nothing.

        Raises: NotTakenNow, ClaimLost.
        """
        if not may_leave():
            raise ClaimLost("Another worker sends this letter.")
        try:
            write_whole(self._file(mail), mail.raw)
        except OSError as problem:
            raise NotTakenNow(f"The mail could not be written: {problem.strerror}.") from None
        return Carried()

    def has_carried(self, mail: Outgoing) -> bool:
        """Whether the mail's file is there."""
        return self._file(mail).exists()

    def close(self) -> None:
        """There is nothing to let go of."""

    def _file(self, mail: Outgoing) -> Path:
        return self._folder / f"{mail.created_at:%Y%m%dT%H%M%S}-{mail.kind}-{mail.letter_id}.eml"
