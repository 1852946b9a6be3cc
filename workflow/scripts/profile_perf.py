"""Trace one prefill and three decode steps of the first speed case, by the device's profiler."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.engine import options
from baichuan2.engine.engine import open_engine
from baichuan2.engine.options import Settings
from baichuan2.speed import options as measuring
from baichuan2.speed.cases import plan
from baichuan2.speed.profiling import profile_case


def main(
    model: Annotated[str, typer.Option(help="Model directory, or random:<shape>.")],
    out: Annotated[Path, typer.Option(help="Directory to publish, replaced as a whole.")],
    quant: Annotated[
        Path | None, typer.Option(help="W8A8 artefact; any value means W8A8 for random weights.")
    ] = None,
    batch_sizes: measuring.BatchSizes = "[1]",
    min_len_exp: measuring.MinLenExp = 5,
    max_len_exp: measuring.MaxLenExp = 10,
    case_pair: measuring.CasePair = "null",
    seed: measuring.Seed = 0,
    parts: options.Parts = None,
    engine: options.Engine = Settings(),
) -> None:
    """Publish the trace as OUT."""
    with open_engine(engine, model, quant, parts) as opened:
        cases = plan(json.loads(batch_sizes), opened.max_seq_len, min_len_exp, max_len_exp, json.loads(case_pair))
        profile_case(opened, cases, seed, out)


if __name__ == "__main__":
    cli.run(main)
