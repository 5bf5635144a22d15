"""People at their pages: Streamlit's own protocol over WebSockets, in a process of its own.

Reads its orders as JSON from stdin: address, cookies (one person each), seconds. Says "ready" when
every page has been opened once, then prints what the runs took. Loopback only; it stops by itself.
"""

import itertools
import json
import random
import sys
import threading
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

import websocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PAGES = ("invoices", "clients", "home", "worklist", "aging", "payments")
EVERY_SECONDS = 10.0
MOST_SESSIONS = 50
MOST_SECONDS = 600
RUN_SECONDS = 60


class Session:
    """One open page of one person."""

    def __init__(self, address: str, cookie: str, page: str) -> None:
        self._page = page
        self._socket = websocket.create_connection(
            f"ws://{urlsplit(address).netloc}/_stcore/stream",
            origin=address, cookie=cookie, subprotocols=["streamlit"], timeout=RUN_SECONDS,
        )  # fmt: skip

    def run(self) -> float:
        """Have the page's script run. Returns: milliseconds until it was finished."""
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        asked.rerun_script.page_name = self._page
        began = time.perf_counter()
        self._socket.send_binary(asked.SerializeToString())
        while True:
            message = ForwardMsg()
            message.ParseFromString(self._socket.recv())
            if message.WhichOneof("type") == "script_finished":
                if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    continue
                return (time.perf_counter() - began) * 1000

    def close(self) -> None:
        """Leave the page."""
        self._socket.close()


def act(address: str, cookies: Sequence[str], seconds: float) -> dict[str, object]:
    """Each person opens a page and then acts every ten seconds, not all at the same moment."""
    if urlsplit(address).hostname != "127.0.0.1":
        raise ValueError("only a server of this machine may be loaded")
    until = time.monotonic() + min(seconds, MOST_SECONDS)
    opened: list[tuple[str, float]] = []
    acted: list[tuple[str, float]] = []
    problems: list[str] = []

    def person(cookie: str, page: str, wait: float) -> None:
        try:
            time.sleep(wait)
            session = Session(address, cookie, page)
            opened.append((page, session.run()))
            pause = EVERY_SECONDS
            while time.monotonic() + pause < until:
                time.sleep(pause)
                took = session.run()
                acted.append((page, took))
                pause = max(0.1, EVERY_SECONDS - took / 1000)
            session.close()
        except (OSError, websocket.WebSocketException) as problem:
            problems.append(repr(problem))

    dice = random.Random(1)
    people = [
        threading.Thread(target=person, args=(cookie, page, dice.uniform(0, EVERY_SECONDS)))
        for cookie, page in zip(cookies[:MOST_SESSIONS], itertools.cycle(PAGES), strict=False)
    ]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    return {"opened": opened, "acted": acted, "problems": problems}


def look_once(address: str, cookie: str) -> None:
    """Open every page once, so that nobody measured waits for what a server does only once."""
    for page in PAGES:
        session = Session(address, cookie, page)
        session.run()
        session.close()


if __name__ == "__main__":
    orders = json.load(sys.stdin)
    look_once(orders["address"], orders["cookies"][0])
    print("ready", flush=True)
    print(json.dumps(act(orders["address"], orders["cookies"], orders["seconds"])))
