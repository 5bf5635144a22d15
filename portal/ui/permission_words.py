"""Permissions in the words of the people who give them."""

from portal.domain.permissions import Permission

P = Permission
WORDS = {
    P.VIEW_CLIENTS: "See clients",
    P.VIEW_INVOICES: "See invoices",
    P.VIEW_PAYMENTS: "See payments and plans",
    P.VIEW_COLLECTIONS: "See collections",
    P.VIEW_TRENDS: "See trends",
    P.VIEW_DATA: "See how the data is",
    P.ALL_CLIENTS: "All clients, not only their own",
    P.EXPORT: "Export lists",
    P.SHARE_VIEWS: "Share views with the firm",
    P.OPEN_CLIENT_PORTAL: "Open a client's portal",
    P.TAKE_PAYMENT: "Take payments",
    P.SAVE_METHOD: "Save and remove methods",
    P.MANAGE_PLANS: "Manage payment plans",
    P.RESEND_INVOICE: "Send invoices and mails",
    P.REFUND: "Refund",
    P.APPROVE_REFUND: "Approve refunds",
    P.LINK_PORTAL_USERS: "Link portal users",
    P.QUICK_LINKS: "Quick payment links",
    P.SEND_STATEMENTS: "Review and send statements",
    P.COLLECTION_SETTINGS: "Change the rules of collections",
    P.APPROVE_WRITE_OFFS: "Approve write-off requests",
    P.RECONCILE: "Reconcile",
    P.MAPPING: "Mapping (nothing asks for it yet)",
    P.RELEASE_HOLDS: "Release held imports (nothing asks for it yet)",
    P.MANAGE_PERMISSIONS: "Manage permissions",
    P.VIEW_AUDIT: "See the audit log",
}
"""Every permission has words: a test looks."""
