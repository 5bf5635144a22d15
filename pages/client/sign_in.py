"""Sign in: the account of a payer."""

from portal.ui import payer_account, payer_frame

payer_frame.page("Sign in")
payer_account.sign_in_form()
