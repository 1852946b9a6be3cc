"""Measure what is lost by each known way of choosing what stays in float, and by this run's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2.cli import run
from baichuan2.integrity import write_sealed
from baichuan2.quantization import options, recipes
from baichuan2.quantization.calibration import Calibration
from baichuan2.quantization.prompts import encode_file
from baichuan2.quantization.quantizing import StreamingParameters, int8_linear
from baichuan2.quantization.rollback import left_in_float
from baichuan2.quantization.streaming import open_streamed


def main(
    model: Annotated[Path, typer.Option(help="the float model's directory")],
    calibration: Annotated[Path, typer.Option(help="what calibrate.py wrote of it")],
    prompts: Annotated[Path, typer.Option(help="what KL is measured on: .jsonl, or one a line")],
    chosen: Annotated[Path, typer.Option(help="what rollback: auto chooses")],
    out: Annotated[Path, typer.Option(help="the measurement (json) to publish")],
    scheme: options.Scheme = "static",
    act_method: options.ActMethod = 3,
    mm_tensor: options.MmTensor = False,
    disable_level: options.DisableLevel = "L0",
    disable_names: options.DisableNames = "[]",
    rollback: options.Rollback = "[]",
    device: options.Device = "cpu",
    threads: options.Threads = None,
) -> None:
    """Publish the comparison of recipes for MODEL as OUT."""
    samples, ranges = encode_file(model, prompts), Calibration.read(calibration)
    params = StreamingParameters(scheme=scheme, act_method=act_method, mm_tensor=mm_tensor)
    entries = [*options.json_list("rollback", rollback), *options.json_list("disable_names", disable_names)]
    with options.timed(out), open_streamed(model, device, threads) as streamed:
        ranges.check_model(streamed.identity)
        own = left_in_float(entries, streamed.config, ranges, disable_level)
        named = recipes.recipes(streamed.config, ranges, own, options.rollback_list("[]", chosen))
        int8 = int8_linear(ranges, params, streamed.device)
        rows = recipes.measure(streamed, int8, samples, named)
        write_sealed(out, {"scheme": scheme, "prompts": len(samples), "tokens": ranges.tokens, "recipes": rows})


if __name__ == "__main__":
    run(main)
