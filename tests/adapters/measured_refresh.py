"""One refresh of a folder of files, with the time and the memory it took, as JSON."""

import json
import time
from pathlib import Path

from portal.domain.errors import PortalError
from portal.settings import Source
from tests.loading import open_loaded


def refresh_measured(home: Path) -> None:
    """Refresh what lies in `exports` by what lies in `mapping`, and print what came of it."""
    loaded = open_loaded(home, Source("files", str(home / "exports"), home / "mapping"))
    began = time.process_time()
    try:
        loaded.refresher.refresh()
        said = ""
    except PortalError as refusal:
        said = str(refusal)
    found = {
        "said": said,
        "seconds": time.process_time() - began,
        "megabytes": _most_memory(),
        "rows": loaded.values("select * from invoices order by all") if not said else [],
    }
    loaded.warehouse.close()
    print(json.dumps(found, default=str))


def _most_memory() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
