"""Cut the float weights of a model directory for tensor parallelism."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.ranks.collectives import CLOSING_LINE
from baichuan2.ranks.cutting import cut_weights


def main(
    model: Annotated[Path, typer.Option(help="Model directory.")],
    out: Annotated[Path, typer.Option(help="Directory of the parts, one a rank; replaced as a whole.")],
    world_size: Annotated[int, typer.Option(help="Number of ranks.")],
) -> None:
    """Write one model directory a rank, and check that the parts make the original again."""
    cut_weights(model, out, world_size)
    print(CLOSING_LINE)


if __name__ == "__main__":
    cli.run(main)
