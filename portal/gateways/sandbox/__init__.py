"""The sandbox: a payment gateway of one's own, embedded, with named test methods and no cards."""
