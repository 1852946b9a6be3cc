"""What the benchmarks share: contenders in processes of their own, rounds, the environment, and the result files.

A contender is an object with load() and measure(...), made in the parent, pickled into its process and used there
alone. Contenders are measured in turn, round after round, so that what the host does from minute to minute falls on
all of them; two are compared by the median of their per-round ratios. Every contender's threads wait as its own
library's defaults say: an idle process spins for some milliseconds after its work, and a pause outlasts that.
"""

from __future__ import annotations

import datetime
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, Protocol

import pandas
import typer

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))

from baichuan2 import host  # noqa: E402
from baichuan2.acceptance.worker import Worker  # noqa: E402
from baichuan2.errors import UserError  # noqa: E402
from baichuan2.files import write_text  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
PAUSE_S = 0.05
PACKAGES = ("torch", "transformers", "llama_cpp_python", "lm_eval")

CORES = host.usable_cores()
Threads = Annotated[int, typer.Option(help="Of each contender.")]
Only = Annotated[list[str], typer.Option(help="A contender by its name; repeat the option. All.")]
Out = Annotated[Path, typer.Option(help="Folder of the results.")]


class Contender(Protocol):
    """What is measured. `name` is unique among those measured together."""

    name: str

    def load(self) -> dict[str, Any]:
        """Everything that is not to be timed; returns facts for the tables."""

    def measure(self, *arguments: Any) -> dict[str, Any]:
        """One timed run; returns what it found, times in seconds."""


def chosen(only: Sequence[str], contenders: list[Any]) -> list[Any]:
    """Those of the contenders that are named in `only`, or all. Raises UserError for a name that none has."""
    names = [contender.name for contender in contenders]
    if wrong := set(only) - set(names):
        raise UserError(f"--only: no contender named {min(wrong)}; there are {', '.join(names)}")
    return [contender for contender in contenders if not only or contender.name in only]


# ---- a process for each contender --------------------------------------------------------------------------


@contextmanager
def workers() -> Iterator[dict[str, Worker]]:
    """A table for workers, all of them ended with it."""
    table: dict[str, Worker] = {}
    try:
        yield table
    finally:
        for worker in table.values():
            worker.close()


def load(table: dict[str, Worker], contender: Contender) -> dict[str, Any]:
    """Start and load a contender, and put its worker into `table`; returns its facts."""
    print(f"loading {contender.name}", file=sys.stderr, flush=True)
    table[contender.name] = Worker(contender)
    return table[contender.name].call("load")


def rounds(
    table: dict[str, Worker],
    repeats: int,
    arguments: Sequence[Any] = (),
    warmup: int = 1,
    meter: Callable[[], float] | None = None,
) -> Iterator[dict[str, Any]]:
    """Measure every worker once a round, each round beginning with another; the first `warmup` rounds are not told.

    Yields what measure(*arguments) returned, with "round" (from 1 on), "contender", and with a `meter` "meter":
    the mean of its values right before and after.
    """
    names = list(table)
    for number in range(1 - warmup, repeats + 1):
        for name in turned(names, number):
            before = _rested(meter) if meter else None
            result = _rested(lambda name=name: table[name].call("measure", *arguments))
            after = _rested(meter) if meter else None
            if number > 0:
                values = {"round": number, "contender": name, **result}
                yield values | ({"meter": (before + after) / 2} if meter else {})
        print(f"round {number} of {repeats}" if number > 0 else "warm-up", file=sys.stderr, flush=True)


def turned(names: list[str], number: int) -> list[str]:
    """The names in the order of a round: each round begins with another."""
    first = number % len(names)
    return names[first:] + names[:first]


def _rested(function: Callable[[], Any]) -> Any:
    time.sleep(PAUSE_S)
    return function()


# ---- memory of a process -------------------------------------------------------------------------------------


def reset_peak_rss() -> None:
    """Start peak_rss() of this process anew (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_rss() -> int:
    """The most resident memory of this process, in bytes. (ru_maxrss would begin with that of the parent.)"""
    return memory_of("self", "VmHWM")


def rss() -> int:
    """The resident memory of this process now, in bytes."""
    return memory_of("self", "VmRSS")


def lacking(contender: Any) -> str | None:
    """What memory `contender` needs and what is free, in words; None where it suffices."""
    needed, free = contender.memory(), host.available_memory()
    return f"{needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free" if free is not None and needed > free else None


def memory_of(process: int | str, name: str) -> int:
    """A size of a process, in bytes, by its name in /proc/<process>/status (Linux); 0 where the process is ending."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)


# ---- figures of a table --------------------------------------------------------------------------------------


def spread(values: Iterable[float], form: str = "{:.1f}") -> str:
    """ "median (min to max)"."""
    values = list(values)
    median, least, most = (form.format(value) for value in (statistics.median(values), min(values), max(values)))
    return f"{median} ({least} to {most})"


def times_as_fast(runs: pandas.DataFrame, ours: str, theirs: str, column: str) -> list[float]:
    """theirs / ours of a column of times, round by round: above 1 where ours is the faster one."""
    by_round = runs.pivot(index="round", columns="contender", values=column)
    return (by_round[theirs] / by_round[ours]).tolist()


def ratios(runs: pandas.DataFrame, by: str, ours: str, called: str) -> pandas.DataFrame:
    """How many times as fast `ours` is as each other, for each value of the column `by`; called: a heading."""
    rows = [
        {by: str(value), called: f"{ours} against {name}",
         "ratio": spread(times_as_fast(group, ours, name, "seconds"), "{:.2f}")}
        for value, group in runs.groupby(by)
        if ours in set(group.contender)
        for name in group.contender.unique()
        if name != ours
    ]  # fmt: skip
    return pandas.DataFrame(rows, columns=[by, called, "ratio"])


# ---- the result files ----------------------------------------------------------------------------------------


def environment(threads: int) -> dict[str, str]:
    """What figures need beside them."""
    found = host.describe()
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit(),
        "cpu": found["cpu"],
        "cores": str(found["cpu_cores"]),
        "threads": str(threads),
        "governor": found["cpu_governor"],
        "memory": f"{found['memory_bytes'] / 2**30:.1f} GiB",
        "system": found["system"],
        "python": found["python"],
        **{name.replace("_", "-"): version(name) for name in PACKAGES},
    }


def commit() -> str:
    """This repository's commit, and whether it is changed beside the results of benchmarks."""
    changed = _git("status", "--porcelain", "--", ".", ":!benchmarks/results")
    return _git("rev-parse", "--short=12", "HEAD") + (", with changes" if changed else "")


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"  # an unpacked archive
    return done.stdout.strip()


def copy_tracked(copy: Path, project: Path = ROOT) -> None:
    """The files of a checkout that git tracks, as they are now."""
    listed = subprocess.run(["git", "-C", project, "ls-files", "-z"], stdout=subprocess.PIPE, check=True)
    for name in listed.stdout.decode().strip("\0").split("\0"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(project / name, copy / name)


def version(package: str) -> str:
    """The version of an installed package, or "not installed"."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def needs(package: str) -> None:
    """Raise UserError where a peer is not installed."""
    if version(package) == "not installed":
        raise UserError(f"{package}: not installed; run: make peers")


def prose(doc: str | None) -> list[str]:
    """The paragraphs of a benchmark's docstring but the first one, each in a line."""
    assert doc is not None
    return [" ".join(part.split()) for part in doc.split("\n\n")[1:]]


def markdown(rows: pandas.DataFrame) -> str:
    return rows.to_markdown(index=False, disable_numparse=True, colalign=_alignment(rows))


def _alignment(rows: pandas.DataFrame) -> list[str]:
    return ["left", *["right"] * (len(rows.columns) - 1)]


def write_results(
    folder: Path, name: str, runs: pandas.DataFrame, parts: Sequence[str], about: dict[str, str]
) -> None:
    """Write every run to folder/<name>.csv, and `parts`, then the environment `about`, to folder/<name>.md.

    The latter is printed too.
    """
    rows = pandas.DataFrame(about.items(), columns=["environment", ""])
    text = "\n\n".join([*parts, rows.to_markdown(index=False, colalign=["left", "left"], disable_numparse=True)])
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / f"{name}.csv", runs.to_csv(index=False))
    write_text(folder / f"{name}.md", text + "\n")
    print(text)
