"""The flows of money that a crash is tried on: each can be begun, killed, and begun again.

A flow is prepared once, then run by a process that dies at a failpoint, then by a person (or the
job) who tries the same again. Every flow is a function of a desk whose store and gateway lie in
one folder, so that another process can open them.
"""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal.domain.applications import Line
from portal.gateways.sandbox.faults import FaultKind
from portal.services.apply_unapplied import ApplyUnapplied, apply_unapplied
from portal.services.approve_refund import ApproveRefund, approve_refund
from portal.services.associate_payment import AssociatePayment, associate_payment
from portal.services.finish_hosted_payment import FinishHostedPayment, finish_hosted_payment
from portal.services.finish_save_method import FinishSaveMethod, finish_save_method
from portal.services.money_actors import ByItself
from portal.services.money_ports import Source
from portal.services.record_gateway_event import RecordGatewayEvent, record_gateway_event
from portal.services.remove_method import RemoveMethod, remove_method
from portal.services.save_method import SaveMethod, save_method
from portal.services.void_payment import VoidPayment, void_payment
from tests.money.crashes import Flow
from tests.money.file_flow import make_files, wrong_files
from tests.money.invariants import settled_violations
from tests.services.money_desk import ADMIN, SECOND, MoneyDesk, invoice

BACK = "http://127.0.0.1:8501/back"


WRONG = frozenset(
    {"refund_elsewhere", "charged_after_end", "unknown_payment", "gateway_differs", "key_reused",
     "refund_contradicts", "refund_differs"}
)  # fmt: skip
"""What a crash must never leave to a person."""


def owe(desk: MoneyDesk) -> None:
    desk.owe(invoice("i1"), invoice("i2", 5_000), invoice("i3", client_id="c2"))


def _method(named: str) -> Callable[[MoneyDesk], Any]:
    def prepare(desk: MoneyDesk) -> str:
        owe(desk)
        return desk.method(named).method_id

    return prepare


def _pay(desk: MoneyDesk, method_id: str) -> object:
    return desk.take(lines={"i1": 4_000, "i2": 500}, method_id=method_id, request_id="the-form")


def _lost(desk: MoneyDesk) -> str:
    method_id = _method("visa")(desk)
    desk.gateway.plan_faults(FaultKind.DROPPED_AFTER, call="confirm_payment")
    return method_id


def _never_arrived(call: str) -> Callable[[MoneyDesk], Any]:
    def prepare(desk: MoneyDesk) -> object:
        method_id = _method("visa")(desk)
        desk.gateway.plan_faults(FaultKind.CONNECTION_REFUSED, call=call)
        return _pay(desk, method_id)

    return prepare


def _page(named: str | None, **how: Any) -> Callable[[MoneyDesk], Any]:
    def prepare(desk: MoneyDesk) -> str:
        owe(desk)
        taken = desk.take(lines={"i1": 4_000}, request_id="the-form", **how)
        page = desk.payment(taken.payment.payment_id).page_ref
        if named:
            desk.gateway.choose(page, desk.gateway.view_page(page).version, named)
        return page

    return prepare


def _finish(desk: MoneyDesk, page: str) -> object:
    return finish_hosted_payment(FinishHostedPayment(actor=ADMIN, page_ref=page), **desk.tools)


def _open(desk: MoneyDesk, _: object) -> object:
    return desk.take(lines={"i1": 4_000}, request_id="the-form")


def _settle(desk: MoneyDesk, _: object) -> object:
    return desk.settle(minutes=120, looks_back=True)


def _paid(named: str = "visa", cents: int = 4_000) -> Callable[[MoneyDesk], Any]:
    def prepare(desk: MoneyDesk) -> str:
        owe(desk)
        desk.owe(invoice("i1", 500_000), invoice("i2", 5_000))
        return desk.pay({"i1": cents}, named).payment_id

    return prepare


def _refund(desk: MoneyDesk, payment_id: str) -> object:
    return desk.refund(payment_id, cents=1_500, request_id="the-refund")


def _waiting_refund(desk: MoneyDesk) -> str:
    return desk.refund(_paid(cents=300_000)(desk), request_id="the-refund").refund_id


def _approve(desk: MoneyDesk, refund_id: str) -> object:
    return approve_refund(ApproveRefund(actor=SECOND, refund_id=refund_id), **desk.tools)


def _lost_refund(desk: MoneyDesk) -> str:
    payment_id = _paid()(desk)
    desk.gateway.plan_faults(FaultKind.DROPPED_AFTER, call="refund")
    desk.refund(payment_id, cents=1_500, request_id="the-refund")
    return payment_id


def _returned(desk: MoneyDesk) -> str:
    payment_id = _paid("ach_r10")(desk)
    desk.gateway.move_clock(timedelta(days=30))
    return payment_id


def _events(desk: MoneyDesk) -> list[Any]:
    method_id = _lost(desk)
    desk.take(lines={"i1": 4_000}, method_id=method_id, request_id="the-form")
    return [letter.body for letter in desk.gateway.post.letters(most=50)]


def _take_events(desk: MoneyDesk, bodies: list[bytes]) -> object:
    for body in bodies:
        command = RecordGatewayEvent(headers=desk.gateway.post.sign(body), body=body)
        record_gateway_event(command, **desk.tools)
    return None


def _void(desk: MoneyDesk, _: object) -> object:
    payment = desk.read(lambda view: view.payments.find_by_request("the-form"))
    return void_payment(VoidPayment(actor=ADMIN, payment_id=payment.payment_id), **desk.tools)


def _asking(desk: MoneyDesk) -> str:
    method_id = _method("bank_asks")(desk)
    _pay(desk, method_id)
    return method_id


def _quick(desk: MoneyDesk) -> str:
    owe(desk)
    taken = desk.take(ByItself("quick_link:q"), client_id=None, source=Source.QUICK_LINK,
                      lines={None: 3_000}, quick_link_id="q")  # fmt: skip
    page = desk.payment(taken.payment.payment_id).page_ref
    desk.gateway.choose(page, desk.gateway.view_page(page).version, "visa_debit")
    _finish(desk, page)
    return taken.payment.payment_id


def _records(desk: MoneyDesk) -> dict[str, Any]:
    return {name: desk.tools[name] for name in ("store", "directory", "clock")}


def _associate(desk: MoneyDesk, payment_id: str) -> object:
    command = AssociatePayment(actor=ADMIN, payment_id=payment_id, client_id="c1")
    associate_payment(command, **_records(desk))
    item = desk.items(payment_id)[0]
    lines = (Line(invoice_id="i1", cents=1_000),)
    return apply_unapplied(
        ApplyUnapplied(actor=ADMIN, item_id=item.item_id, lines=lines), **_records(desk)
    )


def _save(desk: MoneyDesk, _: object) -> object:
    command = SaveMethod(actor=ADMIN, request_id="the-method", client_id="c1", return_url=BACK)
    opened = save_method(command, **desk.tools)
    view = desk.gateway.view_page(opened.page_ref)
    desk.gateway.choose(opened.page_ref, view.version, "ach")
    return finish_save_method(FinishSaveMethod(page_ref=opened.page_ref), **desk.tools)


def _remove(desk: MoneyDesk, method_id: str) -> object:
    tools = {name: desk.tools[name] for name in ("store", "gateway", "directory", "clock")}
    return remove_method(RemoveMethod(actor=ADMIN, method_id=method_id), **tools)


def _refresh(desk: MoneyDesk, payment_id: str) -> object:
    desk.versions = itertools.count(50)
    item = desk.items(payment_id)[0]
    return desk.owe(invoice("i1", 496_000), posted_cents={item.item_id: 4_000})


def _nothing(desk: MoneyDesk) -> None:
    owe(desk)


def _recover(desk: MoneyDesk) -> None:
    """The gateway answers again, months pass, and the job reads what waits for news."""
    with desk.gateway._file.writing() as book:
        book._connection.execute("delete from faults")
    for _ in range(3):
        desk.clock.pass_(days=45)
        _settle(desk, None)


def _flow(
    name: str,
    prepare: Callable[[MoneyDesk], Any],
    run: Callable[[MoneyDesk, Any], object],
    wrong: Callable[[MoneyDesk], list[str]] = lambda desk: [],
    **how: bool,
) -> Flow:
    """A flow of money; `wrong` tells what is wrong afterwards beyond the books."""

    def look(desk: MoneyDesk) -> list[str]:
        left = [f"needs a person: {kind}" for kind in desk.exceptions() if kind in WRONG]
        return [*settled_violations(desk), *wrong(desk), *left]

    return Flow(name, prepare, run, jobs=_settle, recover=_recover, look=look, **how)


FLOWS = (
    _flow("card", _method("visa"), _pay),
    _flow("card whose answer is lost", _lost, _pay),
    _flow("card that is declined", _method("no_funds"), _pay),
    _flow("bank debit", _method("ach"), _pay),
    _flow("page is opened", _nothing, _open),
    _flow("payer comes back", _page("visa"), _finish),
    _flow("payer comes back and keeps the method", _page("ach", save_method=True), _finish),
    _flow("page left open is settled", _page(None), _settle),
    _flow("lost answer is settled", lambda desk: _pay(desk, _lost(desk)), _settle),
    _flow("start that never arrived is settled", _never_arrived("start_payment"), _settle),
    _flow("charge that never arrived is settled", _never_arrived("confirm_payment"), _settle),
    _flow("bank debit comes back", _returned, _settle),
    _flow("refund", _paid(), _refund),
    _flow("refund is approved", _waiting_refund, _approve),
    _flow("lost refund is settled", _lost_refund, _settle),
    _flow("events arrive", _events, _take_events),
    _flow("void", _asking, _void),
    _flow("quick link is associated", _quick, _associate),
    _flow("method is saved", _nothing, _save),
    _flow("method is removed", _method("visa"), _remove),
    _flow("balances are refreshed", _paid(), _refresh),
    _flow("payment files are made", _paid(), make_files, wrong_files, needs_another_try=True),
)
