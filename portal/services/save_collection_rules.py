"""Change the firm's rules of collections: a new version, never a changed one."""

from dataclasses import dataclass

from portal.domain.collection_rules import CollectionRules, check_rules
from portal.domain.errors import Invalid
from portal.domain.permissions import Permission, Principal
from portal.services.ports import Clock, Store
from portal.services.statement_ports import RulesVersion


@dataclass(frozen=True, kw_only=True)
class SaveCollectionRules:
    """The request. `based_on` is the version the person saw."""

    actor: Principal
    rules: CollectionRules
    based_on: int


def save_collection_rules(
    command: SaveCollectionRules, *, store: Store, clock: Clock
) -> RulesVersion:
    """Put new rules in force from the next run on.

    Raises: Denied; Invalid for rules that can't work, and when somebody saved others meanwhile.
    """
    command.actor.require(Permission.COLLECTION_SETTINGS)
    rules = check_rules(command.rules)
    now = clock()
    with store.unit_of_work() as uow:
        uow.statements.serialize()
        current = uow.rules.current()
        if current.version != command.based_on:
            raise Invalid(
                f"{current.made_by_name} has changed these rules meanwhile. "
                "Load the page again to see what is in force now."
            )
        if current.rules == rules:
            return current
        saved = RulesVersion(
            version=current.version + 1,
            rules=rules,
            made_by=command.actor.user_key,
            made_by_name=command.actor.full_name,
            made_at=now,
        )
        uow.rules.add(saved)
        uow.audit.append(
            at=now,
            actor=command.actor.user_key,
            action="collection_rules.changed",
            subject=f"version {saved.version}",
            detail={"before": current.rules.written(), "after": rules.written()},
        )
        uow.commit()
    return saved
