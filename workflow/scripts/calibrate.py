"""Run calibration prompts through the float model, one layer in memory at a time, and write what its linears read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2.cli import run
from baichuan2.quantization import options
from baichuan2.quantization.calibration import calibrate
from baichuan2.quantization.prompts import encode_file
from baichuan2.quantization.streaming import open_streamed


def main(
    model: Annotated[Path, typer.Option(help="the float model's directory")],
    prompts: Annotated[Path, typer.Option(help=".jsonl, or one a line")],
    out: Annotated[Path, typer.Option(help="the calibration (json) to publish")],
    smooth: Annotated[bool, typer.Option(help="search a smoothing of every group of linears")] = False,
    device: options.Device = "cpu",
    threads: options.Threads = None,
) -> None:
    """Publish the calibration of MODEL as OUT."""
    samples = encode_file(model, prompts)
    with options.timed(out):
        with open_streamed(model, device, threads, wide=True) as streamed:
            calibration = calibrate(streamed, samples, smooth)
        calibration.write(out)


if __name__ == "__main__":
    run(main)
