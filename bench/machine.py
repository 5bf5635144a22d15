"""The machine and the programs a run was made with: figures without them mean little."""

import os
import platform
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import duckdb


def facts() -> dict[str, object]:
    """Processor, memory, load and versions now."""
    return {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count(),
        "memory": _first("/proc/meminfo", "MemTotal"),
        "load_1_5_15_minutes": [round(load, 1) for load in os.getloadavg()],
        "system": platform.platform(),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "streamlit": version("streamlit"),
    }


def text_of(found: dict[str, object]) -> str:
    """The facts, one a line."""
    return "\n".join(f"{name.replace('_', ' '):<22} {value}" for name, value in found.items())


def memory_mb(process: int) -> float:
    """Resident memory of a process now, in MB."""
    return int(_status(process, "VmRSS")) / 1024


def peak_memory_mb(process: int) -> float:
    """The most resident memory a process had since `forget_peak`, in MB."""
    return int(_status(process, "VmHWM")) / 1024


def forget_peak(process: int) -> None:
    """Begin to look for the peak anew."""
    Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")


def _status(process: int, key: str) -> str:
    return (_first(f"/proc/{process}/status", key) or "0 kB").split()[0]


def _first(path: str, key: str) -> str:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")
