"""Loading a model on a CPU: seconds, and memory beside what is promised: python benchmarks/loading.py

A process of its own loads each model and takes a prompt as long as the cache. Memory is the peak of RssAnon, read
every two milliseconds from outside: memory-mapped files are no part of it. The promise is that of `snakemake check`.
Weights are random numbers of a shape, whose making is part of the seconds, or those of --model and --quant.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import pandas
import typer

import harness
from baichuan2 import cli, devices
from baichuan2.model.directory import read_model
from baichuan2.model.sizes import named_shape
from baichuan2.ranks.memory import needs_of

INTERVAL_S = 0.002
SHAPES, DTYPES = ["random:baichuan2-1b"], ["auto"]
CHILD = """
import json, sys, time
from pathlib import Path
from baichuan2.engine.engine import open_engine
from baichuan2.engine.options import Settings
model, quant, dtype, length = json.loads(sys.argv[1])
random = model.startswith("random:")
began, cpu = time.perf_counter(), time.process_time()
with open_engine(Settings("cpu", dtype, length), model if random else Path(model), quant and Path(quant)) as engine:
    print(json.dumps({"load s": time.perf_counter() - began, "CPU s": time.process_time() - cpu}), flush=True)
    engine.generate([[7] * (length - 2)], 2, stop_ids=())
"""


def measure(model: str, quant: str | None, dtype: str, length: int) -> dict[str, Any]:
    """A row of the table."""
    random = model.startswith("random:")
    config = named_shape(model) if random else read_model(Path(model))
    computed = config.dtype if dtype == "auto" else dtype
    dtypes, head = (computed, devices.cache_dtype("cpu", computed)), devices.head("cpu", "auto")
    needs = needs_of(model, config, 1, length, dtypes, head=head, on_cpu=True, random=random)
    environment = {**os.environ, "PYTHONPATH": str(harness.ROOT / "workflow" / "scripts")}
    command = [sys.executable, "-c", CHILD, json.dumps([model, quant, dtype, length])]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, harness.memory_of(process.pid, "RssAnon"))
            time.sleep(INTERVAL_S)
        assert process.stdout is not None
        times = json.loads(process.stdout.read())
    promised = needs[1 if quant else 0].total
    form = "W8A8" if quant else "float"
    sizes = {"peak MiB": peak / 2**20, "promised MiB": promised / 2**20}
    return {"model": Path(model).name, "form": form, "dtype": computed, "tokens": length, **times, **sizes}


def main(
    shape: Annotated[list[str], typer.Option(help="random:<shape>; several times for several.")] = SHAPES,
    model: Annotated[Path | None, typer.Option(help="A linked model to load, too.")] = None,
    quant: Annotated[Path | None, typer.Option(help="Its artefact, to load as well.")] = None,
    dtype: Annotated[list[str], typer.Option(help="engine.dtype; several times for several.")] = DTYPES,
    length: Annotated[int, typer.Option(help="engine.max_seq_len.")] = 512,
    out: Annotated[Path, typer.Option(help="Folder of loading.csv and loading.md.")] = harness.RESULTS,
) -> None:
    """Print and write the table."""
    models = [(name, form) for name in shape for form in (None, "random")]
    models += [(str(model), form) for form in (None, *([str(quant)] if quant else []))] if model else []
    runs = pandas.DataFrame([measure(*of, kind, length) for kind in dtype for of in models])
    shown = runs.round({"load s": 1, "CPU s": 1, "peak MiB": 0, "promised MiB": 0}).astype(str)
    harness.write_results(out, "loading", runs, [harness.markdown(shown)], harness.environment(0))


if __name__ == "__main__":
    cli.run(main)
