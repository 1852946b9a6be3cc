"""Cut the float weights of a model, or a W8A8 artefact of it, for tensor parallelism, by one table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.ranks.cutting import CLOSING_LINE, cut_quant, cut_weights


def main(
    model: Annotated[Path, typer.Option(help="Model directory.")],
    out: Annotated[Path, typer.Option(help="Directory of the parts, one a rank; replaced as a whole.")],
    world_size: Annotated[int, typer.Option(help="Number of ranks.")],
    quant: Annotated[Path | None, typer.Option(help="W8A8 artefact of that model, to be cut instead.")] = None,
) -> None:
    """Write the parts, one a rank, and check that they make the original again."""
    if quant is None:
        cut_weights(model, out, world_size)
    else:
        cut_quant(model, quant, out, world_size)
    print(CLOSING_LINE)


if __name__ == "__main__":
    cli.run(main)
