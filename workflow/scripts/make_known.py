"""Make a checkpoint of a published size that computes the demo's function, so that all its answers are known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.model.known import make


def main(
    name: Annotated[str, typer.Option(help="Which, as model.source has it.")],
    demo: Annotated[Path, typer.Option(help="Directory of the demo model that it computes.")],
    into: Annotated[Path, typer.Option(help="Directory for the files.")],
    listing: Annotated[Path, typer.Option(help="JSON written when all are there.")],
) -> None:
    """Write config, tokenizer and weights."""
    make(name, demo, into, listing)


if __name__ == "__main__":
    cli.run(main)
