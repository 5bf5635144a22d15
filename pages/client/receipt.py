"""Receipt: what came of a payment, and what was paid."""

from portal.ui import payer_frame, payer_receipt

viewer = payer_frame.payer()
payment = payer_receipt.asked_for(viewer)

payer_frame.page("Payment", viewer=viewer)
payer_receipt.draw(payment)
payer_receipt.ways(viewer, payment)
