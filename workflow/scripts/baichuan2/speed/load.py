"""What else a host does while it is measured: other processes, steal, throttling, clock. Imports nothing heavy.

Everything is read from /proc and /sys between runs, never within one, and takes a millisecond or so. Of a card
nothing is read: torch has no call for its clock or throttling that does not need another library.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Above these shares of the processors' time a reader is warned.
OTHERS, STEAL = 0.05, 0.01
BUSY = ("user", "nice", "system", "irq", "softirq")  # of /proc/stat; user and nice hold the guests' time already
FIELDS = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")


@dataclass(frozen=True)
class Reading:
    """Counters at one moment, in seconds unless said otherwise, of the processors that this process may use.

    at: of a clock that only goes on. busy, steal: all processes' time, and what a hypervisor gave to other machines;
    None where /proc/stat counts none. own: this process's, and that of its model's other ranks on the same
    processors. throttled, throttlings: for how long, summed over processors, and how often this control group, or one
    above it, was held to its quota. thermal: how often a processor slowed down for its heat. mhz: mean clock now.
    load: processes that run or wait, mean of a minute. None where the host does not tell.
    """

    at: float
    processors: int
    busy: float | None
    steal: float | None
    own: float
    throttled: float | None
    throttlings: int | None
    thermal: int | None
    mhz: float | None
    load: float | None


def read(root: Path = Path("/")) -> Reading:
    """The counters now; root: where proc and sys are."""
    processors = _processors()
    busy, steal = _processor_seconds(root, processors)
    throttled, throttlings = _quota(root)
    return Reading(
        at=time.monotonic(),
        processors=len(processors),
        busy=busy,
        steal=steal,
        own=_own_seconds(root, processors),
        throttled=throttled,
        throttlings=throttlings,
        thermal=_total(root.glob("sys/devices/system/cpu/cpu[0-9]*/thermal_throttle/*_throttle_count")),
        mhz=_clock(root, processors),
        load=os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    )


def between(first: Reading, last: Reading, alone: bool = True) -> dict[str, Any]:
    """What happened from one reading to the next: JSON-ready, None for what the host does not tell.

    alone: whether other processes are none of what is measured; else others is None.

    seconds; others, steal: shares (0 to 1) of the processors' time; throttled_s, throttlings, thermal: what was
    added; mhz, load: at the end.
    """
    seconds = last.at - first.at
    whole = seconds * last.processors
    busy, steal = (_added(getattr(first, name), getattr(last, name)) for name in ("busy", "steal"))
    # The kernel counts others in ticks, and our time exactly.
    others = (
        None
        if busy is None or not whole or not alone
        else min(1.0, max(0.0, (busy - (last.own - first.own)) / whole))
    )
    return {
        "seconds": seconds,
        "others": others,
        "steal": None if steal is None or not whole else min(1.0, steal / whole),
        "throttled_s": _added(first.throttled, last.throttled),
        "throttlings": _added(first.throttlings, last.throttlings),
        "thermal": _added(first.thermal, last.thermal),
        "mhz": last.mhz,
        "load": last.load,
    }


def together(loads: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One of several stretches of time: sums, and means over time; None for what one of them lacks."""
    seconds = sum(one["seconds"] for one in loads)
    sums = {key: _sum([one[key] for one in loads]) for key in ("throttled_s", "throttlings", "thermal")}
    weighed = {
        key: [None if one[key] is None else one[key] * one["seconds"] for one in loads]
        for key in ("others", "steal", "mhz", "load")
    }
    means = {key: None if (total := _sum(values)) is None else total / seconds for key, values in weighed.items()}
    return {"seconds": seconds, **means, **sums}


def complaints(load: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What of `between` slows a measurement down: (phrase, its fields), for `words.say` or str.format."""
    phrases: list[tuple[str, dict[str, Any]]] = []
    if (load["others"] or 0) > OTHERS:
        phrases.append(("other processes took {share:.0%} of the processors", {"share": load["others"]}))
    if (load["steal"] or 0) > STEAL:
        phrases.append(("the hypervisor stole {share:.0%}", {"share": load["steal"]}))
    if load["throttlings"]:
        phrases.append(("the CPU quota throttled {n} times", {"n": load["throttlings"]}))
    if load["thermal"]:
        phrases.append(("heat throttled {n} times", {"n": load["thermal"]}))
    return phrases


def _processors() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))


def _sum(values: Sequence[Any]) -> Any:
    return None if None in values else sum(values)


def _added(first: float | None, last: float | None) -> Any:
    return None if first is None or last is None else last - first


def _processor_seconds(root: Path, processors: set[int]) -> tuple[float | None, float | None]:
    busy = steal = every = 0
    for line in _lines(root / "proc/stat"):
        name, *counts = line.split()
        if name.startswith("cpu") and name[3:].isdigit() and int(name[3:]) in processors:
            ticks = dict(zip(FIELDS, map(int, counts), strict=False))
            busy += sum(ticks[field] for field in BUSY)
            steal += ticks["steal"]
            every += sum(ticks.values())
    if not every:  # no Linux, or a sandbox that counts nothing
        return None, None
    ticks_a_second = os.sysconf("SC_CLK_TCK")
    return busy / ticks_a_second, steal / ticks_a_second


def _own_seconds(root: Path, processors: set[int]) -> float:
    own = time.process_time()
    return own + sum(_process_seconds(root / f"proc/{rank}/stat") for rank in _other_ranks(root, processors))


def _other_ranks(root: Path, processors: set[int]) -> Iterator[int]:
    """The processes of the same model that the launcher started beside this one, and that share its processors."""
    if int(os.environ.get("LOCAL_WORLD_SIZE", "1")) == 1:
        return
    with suppress(OSError):
        for number in Path(root / f"proc/{os.getppid()}/task/{os.getppid()}/children").read_text().split():
            if int(number) != os.getpid() and os.sched_getaffinity(int(number)) & processors:
                yield int(number)


def _process_seconds(path: Path) -> float:
    for line in _lines(path):  # one
        fields = line.rpartition(")")[2].split()  # behind the name, which may hold anything
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0  # it has ended


def _quota(root: Path) -> tuple[float | None, int | None]:
    """Seconds and times that quotas held up this process's control group and those above it, by version 2 or 1."""
    counters = [dict(line.split() for line in _lines(file)) for file in _quota_files(root)]
    counters = [counts for counts in counters if "nr_throttled" in counts]
    if not counters:
        return None, None
    seconds = sum(int(c.get("throttled_usec", 0)) / 1e6 + int(c.get("throttled_time", 0)) / 1e9 for c in counters)
    return seconds, sum(int(counts["nr_throttled"]) for counts in counters)


def _quota_files(root: Path) -> Iterator[Path]:
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        top = root / "sys/fs/cgroup" / controllers
        group = top / path.lstrip("/")
        for folder in (group, *group.parents):
            if folder.is_relative_to(top):
                yield folder / "cpu.stat"


def _clock(root: Path, processors: set[int]) -> float | None:
    paths = [root / f"sys/devices/system/cpu/cpu{number}/cpufreq/scaling_cur_freq" for number in processors]
    clocks = [int(line) / 1000 for path in paths for line in _lines(path)]
    if not clocks:
        lines = (line.split(":") for line in _lines(root / "proc/cpuinfo") if line.startswith("cpu MHz"))
        clocks = [float(value) for _, value in lines]
    return sum(clocks) / len(clocks) if clocks else None


def _total(paths: Iterable[Path]) -> int | None:
    counts = [int(line) for path in paths for line in _lines(path)]
    return sum(counts) if counts else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:  # another kernel's, or not to be read
        return []
