"""A sample firm in a folder of its own, and what is done with it in processes of its own."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from portal.settings import PROJECT, Settings, load_settings

CLIENTS_SHARE = 10
"""Invoices per client."""


@dataclass(frozen=True)
class Firm:
    """A sample firm and the folder everything about it lies in."""

    home: Path
    invoices: int

    @property
    def clients(self) -> int:
        """How many clients it has."""
        return max(50, self.invoices // CLIENTS_SHARE)

    @property
    def database(self) -> Path:
        """The practice management system."""
        return self.home / "practice_cs.sqlite"

    @property
    def environ(self) -> dict[str, str]:
        """The environment of processes that work for this firm."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("PORTAL_")}
        return {**kept, "PORTAL_HOME": str(self.home), "PYTHONPATH": str(PROJECT)}

    def settings(self) -> Settings:
        """Its settings, as its server reads them."""
        return load_settings(self.environ)

    def portal(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run a `portal` command."""
        return self._run("portal.cli", *arguments)

    def child(self, *arguments: str) -> dict[str, object]:
        """Have a process of its own measure something (bench/child.py). Returns: its answer."""
        done = self._run("bench.child", *arguments)
        return json.loads(done.stdout.splitlines()[-1])

    def _run(self, module: str, *arguments: str) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=PROJECT, env=self.environ, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{module} {' '.join(arguments)}: {done.stderr[-2000:]}")
        return done


def create(home: Path, invoices: int) -> tuple[Firm, float]:
    """Make a firm that does not tick by itself. Returns: it, and the milliseconds it took."""
    firm = Firm(home, invoices)
    home.mkdir(parents=True)
    began = time.perf_counter()
    firm.portal("sample", "create", "--clients", str(firm.clients), "--invoices", str(invoices))
    took = (time.perf_counter() - began) * 1000
    config = home / "firm.toml"
    written = config.read_text(encoding="utf-8").splitlines()
    still = ["tick_seconds = 0" if line.startswith("tick_seconds") else line for line in written]
    config.write_text("\n".join(still) + "\n", encoding="utf-8")
    return firm, took


class Bookkeeper:
    """A process that posts changes when told to, the way another program would."""

    def __init__(self, firm: Firm) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.child", "bookkeeper"],
            cwd=PROJECT, env=firm.environ, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def post(self, changes: int) -> tuple[float, float]:
        """Post about so many changes.

        Returns: the moment of the commit (time.monotonic, which all processes share), and the
        milliseconds the transaction took.
        """
        self._process.stdin.write(f"{changes}\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer["committed"], answer["ms"]

    def leave(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()
