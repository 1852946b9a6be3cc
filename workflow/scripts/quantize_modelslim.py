"""Quantize a float model to W8A8 with ModelSlim, by the guide's parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2.cli import run
from baichuan2.quantization import options
from baichuan2.quantization.modelslim import ModelSlimParameters, quantize
from baichuan2.quantization.prompts import read_prompts


def main(
    model: Annotated[Path, typer.Option(help="the float model's directory")],
    out: Annotated[Path, typer.Option(help="the directory to publish")],
    calibration: Annotated[Path, typer.Option(help="prompts, .jsonl or one a line")],
    w_bit: int = 8,
    act_method: options.ActMethod = 3,
    pr: float = 1.0,
    mm_tensor: options.MmTensor = False,
    disable_level: options.DisableLevel = "L0",
    disable_names: options.DisableNames = "[]",
    rollback: options.Rollback = "[]",
    chosen: options.Chosen = None,
    anti_outlier: Annotated[str | None, typer.Option(help="m1 to m6")] = None,
    seed: int = 0,
    threads: options.Threads = None,
) -> None:
    """Publish the W8A8 artefact of MODEL as OUT."""
    import torch  # here, since baichuan2.cli must come before it to explain an import that fails

    if threads:
        torch.set_num_threads(threads)
    params = ModelSlimParameters(
        w_bit=w_bit,
        act_method=act_method,
        pr=pr,
        mm_tensor=mm_tensor,
        disable_level=disable_level,
        rollback=options.rollback_list(rollback, chosen),
        disable_names=options.json_list("disable_names", disable_names),
        anti_outlier=anti_outlier,
        seed=seed,
    )
    with options.timed(out):
        options.tell(out, quantize(model, out, params, read_prompts(calibration), source=str(calibration)))


if __name__ == "__main__":
    run(main)
