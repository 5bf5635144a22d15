"""Client group: what do the clients of a group owe together, and which of them?"""

from portal.ui import (
    aging_strip,
    balance_cards,
    detail,
    filters,
    frame,
    grid,
    group_statements,
    links,
    live,
    reads,
)
from portal.ui.format import count

name = filters.group_name()
group = reads.one("groups/group", client_group=name)
if group is None:
    detail.not_found("client group", "clients", "All clients")

frame.page(
    group["client_group"],
    f"Client group of {count(group['clients'], 'client')}",
    actions=lambda: group_statements.actions(name),
)

whose = {"client_id": None, "client_group": name}
balance_cards.draw(reads.rows("clients/balance", **whose))
aging_strip.draw(reads.rows("clients/aging", **whose))

grid.list_grid(
    "clients",
    params={"client_group": name},
    height=380 if group["clients"] <= 6 else None,
    key="group_clients",
    on_event=links.opener("clients"),
)

live.follow()
