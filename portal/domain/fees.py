"""Who bears the cost of a card: the firm, or the payer of a credit card where the firm says so.

A fee is never passed on for debit cards, bank debits or a method whose kind is unknown.
"""

from dataclasses import dataclass

MOST_BASIS_POINTS = 400
"""4 %: no card scheme lets more be passed on."""


@dataclass(frozen=True, kw_only=True)
class FeePolicy:
    """What is added to a credit card payment: hundredths of a percent, up to a cap.

    `most_cents` None is no cap; `basis_points` 0 is no fee at all.
    """

    basis_points: int = 0
    most_cents: int | None = None

    def fee_cents(self, kind: str, amount_cents: int) -> int:
        """The fee on an amount, rounded down to the cent: never more than was announced."""
        if kind != "credit" or self.basis_points <= 0:
            return 0
        fee = amount_cents * self.basis_points // 10_000
        return fee if self.most_cents is None else min(fee, self.most_cents)
