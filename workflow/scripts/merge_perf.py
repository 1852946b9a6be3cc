"""Make one measurement of the rounds in which the speed was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.integrity import write_sealed
from baichuan2.speed.rounds import merge, read_round


def main(
    rounds: Annotated[list[Path], typer.Option("--round", help="Record (json) of a round; repeat the option.")],
    out: Annotated[Path, typer.Option(help="Measurement (json) to publish.")],
) -> None:
    """Merge the rounds of a measurement, with the statistics of their times."""
    write_sealed(out, merge({str(path): read_round(path) for path in rounds}))


if __name__ == "__main__":
    cli.run(main)
