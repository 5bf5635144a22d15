"""Send a client a link to pay, for instance while on the phone: the payer pays by themselves."""

from dataclasses import dataclass

from portal.domain.errors import Invalid
from portal.domain.free_text import FreeText, without_card_numbers
from portal.domain.mail_addresses import Recipient, checked_address
from portal.domain.permissions import Permission, Principal
from portal.services.mail_ports import Letter, LetterKind
from portal.services.money_actors import reach_client
from portal.services.money_ports import ClientDirectory
from portal.services.money_requests import check_request, checked_text
from portal.services.ports import Clock, Store


@dataclass(frozen=True, kw_only=True)
class SendPayLink:
    """The request: to whom, for which invoices (none: all that is open)."""

    actor: Principal
    request_id: str
    client_id: str
    email: str
    invoice_ids: tuple[str, ...] = ()
    message: FreeText = ""


@without_card_numbers
def send_pay_link(
    command: SendPayLink, *, store: Store, directory: ClientDirectory, clock: Clock
) -> str:
    """Put the mail into the outbox, once for one form. Returns: the letter's id.

    Raises: Denied, NotFound; Invalid for an address that is none, or when nothing is open.
    """
    check_request(command.request_id)
    card = reach_client(command.actor, Permission.TAKE_PAYMENT, command.client_id, directory)
    email, message = checked_address(command.email), checked_text(command.message)
    now = clock()
    with store.unit_of_work() as uow:
        open_now = uow.balances.of_client(card.client_id)
        wanted = [
            one for one in open_now if not command.invoice_ids
            or one.invoice_id in command.invoice_ids
        ]  # fmt: skip
        payable = uow.balances.payable(one.invoice_id for one in wanted)
        cents = sum(max(one, 0) for one in payable.values())
        if cents <= 0:
            raise Invalid("Nothing of this can be paid any more.")
        facts: dict[str, object] = {
            "client_name": card.client_name,
            "currency": wanted[0].currency,
            "amount_cents": cents,
        }
        if message:
            facts["message"] = message
        letter_id = uow.outbox.add(
            Letter(
                kind=LetterKind.PAY_LINK,
                dedupe_key=f"pay_link:{command.request_id}",
                recipients=(Recipient(address=email),),
                facts=facts,
                client_id=card.client_id,
                pay_scope=command.invoice_ids,
                created_by=command.actor.user_key,
            ),
            at=now,
        )
        uow.audit.append(
            at=now, actor=command.actor.user_key, action="pay_link.sent", subject=card.client_id,
            detail={"email": email, "amount_cents": cents},
        )  # fmt: skip
        uow.commit()
    return letter_id
