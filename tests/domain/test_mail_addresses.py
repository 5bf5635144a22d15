"""Addresses and subjects that could change a mail's head are refused."""

import pytest

from portal.domain.errors import Invalid
from portal.domain.mail_addresses import (
    MOST_RECIPIENTS,
    Recipient,
    RecipientRole,
    checked_address,
    checked_recipients,
    checked_subject,
    one_line,
)

BREAKS = ("\r\n", "\n", "\r", "\0", "\v", "\f", "\x85", "\u2028", "\u2029")


@pytest.mark.catalogue(80)
@pytest.mark.parametrize("between", BREAKS)
def test_an_address_with_a_line_break_is_refused(between: str) -> None:
    for written in (f"a@b.example{between}Bcc: x@y.example", f"a@b.example{between}"):
        with pytest.raises(Invalid) as refusal:
            checked_address(written)
        assert between not in str(refusal.value)


@pytest.mark.catalogue(81)
@pytest.mark.parametrize("between", BREAKS)
def test_a_subject_with_a_line_break_is_refused(between: str) -> None:
    with pytest.raises(Invalid, match="one line"):
        checked_subject(f"Your invoice{between}Bcc: x@y.example")


@pytest.mark.catalogue(82)
def test_more_recipients_than_the_limit_are_refused() -> None:
    people = [Recipient(address=f"a{n}@client.example") for n in range(500)]

    with pytest.raises(Invalid, match=str(MOST_RECIPIENTS)):
        checked_recipients(people)
    assert len(checked_recipients(people[:MOST_RECIPIENTS])) == MOST_RECIPIENTS


@pytest.mark.parametrize(
    "written",
    ["", "ann", "ann@", "@client.example", "ann@client", "ann@client..example", "a b@c.example",
     "ann@client.example, eve@client.example", "Ann <ann@client.example>", "a@-b.example",
     f"{'a' * 65}@client.example", f"a@{'b' * 250}.example", "ann@clıent.example"],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match="not an email address"):
        checked_address(written)


def test_an_address_is_kept_without_spaces_and_with_its_domain_in_lower_case() -> None:
    assert checked_address(" Ann.Smith+pay@Client.EXAMPLE ") == "Ann.Smith+pay@client.example"


def test_a_mail_needs_somebody_in_the_to_line() -> None:
    copy = Recipient(address="ann@client.example", role=RecipientRole.CC)

    with pytest.raises(Invalid, match="at least one"):
        checked_recipients([copy])


def test_each_person_is_named_once_in_the_line_that_counts_most() -> None:
    people = checked_recipients(
        Recipient(address=address, role=role)
        for address, role in (
            ("boss@firm.example", RecipientRole.BCC),
            ("Ann@client.example", RecipientRole.CC),
            ("ann@client.example", RecipientRole.TO),
            ("boss@firm.example", RecipientRole.CC),
        )
    )

    assert [(one.address, one.role.value) for one in people] == [
        ("ann@client.example", "to"),
        ("boss@firm.example", "cc"),
    ]


def test_a_name_becomes_one_line_of_visible_text() -> None:
    assert one_line(" Ann\r\n\u2028 \x07Smith\t& Sons ") == "Ann Smith & Sons"
