"""Gateways: through whom a payment is taken. One port, portal/services/gateway.py."""
