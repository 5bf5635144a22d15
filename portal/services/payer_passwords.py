"""What a password of a portal user must be like."""

from portal.domain.errors import Invalid
from portal.services.passwords import LONGEST

SHORTEST = 12


def check_password(password: str, email: str) -> None:
    """Go on only with a password that is long enough and not the address itself.

    Raises: Invalid.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"Choose a password of at least {SHORTEST} characters.")
    if password.strip().casefold() in (email.casefold(), email.partition("@")[0].casefold()):
        raise Invalid("Choose a password that is not your email address.")
    if len(set(password)) < 4:
        raise Invalid("Choose a password with more different characters.")
