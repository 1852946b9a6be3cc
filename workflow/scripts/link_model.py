"""Check a source directory, then fill the model directory from it: weights linked, or an adapter merged into them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.model.directory import link_model


def main(
    source: Annotated[Path, typer.Option(help="Directory of the published model.")],
    out: Annotated[Path, typer.Option(help="Model directory to fill.")],
    adapter: Annotated[Path | None, typer.Option(help="Folder of a LoRA adapter to merge into the weights.")] = None,
) -> None:
    """Link a model's weights and copy its small files."""
    link_model(source, out, adapter)


if __name__ == "__main__":
    cli.run(main)
