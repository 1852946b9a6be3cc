"""Quantize a float model to W8A8, tensor by tensor; no model is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2.cli import run
from baichuan2.quantization import options
from baichuan2.quantization.calibration import Calibration
from baichuan2.quantization.quantizing import StreamingParameters, quantize


def main(
    model: Annotated[Path, typer.Option(help="the float model's directory")],
    out: Annotated[Path, typer.Option(help="the directory to publish")],
    calibration: Annotated[Path | None, typer.Option(help="what calibrate.py wrote of it")] = None,
    scheme: options.Scheme = "static",
    act_method: options.ActMethod = 3,
    mm_tensor: options.MmTensor = False,
    disable_level: options.DisableLevel = "L0",
    disable_names: options.DisableNames = "[]",
    rollback: options.Rollback = "[]",
    chosen: options.Chosen = None,
) -> None:
    """Publish the W8A8 artefact of MODEL as OUT."""
    params = StreamingParameters(
        scheme=scheme,
        act_method=act_method,
        mm_tensor=mm_tensor,
        disable_level=disable_level,
        rollback=options.rollback_list(rollback, chosen),
        disable_names=options.json_list("disable_names", disable_names),
    )
    with options.timed(out):
        options.tell(out, quantize(model, out, params, calibration and Calibration.read(calibration)))


if __name__ == "__main__":
    run(main)
