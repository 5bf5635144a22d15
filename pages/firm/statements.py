"""Statements: who is written to, because of what, and who is not and why?"""

from portal.ui import frame, live, said, simulator, statements

frame.page("Statements", statements.next_run())
said.say()

if statements.side() == "simulator":
    simulator.draw()
else:
    statements.queue()

live.follow()
