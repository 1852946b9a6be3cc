"""Write how a W8A8 artefact was made as a recipe of ModelSlim V1; no model is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.quantization.modelslim_recipe import export_recipe


def main(
    quant: Annotated[Path, typer.Option(help="The W8A8 artefact.")],
    prompts: Annotated[Path, typer.Option(help="What it was calibrated on.")],
    out: Annotated[Path, typer.Option(help="Directory of the export; replaced as a whole.")],
    name: Annotated[str, typer.Option(help="The recipe's id.")],
    calibration: Annotated[
        Path | None, typer.Option(help="What calibrate.py wrote, where it was made by it.")
    ] = None,
) -> None:
    """Publish the recipe of QUANT as OUT."""
    export_recipe(quant, out, prompts, name, calibration)


if __name__ == "__main__":
    cli.run(main)
