"""The permission to debit a bank account, word for word as the account holder agreed to it."""

import hashlib

VERSION = "1"


def wording(firm_name: str, holder_name: str, last4: str) -> str:
    """What the account holder agrees to before a bank account is kept or debited."""
    return (
        f"I, {holder_name or 'the account holder'}, authorize {firm_name} to debit the bank "
        f"account ending in {last4 or 'the digits I gave'} for the payments I make or schedule, "
        f"and to credit it to correct an error. This stays in force until I tell {firm_name} "
        "in writing, or in the client portal, that I revoke it, in time for it to act on that."
    )


def fingerprint(text: str) -> str:
    """The hash by which the wording can be shown to be unchanged."""
    return hashlib.sha256(text.encode()).hexdigest()
