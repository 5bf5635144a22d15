"""Named places where a test may kill the program, to prove that nothing is lost or doubled.

In a running portal nothing is set and a failpoint does nothing. Only a test sets a trap.
"""

import os
import signal
from collections.abc import Callable

NAMES = frozenset(
    {
        "take_payment.begin",
        "take_payment.checked",
        "take_payment.reserved",
        "take_payment.durable",
        "take_payment.started",
        "take_payment.ref_written",
        "take_payment.ref_durable",
        "take_payment.confirmed",
        "take_payment.unsure",
        "take_payment.page_opened",
        "take_payment.page_durable",
        "outcome.begin",
        "outcome.state_written",
        "outcome.items_written",
        "outcome.letter_written",
        "outcome.durable",
        "hosted.read",
        "hosted.method_kept",
        "settle.read",
        "settle.voided",
        "settle.not_found",
        "webhook.read",
        "webhook.kept",
        "webhook.fetched",
        "webhook.applied",
        "refund.checked",
        "refund.requested",
        "refund.durable",
        "refund.approved",
        "refund.asked",
        "refund.written",
        "refund.letter_written",
        "refund.recorded",
        "refund.settle_read",
        "void.asked",
        "apply_unapplied.written",
        "apply_unapplied.durable",
        "associate.written",
        "save_method.page_opened",
        "save_method.kept",
        "remove_method.marked",
        "remove_method.detached",
        "balances.written",
        "balances.durable",
        "payment_files.written",
        "payment_files.durable",
        "plan.written",
        "plan.told",
        "plan.claimed",
        "plan.charged",
        "plan.settled",
        "autopay.announced",
        "statements.begun",
        "statements.batch_written",
        "statements.batch_durable",
        "statements.counted",
        "statements.done",
        "statements.send_written",
        "statements.send_durable",
        "mail.claimed",
        "mail.composed",
        "mail.leaving",
        "mail.taken",
    }
)
"""Every failpoint of the program: a test kills at each, and none may be unreachable."""

_trap: list[Callable[[str], None]] = []


def failpoint(name: str) -> None:
    """Stop here if a test wants to."""
    if _trap:
        _trap[0](name)


def set_trap(trap: Callable[[str], None] | None) -> None:
    """Let every failpoint call this first; None sets none."""
    _trap[:] = [trap] if trap else []


def kill_at(name: str, *, time: int = 1) -> Callable[[str], None]:
    """A trap that ends the process at once when it comes by a failpoint for the n-th time."""
    left = [time]

    def trap(reached: str) -> None:
        if reached == name:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return trap
