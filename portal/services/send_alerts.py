"""Tell staff by mail what they want to be told of: one mail a person and event, by the outbox."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from portal.domain.mail_addresses import Recipient
from portal.domain.permissions import Group, Principal
from portal.domain.staff_alerts import NEEDS, Alert, Whose, alert_of
from portal.services.alert_ports import LoggedDeed
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


@dataclass(frozen=True, kw_only=True)
class _Batch:
    """What a look at both logs has found: the mails, and how far it has read."""

    read_from: int | None
    audit: int
    mail: int
    letters: tuple[Letter, ...] = ()
    is_full: bool = False
    """There may be more."""


def send_alerts(desk: AlertDesk, guard: Callable[[UnitOfWork], None]) -> int:
    """Read what both logs have new, and put the mails and the marks into one transaction.

    Nobody is told of what happened before the first look. Returns: how many mails.
    """
    sent = 0
    while True:
        # Whom it concerns is looked up without holding up those who want to write.
        with desk.store.reading() as view:
            batch = _read(view, desk)
        if batch is None or not _keep(batch, desk, guard):
            return sent
        sent += len(batch.letters)
        if not batch.is_full:
            return sent


def _keep(batch: _Batch, desk: AlertDesk, guard: Callable[[UnitOfWork], None]) -> bool:
    with desk.store.unit_of_work() as uow:
        guard(uow)
        if uow.alerts.read_to(AUDIT) != batch.read_from:
            return False  # somebody else has read it meanwhile
        for letter in batch.letters:
            uow.outbox.add(letter, at=desk.clock())
        uow.alerts.mark_read(AUDIT, batch.audit)
        uow.alerts.mark_read(MAIL, batch.mail)
        uow.commit()
    return True


def _read(view: UnitOfWork, desk: AlertDesk) -> _Batch | None:
    """The next part of both logs; None where there is nothing new."""
    read_from = view.alerts.read_to(AUDIT)
    if read_from is None:
        newest, heard = view.alerts.newest_deed(), view.alerts.newest_bounce()
        return _Batch(read_from=None, audit=newest, mail=heard)
    heard = view.alerts.read_to(MAIL) or 0
    deeds = view.alerts.deeds_after(read_from, MOST)
    bounces = view.alerts.bounces_after(heard, MOST)
    if not deeds and not bounces:
        return None
    listeners = _listeners(view, desk)
    found = [
        *(news_of(deed, view, desk.directory) for deed in deeds if _is_heard(deed, listeners)),
        *(news_of_bounce(*bounce, view, desk.directory) for bounce in bounces),
    ]
    return _Batch(
        read_from=read_from,
        audit=deeds[-1].seq if deeds else read_from,
        mail=bounces[-1][0] if bounces else heard,
        letters=tuple(
            letter for news in found if news for letter in _letters(news, listeners, desk)
        ),
        is_full=MOST in (len(deeds), len(bounces)),
    )


def _is_heard(deed: LoggedDeed, listeners: Mapping[Alert, list[_Listener]]) -> bool:
    return alert_of(deed.action, deed.detail.get("from")) in listeners


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


def _letters(
    news: News, listeners: Mapping[Alert, list[_Listener]], desk: AlertDesk
) -> Iterator[Letter]:
    """One mail for each person who is to hear of it."""
    told = set(news.already)
    for listener in listeners.get(news.alert, ()):
        who = listener.who
        address = who.email.casefold()
        if address in told or who.user_key == news.actor or not _hears(listener, news, desk):
            continue
        told.add(address)
        yield _letter(news, who)


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
