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

from baichuan2.errors import one_line

log = logging.getLogger(__name__)
PROCESSORS = Path("/sys/devices/system/cpu")
PR_SET_PDEATHSIG = 1  # of linux/prctl.h
CPUINFO = Path("/proc/cpuinfo")
MEMINFO = Path("/proc/meminfo")
# Of Arm's cores, which have no "model name" in CPUINFO: {implementer: (its name, {part: the core})}, by the names of
# util-linux's lscpu; Kunpeng-920 is the processor of HiSilicon's TaiShan-v110.
ARM_CORES = {
    0x41: ("Arm", {
        0xD03: "Cortex-A53", 0xD05: "Cortex-A55", 0xD07: "Cortex-A57", 0xD08: "Cortex-A72", 0xD0B: "Cortex-A76",
        0xD0C: "Neoverse-N1", 0xD40: "Neoverse-V1", 0xD49: "Neoverse-N2", 0xD4F: "Neoverse-V2",
    }),
    0x48: ("HiSilicon", {0xD01: "Kunpeng-920", 0xD02: "TaiShan-v120"}),
    0x61: ("Apple", {0x022: "Icestorm-M1", 0x023: "Firestorm-M1", 0x032: "Blizzard-M2", 0x033: "Avalanche-M2"}),
    0x70: ("Phytium", {0x662: "FTC662", 0x663: "FTC663"}),
    0xC0: ("Ampere", {0xAC3: "Ampere-1", 0xAC4: "Ampere-1a"}),
}  # fmt: skip
UNKNOWN = "unknown"  # a virtual machine has no governor of its own
WANTED = "performance"
# glibc's words, behind the library's path: /opt/conda/lib/libgomp.so.1: cannot allocate memory in static TLS block
STATIC_TLS = re.compile(r"(/[^:\n]*|[^\s:]+): cannot allocate memory in static TLS block")
BACKEND = "backend extension: torch_npu"  # torch's words where it cannot load it while it is imported


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
    """The processor's model name, from CPUINFO; on Arm its core's."""
    return _first_processor("model name") or _arm_core() or platform.processor() or platform.machine()


def cpu_flags() -> set[str]:
    """The features of this processor, by Linux's names: its "flags" on x86, its "Features" on Arm."""
    return set((_first_processor("flags") or _first_processor("Features")).split())


def _arm_core() -> str:
    """The core's name, or its implementer's and its part's number; an empty string where CPUINFO has none."""
    implementer, part = _first_processor("CPU implementer"), _first_processor("CPU part")
    if not (implementer and part):
        return ""
    maker, cores = ARM_CORES.get(int(implementer, 16), (f"implementer {implementer}", {}))
    return cores.get(int(part, 16)) or f"{maker}, part {part}"


def _first_processor(field: str) -> str:
    """A field of CPUINFO, or an empty string."""
    try:
        lines = CPUINFO.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(field)), "")


def release_freed_memory() -> None:
    """Give the kernel back what this process has freed and its C library keeps for later (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(ctypes.c_size_t(0))


def available_memory(path: Path | None = None) -> int | None:
    """Bytes that Linux could give to new processes, or None."""
    try:
        lines = (path or MEMINFO).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


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


# ---- torch_npu -------------------------------------------------------------------------------------------


def load_advice(error: BaseException | None) -> str | None:
    """The cure where `error` is a library without room for its static TLS, or a torch_npu that torch cannot load.

    torch loads what registers as its backend while it is imported, and wraps what that raises. Else None.
    """
    if advice := static_tls_advice(error):
        return advice
    if error is None or BACKEND not in str(error):
        return None
    reason = first_cause(error)
    return f"torch_npu does not load ({reason}); {torch_npu_cure(reason)}"


def first_cause(error: BaseException) -> str:
    """What the first of the errors says that `error` was raised from, in one line."""
    while error.__cause__ is not None:
        error = error.__cause__
    return one_line(error)


def torch_npu_cure(reason: str) -> str:
    """What to do where torch_npu does not load, for a reason of the loader's or of Python's."""
    if absent := re.search(r"No module named '([\w.]+)'", reason):
        return f"install {absent[1]}, see envs/npu.yaml"
    if re.search(r"undefined symbol|lib(torch|c10)\w*\.so", reason):
        return "it is for another torch or CANN: install those of one row, see envs/npu.yaml"
    if re.search(r"lib(ascend_hal|dcmi|drv\w+)\.so", reason):
        return (
            "install the driver; in a container, mount the host's /usr/local/Ascend/driver, and put its lib64, "
            "lib64/common and lib64/driver into LD_LIBRARY_PATH"
        )
    return "source CANN's set_env.sh, see envs/npu.yaml"
