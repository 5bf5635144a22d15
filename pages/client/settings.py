"""Settings: saved methods, AutoPay and recurring payments, receipts, linked clients, password."""

from portal.ui import payer_frame, payer_plans, payer_settings

viewer = payer_frame.payer()
client = payer_frame.client(viewer)

payer_settings.come_back(viewer)
payer_frame.page("Settings", client.client_name, viewer=viewer)
payer_settings.needs_account(viewer)
payer_settings.methods(viewer, client)
payer_plans.autopay(viewer, client)
payer_plans.recurring(viewer, client)
payer_settings.receipts(viewer)
payer_settings.account(viewer)
