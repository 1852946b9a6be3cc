"""What else the host does while it is measured, read from a /proc and /sys of the test's own, and from the real."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from baichuan2.speed import load

TICKS = os.sysconf("SC_CLK_TCK")


def host(root: Path, busy: float = 0, steal: float = 0, throttled: int = 0, heat: int = 0, version: int = 2) -> Path:
    """A root whose processors were busy, and stolen, for so many seconds each; throttled, heat: times."""
    count = os.cpu_count() or 1
    files = {
        "proc/stat": "cpu 0 0 0 0 0 0 0 0 0 0\n"
        + "".join(f"cpu{k} {int(busy * TICKS)} 0 0 900 5 0 0 {int(steal * TICKS)} 0 0\n" for k in range(count)),
        "proc/cpuinfo": "processor : 0\ncpu MHz\t\t: 2000.0\nprocessor : 1\ncpu MHz\t\t: 3000.0\n",
        "sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count": f"{heat}\n",
        "sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count": "1\n",
    }
    if version == 2:
        files["proc/self/cgroup"] = "0::/outer/inner\n"
        files["sys/fs/cgroup/outer/inner/cpu.stat"] = "usage_usec 9\n"  # no quota of its own
        files["sys/fs/cgroup/outer/cpu.stat"] = f"nr_throttled {throttled}\nthrottled_usec {throttled * 10_000}\n"
    else:
        files["proc/self/cgroup"] = "3:cpuset:/\n2:cpu,cpuacct:/job\n"
        files["sys/fs/cgroup/cpu,cpuacct/job/cpu.stat"] = (
            f"nr_periods 5\nnr_throttled {throttled}\nthrottled_time {throttled * 10_000_000}\n"
        )
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize("version", [1, 2])
def test_what_others_and_the_quota_took(tmp_path, monkeypatch, version):
    clock, own = iter([100.0, 110.0]), iter([5.0, 8.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(time, "process_time", lambda: next(own))
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0})
    first = load.read(host(tmp_path, version=version))
    last = load.read(host(tmp_path, busy=8, steal=1, throttled=3, heat=2, version=version))
    taken = load.between(first, last)
    assert taken.pop("load") == pytest.approx(os.getloadavg()[0], abs=1)
    assert taken == {
        "seconds": 10.0,
        "others": pytest.approx(0.5),  # 8 s of 10, less 3 s of our own
        "steal": pytest.approx(0.1),
        "throttled_s": pytest.approx(0.03),
        "throttlings": 3,
        "thermal": 2,
        "mhz": 2500.0,
    }
    assert [text.format(**fields) for text, fields in load.complaints(taken | {"load": 1.0})] == [
        "other processes took 50% of the processors",
        "the hypervisor stole 10%",
        "the CPU quota throttled 3 times",
        "heat throttled 2 times",
    ]


def test_a_host_that_tells_nothing_is_not_called_quiet(tmp_path):
    reading = load.read(tmp_path)
    taken = load.between(reading, load.read(tmp_path))
    unknown = ("others", "steal", "throttled_s", "throttlings", "thermal", "mhz")
    assert [taken[key] for key in unknown] == [None] * len(unknown)
    assert load.complaints(taken) == []


def test_time_is_weighed_and_what_one_lacks_is_not_known():
    one = {"seconds": 1.0, "others": 0.0, "steal": None, "throttled_s": 1.0, "throttlings": 2, "thermal": None}
    one |= {"mhz": 1000.0, "load": 1.0}
    merged = load.together([one, one | {"seconds": 3.0, "others": 0.8, "steal": 0.1}])
    assert merged["others"] == pytest.approx(0.6)
    assert (merged["steal"], merged["thermal"]) == (None, None)
    assert (merged["seconds"], merged["throttled_s"], merged["throttlings"]) == (4.0, 2.0, 4)


def test_another_process_is_seen_and_our_own_is_not():
    """On the real host: a busy child takes most of one processor, while this process is busy too."""
    processor = min(os.sched_getaffinity(0))
    before = os.sched_getaffinity(0)
    child = subprocess.Popen(
        [sys.executable, "-c", f"import os; os.sched_setaffinity(0, {{{processor}}})\nwhile 1: 0"]
    )
    try:
        os.sched_setaffinity(0, {processor})
        time.sleep(0.3)
        first, end = load.read(), time.monotonic() + 1.5
        while time.monotonic() < end:
            pass
        taken = load.between(first, load.read())
    finally:
        os.sched_setaffinity(0, before)
        child.kill()
        child.wait()
    if taken["others"] is None:
        pytest.skip("this /proc/stat counts nothing")
    assert 0.3 < taken["others"] <= 1
