"""Quantize a float model to W8A8, tensor by tensor; no model is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2.cli import run
from baichuan2.quantization import options
from baichuan2.quantization.calibration import Calibration
from baichuan2.quantization.parameters import StreamingParameters
from baichuan2.quantization.quantizing import quantize as make_artefact


def main(
    model: Annotated[Path, typer.Option(help="the float model's directory")],
    out: Annotated[Path, typer.Option(help="the directory to publish")],
    calibration: Annotated[Path | None, typer.Option(help="what calibrate.py wrote of it")] = None,
    quantize: options.Streaming = StreamingParameters(),
    chosen: options.Chosen = None,
    guide_arrays: options.GuideArrays = False,
) -> None:
    """Publish the W8A8 artefact of MODEL as OUT."""
    params = options.with_chosen(quantize, chosen)
    with options.timed(out):
        ranges = calibration and Calibration.read(calibration)
        options.tell(out, make_artefact(model, out, params, ranges, guide_arrays))


if __name__ == "__main__":
    run(main)
