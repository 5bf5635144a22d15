"""`portal serve` and `portal demo`: the server, with a firm of one's own or the sample one."""

import argparse
import subprocess
import sys

from portal.sample_portal.on_start import ask_to_fill
from portal.settings import PROJECT, config_path, load_settings, portal_home
from portal.terminal.sample import create


def serve(arguments: argparse.Namespace) -> int:
    """Start the server and wait until it ends."""
    load_settings()
    command = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "app.py")]
    if arguments.port:
        command += ["--server.port", str(arguments.port)]
    return subprocess.call(command, cwd=PROJECT)  # noqa: S603 - our own program


def demo(arguments: argparse.Namespace) -> int:
    """Make the sample firm where it is missing, and serve it."""
    if not config_path().exists():
        print("Making the sample firm (2,000 clients, 40,000 invoices) ...", file=sys.stderr)
        create(
            argparse.Namespace(to=None, clients=2_000, invoices=40_000, seed=1, with_portal=False)
        )
        # What has happened in the portal comes in while people look: nobody waits for it.
        ask_to_fill(portal_home())
    print(f"Firm Portal: http://127.0.0.1:{arguments.port or 8501}", file=sys.stderr)
    return serve(arguments)
