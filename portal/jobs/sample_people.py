"""Whom to enter the sample firm as, and that they are nobody in a real one."""

from typing import TYPE_CHECKING

from portal.services.add_sample_users import AddSampleUsers, add_sample_users
from portal.services.retire_sample_users import retire_sample_users

if TYPE_CHECKING:
    from portal.bootstrap import Portal


def add_sample_people(portal: "Portal") -> None:
    """The partner and the manager to enter as are real people of the sample firm."""
    found = portal.warehouse.rows("access/busiest_staff") if portal.warehouse.has_data() else []
    people = {row["staff_role"]: (row["full_name"], row["email"]) for row in found}
    add_sample_users(
        AddSampleUsers(people=people),
        store=portal.store,
        clock=portal.now,
        passwords=portal.passwords,
    )


def retire_sample_people(portal: "Portal") -> None:
    """A firm without [sample] is a real one: nobody enters it with a password that all know."""
    retire_sample_users(store=portal.store, clock=portal.now, passwords=portal.passwords)
