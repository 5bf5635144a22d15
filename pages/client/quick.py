"""Payment: a page to pay without being a client, from a quick link or by itself."""

from portal.ui import payer_frame, payer_quick

payer_frame.page("Payment")
payer_quick.draw()
