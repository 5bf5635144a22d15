"""Refusals: what the portal will not do, said so that a person can act on it.

Every expected refusal is a `PortalError`; its text is shown to the user as it stands.
Anything else that is raised is a bug and is shown as one calm sentence with a reference.
"""


class PortalError(Exception):
    """An expected refusal. `str(error)` is written for the user."""


class NotFound(PortalError):
    """The thing does not exist, or this person may not know that it does."""


class Denied(PortalError):
    """The person may not do this."""


class Invalid(PortalError):
    """The input cannot be used; the text says what to change."""


class SettingsInvalid(PortalError):
    """firm.toml or the environment cannot be used; the program does not start."""


class SourceUnavailable(PortalError):
    """The practice management system cannot be read now; the last good data stays."""


class MappingInvalid(PortalError):
    """The mapping folder and the practice management system do not fit each other."""


class SignInRefused(PortalError):
    """Wrong name or password, a disabled user, or too many tries."""
