"""Times of the commands of docs/running.md, in a fresh clone: python benchmarks/first_run.py [--skip-tests]

Clones this repository's HEAD into an empty directory and runs, in order: make ceval (with the downloads), then on
the ready .venv with results/ removed snakemake --cores 1 results/ceval, everything, the report, everything again with
nothing changed, make test and make test-all. What is below a minute runs 5 times, for the median; beside it what no
workflow can be quicker than: Snakemake on a workflow of one finished job, and the import of torch. Prints a Markdown
table of wall-clock seconds.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

import harness
from baichuan2 import cli

ONE_JOB = "rule one:\n    output: 'one'\n    params: one=1\n    shell: 'echo {params.one} > {output}'\n"


def seconds(project: Path, *command: str) -> float:
    path = f"{project / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path}
    start = time.perf_counter()
    with open(project / "first_run.log", "ab") as log:
        subprocess.run(command, cwd=project, env=environment, check=True, stdout=log, stderr=log)
    return time.perf_counter() - start


def median(project: Path, *command: str, before: Callable[[Path], None] = lambda _: None) -> float:
    """Of 5 runs, before each of which `before` is called."""
    times = []
    for _ in range(5):
        before(project)
        times.append(seconds(project, *command))
    return statistics.median(times)


def one_job(project: Path) -> Path:
    """A folder beside the project, with a workflow of one job that has run."""
    folder = project.with_name("one_job")
    folder.mkdir()
    (folder / "Snakefile").write_text(ONE_JOB)
    (folder / ".venv").symlink_to(project / ".venv")
    seconds(folder, "snakemake", "--cores", "1")
    return folder


def forget(project: Path) -> None:
    for name in ("results", ".snakemake"):
        shutil.rmtree(project / name, ignore_errors=True)


def main(
    skip_tests: Annotated[bool, typer.Option("--skip-tests", help="Which take most of the time.")] = False,
) -> None:
    """Clone the project, and print a row for each command."""
    project = Path(tempfile.mkdtemp(prefix="first-run-")) / "clone"
    subprocess.run(["git", "clone", "--quiet", str(harness.ROOT), str(project)], check=True)
    print(f"| command, {os.cpu_count()} cores | seconds |\n|---|---|")
    show("make ceval, from an empty folder", seconds(project, "make", "ceval"))
    ceval = ("snakemake", "--cores", "1", "results/ceval")
    show(" ".join(ceval), median(project, *ceval, before=forget))
    forget(project)
    show("snakemake (everything)", seconds(project, "snakemake"))
    show("snakemake --report results/report.html", seconds(project, "snakemake", "--report", "results/report.html"))
    show("snakemake again, nothing changed", median(project, "snakemake"))
    show("the same of a workflow of one job", median(one_job(project), "snakemake", "--cores", "1"))
    show("python -c 'import torch'", median(project, "python", "-c", "import torch"))
    if not skip_tests:
        show("what the tests need, installed", seconds(project, "make", ".venv/ready-dev", ".torch-npu/ready"))
        for target in ("test", "test-all"):
            show(f"make {target}", seconds(project, "make", target))
    print(f"\nlog: {project / 'first_run.log'}", file=sys.stderr)


def show(what: str, value: float) -> None:
    print(f"| {what} | {value:.1f} |", flush=True)


if __name__ == "__main__":
    cli.run(main)
