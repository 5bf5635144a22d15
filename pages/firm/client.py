"""Client: what does this client owe, how old is it, and what happened on the account?"""

from portal.ui import (
    aging_strip,
    balance_cards,
    client_parts,
    detail,
    filters,
    frame,
    live,
    reads,
    take_payment,
)
from portal.ui.detail import Fact
from portal.ui.format import day

client_id = filters.record_id()
client = reads.one("clients/client", client_id=client_id)
if client is None:
    detail.not_found("client", "clients", "All clients")

frame.page(
    client["client_name"],
    f"Client {client['client_number']}",
    actions=lambda: client_parts.ways(client),
)

detail.facts(
    Fact(label="Status", text=client["client_status"]),
    Fact(label="Partner", text=client["partner"]),
    Fact(label="Manager", text=client["manager"]),
    Fact(label="Responsible", text=client["responsible"]),
    Fact(label="Office", text=client["office"]),
    Fact(label="Client group", text=client["client_group"]),
    Fact(label="Client since", text=day(client["opened_date"])),
)

take_payment.come_back()

whose = {"client_id": client_id, "client_group": None}
balance_cards.draw(reads.rows("clients/balance", **whose), client_id)
aging_strip.draw(reads.rows("clients/aging", **whose))

client_parts.draw(filters.part(client_parts.names()), client_id)

live.follow()
