"""Measure the speed cases as a client of a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.engine import options
from baichuan2.engine.options import Settings
from baichuan2.integrity import write_sealed
from baichuan2.servers.server import open_server
from baichuan2.speed import options as measuring
from baichuan2.speed.cases import plan
from baichuan2.speed.measurement import measure_cases
from baichuan2.speed.served import Timed, time_run

MODES = {"detail": "stream"}  # how perf.mode asks a server


def main(
    tokenizer: options.TokenizerFolder,
    out: Annotated[Path, typer.Option(help="Record (json) of the round to publish.")],
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
    engine: options.Engine = Settings(),
) -> None:
    """Measure time to first token, time per output token and the rest for every case, in one round."""
    with open_server(engine, tokenizer) as server:
        cases = plan(json.loads(batch_sizes), server.max_seq_len, min_len_exp, max_len_exp, json.loads(case_pair))
        run = {key: server.environment()[key] for key in ("precision", "dtype", "device")}
        way = MODES.get(mode, mode)
        measured = measure_cases(
            Timed(server), time_run, cases, way, warmup, repeats, seed, run, number, max_spread, again, alone=False
        )
        write_sealed(out, measured)


if __name__ == "__main__":
    cli.run(main)
