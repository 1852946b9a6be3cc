"""Quantize a float model to W8A8 with ModelSlim, by the guide's parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2.cli import run
from baichuan2.quantization import options
from baichuan2.quantization.modelslim import quantize as make_artefact
from baichuan2.quantization.parameters import ModelSlimParameters


def main(
    model: Annotated[Path, typer.Option(help="the float model's directory")],
    out: Annotated[Path, typer.Option(help="the directory to publish")],
    calibration: Annotated[Path, typer.Option(help="prompts, .jsonl or one a line")],
    quantize: options.ModelSlim = ModelSlimParameters(),
    chosen: options.Chosen = None,
    guide_arrays: options.GuideArrays = False,
) -> None:
    """Publish the W8A8 artefact of MODEL as OUT."""
    params = options.with_chosen(quantize, chosen)
    with options.timed(out):
        options.tell(out, make_artefact(model, out, params, calibration, guide_arrays))


if __name__ == "__main__":
    run(main)
