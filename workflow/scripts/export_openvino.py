"""Write a linked model as OpenVINO GenAI reads it; no model is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli


def main(
    model: Annotated[Path, typer.Option(help="The linked model, patched.")],
    out: Annotated[Path, typer.Option(help="Directory of the export; replaced as a whole.")],
    kind: Annotated[str, typer.Option(help="int8 or float: of the weights.")],
) -> None:
    """Publish MODEL as OUT."""
    from baichuan2.w8a8.openvino_ir import export_openvino  # says in one line what is not installed

    export_openvino(model, out, kind)


if __name__ == "__main__":
    cli.run(main)
