"""Write a linked model as a GGUF file for llama.cpp; no model is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.model.llama_cpp import export_gguf


def main(
    model: Annotated[Path, typer.Option(help="The linked model.")],
    out: Annotated[Path, typer.Option(help="Directory of the export; replaced as a whole.")],
    kind: Annotated[str, typer.Option(help="f16 or q8_0.")],
) -> None:
    """Publish MODEL as OUT."""
    export_gguf(model, out, kind)


if __name__ == "__main__":
    cli.run(main)
