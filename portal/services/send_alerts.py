"""Tell staff by mail what they want to be told of: one mail a person and event, by the outbox."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from portal.domain.mail_addresses import Recipient
from portal.domain.permissions import Group, Principal
from portal.domain.staff_alerts import NEEDS, Alert, Whose
from portal.services.alert_words import News, news_of, news_of_bounce
from portal.services.collection_access import is_in_scope
from portal.services.mail_ports import Letter, LetterKind
from portal.services.money_ports import ClientDirectory
from portal.services.ports import Clock, StaffDirectory, Store, UnitOfWork
from portal.services.principal_of_session import principal_of_user

MOST = 500
"""Lines of a log that are read in one transaction."""
AUDIT, MAIL = "audit", "mail"


@dataclass(frozen=True, kw_only=True)
class AlertDesk:
    """What alerts are made with."""

    store: Store
    directory: ClientDirectory
    staff: StaffDirectory
    groups: Mapping[str, Group]
    clock: Clock


@dataclass(frozen=True, kw_only=True)
class _Listener:
    who: Principal
    whose: Whose


def send_alerts(desk: AlertDesk, guard: Callable[[UnitOfWork], None]) -> int:
    """Read what both logs have new, and put the mails into the outbox in the same transaction.

    Nobody is told of what happened before the first look. Returns: how many mails.
    """
    with desk.store.unit_of_work() as uow:
        guard(uow)
        listeners = _listeners(uow, desk)
        sent = sum(_tell(uow, desk, news, listeners) for news in _news(uow, desk))
        uow.commit()
    return sent


def _listeners(uow: UnitOfWork, desk: AlertDesk) -> dict[Alert, list[_Listener]]:
    found: dict[Alert, list[_Listener]] = {}
    people: dict[str, Principal | None] = {}
    for choice in uow.alerts.everybody():
        if choice.user_key not in people:
            people[choice.user_key] = _principal(uow, desk, choice.user_key)
        who = people[choice.user_key]
        if who is not None and who.may(NEEDS[choice.alert]):
            found.setdefault(choice.alert, []).append(_Listener(who=who, whose=choice.whose))
    return found


def _principal(uow: UnitOfWork, desk: AlertDesk, user_key: str) -> Principal | None:
    """What somebody may see now; None where they are switched off or have no address."""
    user = uow.users.find(user_key)
    if user is None or not user.is_active or not user.email:
        return None
    granted = uow.grants.of_user(user_key, desk.clock())
    return principal_of_user(user, granted, groups=desk.groups, staff=desk.staff)


def _news(uow: UnitOfWork, desk: AlertDesk) -> Iterator[News]:
    read_to = uow.alerts.read_to(AUDIT)
    if read_to is None:
        uow.alerts.mark_read(AUDIT, uow.alerts.newest_deed())
        uow.alerts.mark_read(MAIL, uow.alerts.newest_bounce())
        return
    deeds = uow.alerts.deeds_after(read_to, MOST)
    for deed in deeds:
        if news := news_of(deed, uow, desk.directory):
            yield news
    if deeds:
        uow.alerts.mark_read(AUDIT, deeds[-1].seq)
    bounces = uow.alerts.bounces_after(uow.alerts.read_to(MAIL) or 0, MOST)
    for number, letter_id, address in bounces:
        if news := news_of_bounce(number, letter_id, address, uow, desk.directory):
            yield news
    if bounces:
        uow.alerts.mark_read(MAIL, bounces[-1][0])


def _tell(
    uow: UnitOfWork, desk: AlertDesk, news: News, listeners: Mapping[Alert, list[_Listener]]
) -> int:
    told = set(news.already)
    sent = 0
    for listener in listeners.get(news.alert, ()):
        who = listener.who
        address = who.email.casefold()
        if address in told or who.user_key == news.actor or not _hears(listener, news, desk):
            continue
        told.add(address)
        uow.outbox.add(_letter(news, who), at=desk.clock())
        sent += 1
    return sent


def _hears(listener: _Listener, news: News, desk: AlertDesk) -> bool:
    """Whether the event is about a client of theirs, or one that they see and asked for."""
    who = listener.who
    card = desk.directory.client(news.client_id) if news.client_id else None
    if card is None:
        return listener.whose is Whose.ALL and who.scope.all_clients
    if listener.whose is Whose.MINE:
        return who.staff_id is not None and who.staff_id in (card.partner_id, card.manager_id)
    return is_in_scope(who, card.partner_id, card.manager_id)


def _letter(news: News, who: Principal) -> Letter:
    return Letter(
        kind=LetterKind.STAFF_ALERT,
        dedupe_key=f"alert:{news.key}:{who.user_key}",
        recipients=(Recipient(address=who.email, name=who.full_name),),
        client_id=news.client_id,
        facts={
            "headline": news.headline,
            "lines": [line for line in news.lines if line],
            "path": news.path,
        },
    )
