"""Measure the speed cases with the model, or with random weights of a named shape; on one rank or several."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli, host
from baichuan2.engine import options
from baichuan2.engine.engine import open_engine
from baichuan2.engine.options import Settings
from baichuan2.integrity import write_sealed
from baichuan2.speed import options as measuring
from baichuan2.speed.cases import plan
from baichuan2.speed.load import complaints
from baichuan2.speed.measurement import measure_cases
from baichuan2.speed.timing import time_run

log = logging.getLogger(__name__)


def main(
    model: Annotated[str, typer.Option(help="Model directory, or random:<shape>.")],
    out: Annotated[Path, typer.Option(help="Record (json) of the round to publish.")],
    quant: Annotated[
        Path | None, typer.Option(help="W8A8 artefact; any value means W8A8 for random weights.")
    ] = None,
    mode: measuring.Mode = "detail",
    batch_sizes: measuring.BatchSizes = "[1]",
    min_len_exp: measuring.MinLenExp = 5,
    max_len_exp: measuring.MaxLenExp = 10,
    case_pair: measuring.CasePair = "null",
    warmup: measuring.Warmup = 1,
    repeats: measuring.Repeats = 2,
    seed: measuring.Seed = 0,
    number: measuring.Round = 1,
    max_spread: measuring.MaxSpread = 0.1,
    again: measuring.Again = 2,
    parts: options.Parts = None,
    engine: options.Engine = Settings(),
) -> None:
    """Measure time to first token, time per output token and the rest for every case, in one round."""
    with open_engine(engine, model, quant, parts) as opened:
        cases = plan(json.loads(batch_sizes), opened.max_seq_len, min_len_exp, max_len_exp, json.loads(case_pair))
        if opened.rank == 0:
            host.advise_governor()
        environment = opened.environment()
        run = {
            "precision": opened.precision,
            "dtype": environment["dtype"],
            "device": environment["device"],
        }
        if model.startswith("random:"):  # a model of files gets its name with the tables
            run |= {"model": model, "model_name": model.removeprefix("random:")}
        measured = measure_cases(opened, time_run, cases, mode, warmup, repeats, seed, run, number, max_spread, again)
        if opened.rank == 0:
            write_sealed(out, measured)
            if phrases := [text.format(**fields) for text, fields in complaints(measured["load"])]:
                log.warning("the host was busy, so times are slower and less even: %s", ", ".join(phrases))


if __name__ == "__main__":
    cli.run(main)
