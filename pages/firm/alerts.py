"""My alerts: what do I want to be told of by mail, and of whose clients?"""

from portal.ui import frame, staff_alerts

frame.page("My alerts", "One mail for each event, to you alone.")

staff_alerts.draw()
