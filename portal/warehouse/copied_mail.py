"""The store's mail as lists see it: what the warehouse copies of letters; no text, no link."""

from portal.warehouse.store_table import StoreTable

MAIL_TABLES = (
    StoreTable(
        name="letters",
        key="letter_id",
        columns={
            "letter_id": "varchar",
            "seq": "bigint",
            "kind": "varchar",
            "client_id": "KEY",
            "created_by": "varchar",
            "created_at": "timestamp",
            "state": "varchar",
            "reason": "varchar",
            "subject": "varchar",
            "attachments": "varchar",
            "has_attachment": "boolean",
            "is_complete": "boolean",
            "tries": "bigint",
            "sent_at": "timestamp",
            "delivered_at": "timestamp",
            "bounced_at": "timestamp",
            "opened_at": "timestamp",
            "clicked_at": "timestamp",
        },
    ),
    StoreTable(
        name="letter_recipients",
        key="letter_id",
        columns={
            "letter_id": "varchar",
            "position": "bigint",
            "address": "varchar",
            "role": "varchar",
            "state": "varchar",
            "is_hard": "boolean",
        },
    ),
)
