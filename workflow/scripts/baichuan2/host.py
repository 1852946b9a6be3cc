"""The host: its description, frequency governor, and libraries that it loads too late. Imports nothing heavy."""

from __future__ import annotations

import ctypes
import logging
import os
import platform
import re
import shlex
import signal
import sys
from pathlib import Path

log = logging.getLogger(__name__)
PROCESSORS = Path("/sys/devices/system/cpu")
PR_SET_PDEATHSIG = 1  # of linux/prctl.h
UNKNOWN = "unknown"  # a virtual machine has no governor of its own
WANTED = "performance"
# glibc's words, behind the library's path: /opt/conda/lib/libgomp.so.1: cannot allocate memory in static TLS block
STATIC_TLS = re.compile(r"(/[^:\n]*|[^\s:]+): cannot allocate memory in static TLS block")


# ---- description -----------------------------------------------------------------------------------------


def describe() -> dict:
    """The processor, how many of its hardware threads this process may use, governor, memory in bytes, system."""
    return {
        "cpu": cpu_name(),
        "cpu_cores": usable_cores(),
        "cpu_governor": governor(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def cpu_name() -> str:
    """The processor's model name, from /proc/cpuinfo where that has one (not on Arm)."""
    return _first_processor("model name") or platform.processor() or platform.machine()


def cpu_flags() -> set[str]:
    """The features of this processor, by Linux's names; empty on another system."""
    return set((_first_processor("flags") or _first_processor("Features")).split())


def _first_processor(field: str) -> str:
    """A field of /proc/cpuinfo, or an empty string."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(field)), "")


def release_freed_memory() -> None:
    """Give the kernel back what this process has freed and its C library keeps for later (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(ctypes.c_size_t(0))


def usable_cores() -> int:
    """Hardware threads that this process may run on: fewer than the machine's where a container pins it."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pin(rank: int, ranks: int) -> None:
    """Keep this process, one of `ranks` on this host, to its own share of the processors, in their order.

    Ranks whose threads share a core delay each other in every layer. One rank alone, or more ranks than
    processors, are not pinned.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    processors = sorted(os.sched_getaffinity(0))
    share = len(processors) // ranks
    if ranks > 1 and share:
        os.sched_setaffinity(0, processors[rank * share : (rank + 1) * share])


def die_with_parent() -> None:
    """Let the kernel kill this process as soon as its parent ends, for whatever reason; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


# ---- the frequency governor ------------------------------------------------------------------------------


def governor(processors: Path | None = None) -> str:
    """The one governor of all processors by sysfs, several as "performance, powersave", or "unknown"."""
    governors = {_line(path) for path in (processors or PROCESSORS).glob("cpu[0-9]*/cpufreq/scaling_governor")}
    return ", ".join(sorted(governors - {""})) or UNKNOWN


def advise_governor(processors: Path | None = None) -> None:
    """Log one line where the governor is known and slows a measurement down."""
    name = governor(processors)
    if name not in (WANTED, UNKNOWN):
        log.warning("CPU governor: %s, so times will be slower and less even; run: snakemake cpu_performance", name)


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:  # a processor that is offline
        return ""


# ---- static TLS ------------------------------------------------------------------------------------------


def static_tls_advice(error: BaseException | None) -> str | None:
    """The cure where `error`, or its cause, is a library without room for its static TLS; else None.

    It happens to libgomp on Arm when many libraries are loaded before it; the cure is to load it first.
    """
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if match := STATIC_TLS.search(str(error)):
            return _preload(match[1])
        error = error.__cause__ or error.__context__
    return None


def _preload(library: str) -> str:
    what = f"{library}: cannot allocate memory in static TLS block, since it is loaded too late"
    already = os.environ.get("LD_PRELOAD", "")
    if re.search(r"\s", library):  # LD_PRELOAD parts its libraries there, and has no quotes
        return f"{what}; link it to a path without blanks, and run: LD_PRELOAD=<that path> snakemake ..."
    if library in re.split(r"[\s:]", already):
        return (
            f"{what}, though LD_PRELOAD names it; give the loader more room: "
            "GLIBC_TUNABLES=glibc.rtld.optional_static_tls=16384 snakemake ..."
        )
    value = f"{library}:{already}" if already else library
    return f"{what}; load it first: LD_PRELOAD={shlex.quote(value)} snakemake ..."
