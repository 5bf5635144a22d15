"""One template a kind of letter: what the mail says, in whose name, with which button."""

from collections.abc import Callable, Mapping

from portal.mail.blocks import Content
from portal.mail.brand import Brand
from portal.mail.known_facts import Known
from portal.mail.templates import (
    answer,
    autopay_reminder,
    invoice,
    password_reset,
    pay_link,
    payment_failure,
    plan_notice,
    receipt,
    refund,
    staff_alert,
    statement,
    verification,
)
from portal.services.mail_ports import LetterKind

Template = Callable[[Known, Brand, str | None], Content]

TEMPLATES: Mapping[LetterKind, Template] = {
    LetterKind.INVOICE: invoice.content,
    LetterKind.STATEMENT: statement.content,
    LetterKind.RECEIPT: receipt.content,
    LetterKind.REFUND: refund.content,
    LetterKind.PAYMENT_FAILURE: payment_failure.content,
    LetterKind.PLAN_NOTICE: plan_notice.content,
    LetterKind.AUTOPAY_REMINDER: autopay_reminder.content,
    LetterKind.VERIFICATION: verification.content,
    LetterKind.PASSWORD_RESET: password_reset.content,
    LetterKind.STAFF_ALERT: staff_alert.content,
    LetterKind.PAY_LINK: pay_link.content,
    LetterKind.ANSWER: answer.content,
}
