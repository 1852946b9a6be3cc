"""Times of the commands of docs/running.md, in a fresh clone: python benchmarks/first_run.py [--skip-tests]

Clones this repository's HEAD into an empty directory and runs, in order: make ceval (with the downloads), then on
the ready .venv with results/ removed snakemake --cores 1 results/ceval, everything, the report, everything again with
nothing changed (5 times, the median), make test and make test-all. Prints a Markdown table of wall-clock seconds.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def seconds(project: Path, *command: str) -> float:
    path = f"{project / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path}
    start = time.perf_counter()
    with open(project / "first_run.log", "ab") as log:
        subprocess.run(command, cwd=project, env=environment, check=True, stdout=log, stderr=log)
    return time.perf_counter() - start


def forget(project: Path) -> None:
    for name in ("results", ".snakemake"):
        shutil.rmtree(project / name, ignore_errors=True)


def main() -> None:
    project = Path(tempfile.mkdtemp(prefix="first-run-")) / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(project)], check=True)
    print(f"| command, {os.cpu_count()} cores | seconds |\n|---|---|")
    show("make ceval, from an empty folder", seconds(project, "make", "ceval"))
    forget(project)
    show("snakemake --cores 1 results/ceval", seconds(project, "snakemake", "--cores", "1", "results/ceval"))
    forget(project)
    show("snakemake (everything)", seconds(project, "snakemake"))
    show("snakemake --report results/report.html", seconds(project, "snakemake", "--report", "results/report.html"))
    again = [seconds(project, "snakemake") for _ in range(5)]
    show("snakemake again, nothing changed (median of 5)", statistics.median(again))
    if "--skip-tests" not in sys.argv:
        show("what the tests need, installed", seconds(project, "make", ".venv/ready-dev", ".torch-npu/ready"))
        for target in ("test", "test-all"):
            show(f"make {target}", seconds(project, "make", target))
    print(f"\nlog: {project / 'first_run.log'}", file=sys.stderr)


def show(what: str, value: float) -> None:
    print(f"| {what} | {value:.1f} |", flush=True)


if __name__ == "__main__":
    main()
