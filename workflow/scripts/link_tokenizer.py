"""Copy the tokenizer of the published model, for a model that a server has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.model.directory import link_tokenizer


def main(
    source: Annotated[Path, typer.Option(help="Directory of the published model; its weights may be missing.")],
    out: Annotated[Path, typer.Option(help="Directory to fill.")],
) -> None:
    """Copy a model's tokenizer and what its settings add."""
    link_tokenizer(source, out)


if __name__ == "__main__":
    cli.run(main)
