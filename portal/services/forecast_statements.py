"""What the runs of the coming days will do: the simulator, and what changed rules would change."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.collection_rules import CollectionRules
from portal.domain.errors import Invalid
from portal.domain.forecast import MOST_DAYS, Forecast, forecast
from portal.domain.permissions import Permission, Principal
from portal.domain.statement_days import IsHoliday, Window
from portal.services.collection_access import is_in_scope
from portal.services.ports import Store
from portal.services.statement_accounts import accounts_reaching
from portal.services.statement_ports import Receivables


@dataclass(frozen=True, kw_only=True)
class ForecastStatements:
    """The request: the day to look at, and rules to try instead of those in force."""

    actor: Principal
    today: date
    day: date
    rules: CollectionRules | None = None


def forecast_statements(
    command: ForecastStatements,
    *,
    store: Store,
    receivables: Receivables,
    is_federal_holiday: IsHoliday,
) -> Forecast:
    """Play the runs up to a day on what is known now, and give that day's.

    Raises: Denied; Invalid for a day that is past, or too far ahead.
    """
    command.actor.require(Permission.VIEW_COLLECTIONS)
    if not command.today <= command.day <= command.today + timedelta(days=MOST_DAYS):
        raise Invalid(f"Choose a day from today to {MOST_DAYS} days ahead.")
    with store.reading() as view:
        rules = command.rules or view.rules.current().rules
        last_run = view.statements.answered_until()
    first = command.today
    if last_run is not None and last_run >= first:
        first = last_run + timedelta(days=1)
    if command.day < first:
        return Forecast(day=command.day, is_run_day=False)
    # Wide enough for what the first run makes up for; decide() looks at each day's own window.
    span = Window(after=first - timedelta(days=20), day=command.day)
    accounts = accounts_reaching([span], rules, store, receivables)
    seen = [one for one in accounts if is_in_scope(command.actor, one.partner_id, one.manager_id)]
    return forecast(seen, first, command.day, last_run, rules, is_federal_holiday)[-1]
