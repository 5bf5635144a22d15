"""Payment plans as lists see them: what the warehouse copies of plans and their payments."""

from portal.warehouse.store_table import StoreTable

PLAN_TABLES = (
    StoreTable(
        name="plans",
        key="plan_id",
        columns={
            "plan_id": "varchar",
            "kind": "varchar",
            "client_id": "KEY",
            "name": "varchar",
            "method_id": "varchar",
            "currency": "varchar",
            "amount_cents": "bigint",
            "frequency": "varchar",
            "start_date": "date",
            "end_date": "date",
            "occurrence_limit": "bigint",
            "total_cents": "bigint",
            "day_of_month": "bigint",
            "monthly_cap_cents": "bigint",
            "state": "varchar",
            "paused_reason": "varchar",
            "created_at": "timestamp",
        },
    ),
    StoreTable(
        name="plan_invoices",
        key="plan_id",
        columns={"plan_id": "varchar", "invoice_id": "KEY", "cents": "bigint"},
    ),
    StoreTable(
        name="occurrences",
        key="plan_id",
        columns={
            "plan_id": "varchar",
            "number": "bigint",
            "due_date": "date",
            "amount_cents": "bigint",
            "state": "varchar",
            "payment_id": "varchar",
            "tries": "bigint",
            "next_try_at": "timestamp",
            "reminded_at": "timestamp",
        },
    ),
    StoreTable(
        name="payment_methods",
        key="method_id",
        columns={
            "method_id": "varchar",
            "client_id": "KEY",
            "kind": "varchar",
            "brand": "varchar",
            "last4": "varchar",
            "exp_month": "bigint",
            "exp_year": "bigint",
            "state": "varchar",
        },
    ),
)
