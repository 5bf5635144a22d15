"""Create an account: who are you, and is the address yours?"""

from portal.ui import payer_account, payer_frame

payer_frame.page("Create an account")
payer_account.sign_up_form()
