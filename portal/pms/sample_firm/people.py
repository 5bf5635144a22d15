"""What changes about the sample firm's clients and contacts. Returns: whether something changed."""

from portal.pms.sample_firm.books import Books

EMAIL_FLAGS = (2, 3)
ADDED_NAME = " & Co."


def open_client(books: Books) -> bool:
    """A new client comes, with a partner, a manager and one contact."""
    one, other = books.address(), books.address()
    first, _, last = one["description"].partition(" ")
    client = books.next_key("client")
    books.write(
        "add_client",
        client=client,
        number=str(9000 + client),
        description=f"{last or first} & {other['description'].split(' ')[-1]} LLC",
        office=books.dice.randint(1, 4),
        opened=books.today.isoformat(),
    )
    for role in ("Partner", "Manager"):
        _assign(books, client, role)
    contact = books.next_key("contact")
    books.write(
        "add_contact",
        contact=contact,
        description=one["description"],
        phone=f"({books.dice.randint(201, 989)}) 555-01{books.dice.randint(0, 99):02d}",
    )
    books.write("add_contact_email", contact=contact, email=f"office@client{client}.example")
    books.write("add_client_contact", client=client, contact=contact)
    for flag in EMAIL_FLAGS:
        books.write("add_custom_value", field=flag, client=client, contact=contact)
    return True


def rename(books: Books) -> bool:
    """A client changes its name, or changes it back."""
    client = books.active_client()
    if client is None:
        return False
    name = client["description"]
    changed = name.removesuffix(ADDED_NAME) if name.endswith(ADDED_NAME) else name + ADDED_NAME
    books.write("rename_client", client=client["client_KEY"], description=changed)
    return True


def hand_over(books: Books) -> bool:
    """A client comes under another partner or manager from today on."""
    client = books.active_client()
    if client is None:
        return False
    return _assign(books, client["client_KEY"], books.dice.choice(("Partner", "Manager")))


def change_address(books: Books) -> bool:
    """A contact gets another e-mail address."""
    contact = books.address()
    mailbox, _, host = contact["email"].partition("@")
    stem = mailbox.rstrip("0123456789") or "mail"
    books.write(
        "set_contact_email",
        address=contact["contact_email_KEY"],
        email=f"{stem}{books.dice.randint(2, 99)}@{host}",
    )
    return True


def _assign(books: Books, client: int, role: str) -> bool:
    staff = books.rows("staff_of_role", role=role)
    if not staff:
        return False
    books.write(
        "add_grouping",
        client=client,
        staff=books.dice.choice(staff)["staff_KEY"],
        role=role,
        effective=books.today.isoformat(),
    )
    return True
