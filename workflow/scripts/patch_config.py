"""Write config.json, tokenizer_config.json and our modeling files into the model directory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.model.directory import patch_config


def main(
    source: Annotated[Path, typer.Option(help="Directory of the published model.")],
    out: Annotated[Path, typer.Option(help="Model directory to complete.")],
) -> None:
    """Point config.json at the modeling files of this workflow."""
    patch_config(source, out)


if __name__ == "__main__":
    cli.run(main)
