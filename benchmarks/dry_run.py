"""How snakemake's own work grows with a sweep: python benchmarks/dry_run.py

Dry runs of `snakemake sweep` in a copy of this project, of as many checkpoints as come to so many jobs. Each is timed
from the start of Python to its end; memory is the process's peak. Nothing was made before: every job is planned. A
job that goes to a cluster starts a snakemake of its own, which reads the sheet again: timed as a dry run of one job.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import pandas
import typer

import checkpoints
import harness
from baichuan2 import cli
from baichuan2.errors import UserError

# snakemake, which tells its peak memory on its last line.
MEASURED = """
import atexit
from pathlib import Path
from snakemake.cli import main
peak = lambda: next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
atexit.register(lambda: print(peak().split()[1], flush=True))
main()
"""

HOME = re.compile(r"results/shared/ceval-\w+")  # of a job


def main(
    jobs: Annotated[list[int], typer.Option(help="About as many jobs; repeat the option.")] = [10, 100, 1000, 10000],  # noqa: B006
    repeats: Annotated[int, typer.Option(help="Dry runs of each size.")] = 3,
    out: Annotated[Path, typer.Option(help="Folder of the results.")] = harness.RESULTS,
) -> None:
    """Measure every size in turn, and write dry_run.csv and dry_run.md."""
    if min(jobs) < 1 or repeats < 1:
        raise UserError("--jobs, --repeats: at least 1 is needed")
    runs = pandas.DataFrame(
        {"round": number, **measure(size)} for number in range(1, repeats + 1) for size in checkpoints_of(jobs)
    )
    parts = ["# Dry runs of a sweep", harness.markdown(table(runs)), f"Medians over {repeats} rounds. " + _about()]
    harness.write_results(out, "dry_run", runs, parts, harness.environment(1))


def checkpoints_of(jobs: list[int]) -> list[int]:
    """How many checkpoints come nearest to these numbers of jobs, as dry runs of one and of two count them."""
    counts = []
    for size in (1, 2):
        with checkpoints.project(size) as copy:
            counts.append(sum(checkpoints.jobs(copy)[0].values()))
    each = counts[1] - counts[0]
    return [max(1, round((number - counts[0] + each) / each)) for number in jobs]


def measure(size: int) -> dict[str, float]:
    """One dry run of a sweep of `size` checkpoints."""
    with checkpoints.project(size) as copy:
        seconds, said = timed(copy, "sweep")
        job = f"score_shared:home={HOME.search(said)[0]},quant="
        start, _ = timed(copy, "--target-jobs", job, "--allowed-rules", "score_shared", "--mode", "remote")
    jobs = dict(checkpoints.COUNT.findall(said))["total"]
    peak = int(said.splitlines()[-1]) * 1024
    print(f"{jobs} jobs: {seconds:.1f} s, {peak >> 20} MiB; a job: {start:.1f} s", file=sys.stderr, flush=True)
    return {"checkpoints": size, "jobs": int(jobs), "seconds": seconds, "start": start, "peak": peak}


def timed(copy: Path, *arguments: str) -> tuple[float, str]:
    """Seconds of a dry run, and what it printed, its peak memory last."""
    start = time.perf_counter()
    command = [sys.executable, "-c", MEASURED, "-n", *arguments]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    seconds, said = time.perf_counter() - start, done.stderr + done.stdout
    if done.returncode:
        raise UserError(f"snakemake -n {' '.join(arguments)}: failed: {checkpoints.mistake(said)}")
    return seconds, said


def table(runs: pandas.DataFrame) -> pandas.DataFrame:
    """A row for each size."""
    rows = []
    for (jobs, size), group in runs.groupby(["jobs", "checkpoints"]):
        each = [1000 * seconds / jobs for seconds in group.seconds]
        rows.append(
            {
                "jobs": str(jobs),
                "checkpoints": str(size),
                "seconds": harness.spread(group.seconds),
                "ms a job": harness.spread(each),
                "a job's start, s": harness.spread(group.start),
                "peak, MiB": harness.spread([peak / 2**20 for peak in group.peak], "{:.0f}"),
            }
        )
    return pandas.DataFrame(rows)


def _about() -> str:
    return " ".join(__doc__.split("\n\n")[1].split())


if __name__ == "__main__":
    cli.run(main)
