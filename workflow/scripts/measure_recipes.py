"""Measure what is lost by each known way of choosing what stays in float, and by this run's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2.cli import run
from baichuan2.integrity import write_sealed
from baichuan2.quantization import options, recipes
from baichuan2.quantization.calibration import Calibration
from baichuan2.quantization.parameters import StreamingParameters
from baichuan2.quantization.prompts import encode_file
from baichuan2.quantization.quantizing import int8_linear
from baichuan2.quantization.rollback import left_in_float
from baichuan2.quantization.streaming import open_streamed


def main(
    model: Annotated[Path, typer.Option(help="the float model's directory")],
    calibration: Annotated[Path, typer.Option(help="what calibrate.py wrote of it")],
    prompts: Annotated[Path, typer.Option(help="what KL is measured on: .jsonl, or one a line")],
    chosen: Annotated[Path, typer.Option(help="what rollback: auto chooses")],
    out: Annotated[Path, typer.Option(help="the measurement (json) to publish")],
    quantize: options.Streaming = StreamingParameters(),
    device: options.Device = "cpu",
    threads: options.Threads = None,
) -> None:
    """Publish the comparison of recipes for MODEL as OUT."""
    samples, ranges = encode_file(model, prompts), Calibration.read(calibration)
    entries, auto = [*quantize.rollback, *quantize.disable_names], options.with_chosen(quantize, chosen).rollback
    with options.timed(out):
        with open_streamed(model, device, threads) as streamed:
            ranges.check_model(streamed.identity)
            own = left_in_float(entries, streamed.config, ranges, quantize.disable_level)
            named = recipes.recipes(streamed.config, ranges, own, auto)
            rows = recipes.measure(streamed, int8_linear(ranges, quantize, streamed.device), samples, named)
        record = {"scheme": quantize.scheme, "prompts": len(samples), "tokens": ranges.tokens, "recipes": rows}
        write_sealed(out, record)


if __name__ == "__main__":
    run(main)
