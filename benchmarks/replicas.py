"""An exam shared by 1, 2 and 4 replicas on this host's CPUs: python benchmarks/replicas.py [--exam DIR] [--repeats N]

Every replica is score_ceval.py in a process of its own, with one thread; one replica is also given all CPUs. Those of
a case start together; each round has every case once. questions/s are of the answering, up to the last replica's end,
and of the whole, with start and loading. An error ends it if merged records are not one replica's to the byte.
Without --exam the demo's is asked; the model is the demo's, so the answers are no result of C-Eval's.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import pandas
import typer

import harness
from baichuan2.ceval.records import read_records
from baichuan2.ceval.sharing import merge
from baichuan2.model.directory import link_model

CASES = ((1, 1), (2, 1), (4, 1), (1, os.cpu_count() or 1))  # replicas, threads of each
SCRIPT = harness.ROOT / "workflow" / "scripts" / "score_ceval.py"


def main(
    exam: Annotated[Path, typer.Option(help="Folder with dev/ and val/.")] = harness.ROOT / "resources/demo/exam",
    repeats: Annotated[int, typer.Option(help="Rounds.")] = 5,
    out: harness.Out = harness.RESULTS,
) -> None:
    """Measure questions per second with 1, 2 and 4 replicas."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        link_model(harness.ROOT / "resources/demo/model", model)
        for number in range(repeats + 1):  # the first is a warm-up
            found = [_measure(model, exam, *case, Path(folder)) for case in CASES]
            if any(result["records"] != found[0]["records"] for result in found):
                raise SystemExit("error: replicas gave other records than one")
            rows += [{"round": number, **{k: v for k, v in one.items() if k != "records"}} for one in found if number]
            print(f"round {number} of {repeats}", file=sys.stderr, flush=True)
    runs = pandas.DataFrame(rows)
    name = "the demo exam" if exam.is_relative_to(harness.ROOT) else exam.name
    notes = f"{runs['questions'][0]} questions of {name}, demo model; "
    notes += f"median (least to most) of {repeats} rounds. Records equal to the byte in every round."
    harness.write_results(
        out, "replicas", runs, [notes, harness.markdown(_table(runs))], harness.environment(os.cpu_count() or 1)
    )


def _measure(model: Path, exam: Path, count: int, threads: int, folder: Path) -> dict:
    outs = [folder / f"{number}-of-{count}.jsonl" for number in range(1, count + 1)]
    start = time.perf_counter()
    running = [subprocess.Popen(_command(model, exam, k, count, threads, out)) for k, out in enumerate(outs, 1)]
    if any([process.wait() for process in running]):
        raise SystemExit("error: a replica failed; see its lines above")
    whole = time.perf_counter() - start
    header, records = merge(outs) if count > 1 else read_records(outs[0])
    return {
        "replicas": count,
        "threads each": threads,
        "questions": len(records),
        "answering_s": header["seconds"],
        "whole_s": whole,
        "records": records,
    }


def _command(model: Path, exam: Path, number: int, count: int, threads: int, out: Path) -> list[str]:
    options = {
        "model": model, "exam": exam, "subjects": harness.ROOT / "resources/ceval_subjects.csv", "out": out,
        "protocol": "official", "engine": f"device=cpu,dtype=float32,threads={threads}",
        "share": f"{number}-of-{count}",
    }  # fmt: skip
    return [
        sys.executable,
        str(SCRIPT),
        *(str(word) for name, value in options.items() for word in (f"--{name}", value)),
    ]


def _table(runs: pandas.DataFrame) -> pandas.DataFrame:
    rows = []
    for (threads, count), of_count in runs.groupby(["threads each", "replicas"]):
        row = {"replicas": count, "threads each": threads}
        for name, column in (("answering", "answering_s"), ("whole", "whole_s")):
            row[f"questions/s, {name}"] = harness.spread(of_count["questions"] / of_count[column])
        rows.append(row)
    return pandas.DataFrame(rows)


if __name__ == "__main__":
    typer.run(main)
