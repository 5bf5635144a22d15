"""Invoices: what is unpaid, and pay it."""

from portal.ui import payer_checkout, payer_frame

viewer = payer_frame.payer()
client = payer_frame.client(viewer)

payer_checkout.come_back(viewer)
payer_frame.page("Your invoices", client.client_name, viewer=viewer)
payer_checkout.draw(viewer, client)
payer_frame.foot(client)
