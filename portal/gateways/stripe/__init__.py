"""Stripe: Checkout for new methods, PaymentIntents for kept ones. No card ever passes here."""
