"""Who did something, in a name that people know instead of the key the audit log keeps."""

from collections.abc import Mapping

from portal.ui import frame

_BY_KIND: Mapping[str, str] = {
    "job": "The portal, by itself",
    "portal": "The portal, by itself",
    "gateway": "The payment gateway",
    "payer": "The payer, signed in",
    "link": "The payer, by a mail's link",
    "guest": "The payer, as a guest",
    "quick_link": "The payer, by a quick link",
    "terminal": "Somebody at the terminal",
    "sample firm": "The sample firm",
}


def name_of(actor: str) -> str:
    """The person's name, or what acted; a key nobody knows stays as it is."""
    with frame.portal().store.reading() as view:
        user = view.users.find(actor)
    return user.full_name if user else _BY_KIND.get(actor.partition(":")[0], actor)
