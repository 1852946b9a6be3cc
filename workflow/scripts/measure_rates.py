"""Measure a server under load: engine.server, or this workflow's own, which a command starts for it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.engine import options
from baichuan2.engine.options import Settings
from baichuan2.integrity import write_sealed
from baichuan2.servers.server import open_server
from baichuan2.servers.started import started
from baichuan2.serving.options import API_KEY
from baichuan2.speed import options as measuring
from baichuan2.speed.arrivals import measure_rates
from baichuan2.speed.cases import plan
from baichuan2.speed.served import Timed


def main(
    tokenizer: options.TokenizerFolder,
    out: Annotated[Path, typer.Option(help="Record (json) to publish.")],
    rates: Annotated[str, typer.Option(help="JSON list of requests a second, of which inf is all at once.")],
    requests: Annotated[int, typer.Option(help="How many at each rate.")],
    min_len_exp: measuring.MinLenExp = 5,
    max_len_exp: measuring.MaxLenExp = 10,
    case_pair: measuring.CasePair = "null",
    seed: measuring.Seed = 0,
    engine: options.Engine = Settings(),
    command: Annotated[
        list[str] | None, typer.Argument(help="What starts a server, behind --, instead of engine.server.")
    ] = None,
) -> None:
    """Time the answers to requests that arrive at each rate."""
    with served_by(engine, command) as settings, open_server(settings, tokenizer) as server:
        cases = plan([1], server.max_seq_len, min_len_exp, max_len_exp, json.loads(case_pair))
        write_sealed(out, measure_rates(Timed(server), cases, json.loads(rates), requests, seed))


@contextmanager
def served_by(engine: Settings, command: list[str] | None) -> Iterator[Settings]:
    """The settings with the address of the server that `command` starts; without one, as they are."""
    if not command:
        yield engine
        return
    keyless = {name: value for name, value in os.environ.items() if name != API_KEY}
    with started(command, keyless) as address:
        yield replace(engine, server=address)


if __name__ == "__main__":
    cli.run(main)
