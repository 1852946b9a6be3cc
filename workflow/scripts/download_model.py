"""Fetch a model from a hub (hf:org/name[@revision], modelscope:org/name[@revision])."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.model.source import Source, download


def main(
    source: Annotated[str, typer.Option(help="hf:org/name[@revision] or modelscope:org/name[@revision].")],
    into: Annotated[Path, typer.Option(help="Directory for the files; what is there already is kept.")],
    listing: Annotated[Path, typer.Option(help="JSON written when everything has arrived.")],
) -> None:
    """Download weights and small files, resuming what an earlier try left."""
    download(Source.parse(source), into, listing)


if __name__ == "__main__":
    cli.run(main)
