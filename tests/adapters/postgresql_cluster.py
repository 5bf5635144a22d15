"""A PostgreSQL cluster that lives as long as the tests, on a socket in a temporary folder."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


def binaries() -> Path | None:
    """The folder of the newest installed PostgreSQL server, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name)
    usable = [path for path in found if (path / "initdb").exists() and (path / "pg_ctl").exists()]
    return usable[-1] if usable else None


@dataclass
class Cluster:
    """A cluster that can be stopped and started; `url` has `{name}` where the database goes."""

    url: str
    stop: Callable[[], None]
    start: Callable[[], None]


@contextlib.contextmanager
def running_cluster(bin_folder: Path) -> Iterator[str]:
    """Start a cluster of its own. Yields: the URL of its `postgres` database without a name."""
    with stoppable_cluster(bin_folder) as cluster:
        yield cluster.url


@contextlib.contextmanager
def stoppable_cluster(bin_folder: Path) -> Iterator[Cluster]:
    """Start a cluster of its own."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    user = _unprivileged(folder)
    data, log = folder / "data", folder / "log"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60"
    control = (bin_folder / "pg_ctl", "-D", data, "-w")

    def start() -> None:
        _run(user, *control, "-l", log, "-o", options, "start")

    def stop() -> None:
        _run(user, *control, "-m", "immediate", "stop")

    _run(
        user, bin_folder / "initdb", "-D", data, "-U", "portal", "--auth=trust", "-N", "-E", "UTF8"
    )
    start()
    try:
        yield Cluster(f"postgresql://portal@/{{name}}?host={folder}", stop, start)
    finally:
        stop()
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> list[str]:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return []
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return [
        "setpriv",
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
    ]


def _run(user: list[str], *command: object) -> None:
    environ = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(
        [*user, *map(str, command)],
        env=environ,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
