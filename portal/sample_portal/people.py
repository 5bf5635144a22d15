"""Who has an account of the sample firm's client portal, and what clients promised."""

from datetime import timedelta

from portal.sample_portal.stage import ADMIN, Cast, Stage
from portal.services.payer_ports import PortalUser, UserClient
from portal.services.record_promise import RecordPromise

PASSWORD = "demo-portal"  # noqa: S105 - of invented people
"""Of every sample account of the client portal."""


def play(stage: Stage) -> list[tuple[float, object]]:
    """What happens: days ago, and what."""
    owners = [stage.next_client() for _ in range(6)]
    password_hash = stage.portal.passwords.hash(PASSWORD)
    accounts = [owners[:2], *([owner] for owner in owners[2:])]
    scenes: list[tuple[float, object]] = [
        (30.0 - index, _account(stage, clients, password_hash))
        for index, clients in enumerate(accounts)
    ]
    scenes += [
        (float(days_ago), _promise(stage, stage.next_client(), days_ago, days_ahead))
        for days_ago, days_ahead in ((6, 10), (4, 5), (2, 21), (1, 3))
    ]
    return scenes


def _account(stage: Stage, clients: list[Cast], password_hash: str):
    def scene() -> None:
        portal = stage.at(20)
        first = clients[0]
        user = PortalUser(
            portal_user_id=f"sample-{first.client_id}",
            email=first.email.lower(),
            full_name=first.contact,
            password_hash=password_hash,
            verified_at=portal.now(),
            is_active=True,
            created_at=portal.now(),
        )
        with portal.store.unit_of_work() as uow:
            # In a small firm two clients may write from the same address: one account is enough.
            user = uow.portal_users.with_email(user.email) or user
            uow.portal_users.save(user)
            for client in clients:
                uow.portal_users.link(
                    UserClient(
                        portal_user_id=user.portal_user_id, client_id=client.client_id,
                        linked_by="contact", linked_at=portal.now(),
                    )
                )  # fmt: skip
            uow.commit()

    return scene


def _promise(stage: Stage, client: Cast, days_ago: int, days_ahead: int):
    def scene() -> None:
        portal = stage.at(days_ago)
        portal.collections.record_promise(
            RecordPromise(
                actor=ADMIN, client_id=client.client_id, amount_cents=sum(client.owes.values()),
                promised_on=portal.today() + timedelta(days=days_ago + days_ahead),
                currency=portal.settings.currency, note="Promised by phone",
            )
        )  # fmt: skip

    return scene
