"""Do answers leave at once?"""

import asyncio
import socket
import sys

from portal.web.sockets import TURN_SECONDS, send_at_once, take_short_turns


def test_accepted_connections_do_not_hold_back_small_packets():
    async def delay_of_an_accepted_connection():
        accepted = asyncio.get_running_loop().create_future()

        async def answer(reader, writer):
            peer = writer.get_extra_info("socket")
            accepted.set_result(peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.bind(("127.0.0.1", 0))
        server = await asyncio.start_server(answer, sock=listening)
        _, writer = await asyncio.open_connection(*listening.getsockname())
        try:
            return await asyncio.wait_for(accepted, 5)
        finally:
            writer.close()
            server.close()

    send_at_once()

    assert asyncio.run(delay_of_an_accepted_connection()) == 1


def test_a_pages_script_gives_way_to_waiting_answers_sooner_than_usual():
    usual = sys.getswitchinterval()
    try:
        take_short_turns()

        assert abs(sys.getswitchinterval() - TURN_SECONDS) < 1e-9 < usual - TURN_SECONDS
    finally:
        sys.setswitchinterval(usual)
