"""All accounts: what each linked client owes; each is paid by itself."""

from portal.ui import payer_accounts, payer_frame

viewer = payer_frame.payer()
payer_frame.page("All accounts", "Each client is paid by itself.", viewer=viewer)
payer_accounts.overview(viewer)
payer_accounts.add_client(viewer)
