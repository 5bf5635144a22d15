"""Triggers that refuse what no payment may ever be."""

from alembic import op

revision = "0002c"
down_revision = "0002b"

STEPS = {
    "created": "pending declined voided",
    "pending": "requires_action processing succeeded declined unknown voided",
    "requires_action": "pending processing succeeded declined unknown voided",
    "unknown": "requires_action processing succeeded declined voided",
    "processing": "succeeded declined returned voided",
    "succeeded": "part_refunded refunded returned disputed voided",
    "part_refunded": "refunded returned disputed",
    "disputed": "succeeded part_refunded",
}
REFUND_STEPS = {
    "awaiting_approval": "pending rejected",
    "pending": "succeeded failed unknown",
    "unknown": "succeeded failed",
    "succeeded": "failed",
}
STANDING = "('awaiting_approval', 'pending', 'unknown', 'succeeded')"

GUARDS = (
    (
        "payments",
        "before update",
        "payment_keeps_to_its_steps",
        "old.state <> new.state and old.state || '>' || new.state not in ({steps})",
    ),
    (
        "payments",
        "before update",
        "payment_keeps_its_amount",
        "old.amount_cents <> new.amount_cents "
        "or (old.fee_cents <> new.fee_cents and old.captured_cents > 0) "
        "or old.currency <> new.currency or old.gateway_key <> new.gateway_key "
        "or old.request_id <> new.request_id",
    ),
    ("payments", "before delete", "payment_is_never_deleted", "1 = 1"),
    ("payment_items", "before delete", "payment_item_is_never_deleted", "1 = 1"),
    ("payment_events", "before update", "payment_event_is_never_changed", "1 = 1"),
    ("payment_events", "before delete", "payment_event_is_never_deleted", "1 = 1"),
    (
        "refunds",
        "before update",
        "refund_keeps_to_its_steps",
        "old.state <> new.state and old.state || '>' || new.state not in ({refund_steps})",
    ),
    ("refunds", "before delete", "refund_is_never_deleted", "1 = 1"),
    *(
        (
            "payment_items",
            change,
            f"items_stay_within_their_payment_{change[-6:]}",
            "(select sum(cents) from payment_items where payment_id = new.payment_id) > "
            "(select amount_cents from payments where payment_id = new.payment_id)",
        )
        for change in ("after insert", "after update")
    ),
    *(
        (
            "refunds",
            change,
            f"refunds_stay_within_what_was_captured_{change[-6:]}",
            "new.state in {standing} and (select sum(amount_cents) from refunds where "
            "payment_id = new.payment_id and state in {standing}) > "
            "(select captured_cents from payments where payment_id = new.payment_id)",
        )
        for change in ("after insert", "after update")
    ),
    (
        "refund_items",
        "after insert",
        "refunds_stay_within_their_line",
        "(select sum(ri.cents) from refund_items ri join refunds r on r.refund_id = ri.refund_id "
        "where ri.item_id = new.item_id and r.state in {standing}) > "
        "(select cents from payment_items where item_id = new.item_id)",
    ),
)
"""Table, when, name, and the condition that is refused."""


def upgrade() -> None:
    """Set the guards."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    names = {
        "steps": _pairs(STEPS),
        "refund_steps": _pairs(REFUND_STEPS),
        "standing": STANDING,
    }
    for table, when, name, condition in GUARDS:
        refused = condition.format(**names)
        if is_postgresql:
            _guard_on_postgresql(table, when, name, refused)
        else:
            op.execute(
                f"create trigger {name} {when} on {table} when {refused} "
                f"begin select raise(abort, '{name}'); end"
            )


def _guard_on_postgresql(table: str, when: str, name: str, refused: str) -> None:
    answer = "old" if when.endswith("delete") else "new"
    op.execute(
        f"create function {name}() returns trigger language plpgsql as $$ begin "
        f"if {refused} then raise exception '{name}' using errcode = 'check_violation'; end if; "
        f"return {answer}; end $$"
    )
    op.execute(f"create trigger {name} {when} on {table} for each row execute function {name}()")


def _pairs(steps: dict[str, str]) -> str:
    pairs = [f"'{before}>{after}'" for before, all_ in steps.items() for after in all_.split()]
    return ", ".join(pairs)
