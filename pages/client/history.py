"""Payments: what was paid for this client, here and otherwise."""

from portal.ui import payer_frame, payer_history

viewer = payer_frame.payer()
client = payer_frame.client(viewer)

payer_frame.page("Your payments", client.client_name, viewer=viewer)
payer_history.draw(viewer, client)
payer_frame.foot(client)
