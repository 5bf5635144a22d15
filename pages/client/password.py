"""Password: chosen by whoever came by a mail of the account, and asked for by mail anew."""

from portal.ui import payer_account, payer_frame

payer_frame.page("New password")
payer_account.password_form()
