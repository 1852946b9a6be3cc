"""How snakemake's own work grows with a sweep: python benchmarks/dry_run.py [--project CHECKOUT ...]

Dry runs of `snakemake sweep` in copies of each project's tracked files, with as many runs of the demo, each of
weights and settings of its own, as come to so many jobs. Timed from the start of Python to its end; memory is the
process's peak. start: of one job's own snakemake on a cluster, which reads the sheet again, as a dry run.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import harness

EACH = 5  # jobs of a run: quantize, C-Eval, speed, and the tables of both
MODULES = [f"model.layers.{k}.mlp.{name}_proj" for k in range(4) for name in ("gate", "up", "down")]  # the demo's
RECORD = re.compile(r"results/shared/ceval_quant-\w+/records/ceval_quant\.jsonl")


def copied(project: Path, copy: Path, runs: int) -> None:
    """Copy the project, with runs of which no two have the same linears in float, or slots of the KV cache."""
    harness.copy_tracked(copy, project)
    with open(copy / "config" / "runs.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("name", "precision", "quantize.rollback", "engine.max_seq_len"))
        for run in range(1, runs + 1):
            floats = [name for bit, name in enumerate(MODULES) if run >> bit & 1]
            rows.writerow((f"run-{run}", "quant", f"[{', '.join(floats)}]", 1024 + run))


def timed(copy: Path, *arguments: str) -> tuple[float, float, str]:
    """Seconds, peak MiB, and what was printed."""
    command = [sys.executable, "-m", "snakemake", "-n", *arguments]
    start = time.perf_counter()
    with open(copy / "printed", "w+") as printed:
        process = subprocess.Popen(command, cwd=copy, stdout=printed, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    seconds, text = time.perf_counter() - start, (copy / "printed").read_text()
    if status:
        sys.exit(f"error: snakemake {' '.join(arguments)} failed: {text[-1000:]}")
    return seconds, usage.ru_maxrss / 1024, text


parser = argparse.ArgumentParser()
parser.add_argument("--project", type=Path, action="append", help="a checkout; repeat it to compare several")
parser.add_argument("--jobs", type=int, nargs="+", default=[1000, 10000], help="about as many")
parser.add_argument("--repeats", type=int, default=3)
asked = parser.parse_args()
print("| round | project | jobs | seconds | peak, MiB | start, seconds |\n|---|---|---|---|---|---|", flush=True)
for number in range(1, asked.repeats + 1):
    for jobs in asked.jobs:
        for project in asked.project or [harness.ROOT]:
            with tempfile.TemporaryDirectory(prefix="dry-run-") as folder:
                copied(project, Path(folder), max(1, jobs // EACH))
                seconds, peak, text = timed(Path(folder), "sweep")
                start, _, _ = timed(Path(folder), "--mode", "remote", RECORD.search(text)[0])
            count = re.search(r"^total +(\d+)$", text, re.MULTILINE)[1]
            print(f"| {number} | {project} | {count} | {seconds:.1f} | {peak:.0f} | {start:.1f} |", flush=True)
