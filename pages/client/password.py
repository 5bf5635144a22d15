"""New password: asked for by mail, chosen by whoever came by that mail."""

from portal.ui import payer_account, payer_frame

payer_frame.page("New password")
payer_account.password_form()
