"""Quantize a float model to W8A8 with ModelSlim, by the guide's parameters."""

from __future__ import annotations

import json
import logging
import resource
import time
from pathlib import Path
from typing import Annotated

import typer

from baichuan2.cli import run
from baichuan2.errors import UserError
from baichuan2.quantization.modelslim import ModelSlimParameters, quantize
from baichuan2.quantization.prompts import read_prompts

log = logging.getLogger("quantize")


def main(
    model: Annotated[Path, typer.Option(help="the float model's directory")],
    out: Annotated[Path, typer.Option(help="the directory to publish")],
    calibration: Annotated[Path, typer.Option(help="prompts, .jsonl or one a line")],
    rollback: Annotated[str, typer.Option(help="JSON list: what stays in float")] = "[]",
    w_bit: int = 8,
    act_method: int = 3,
    pr: float = 1.0,
    mm_tensor: bool = False,
    disable_level: str = "L0",
    disable_names: Annotated[str, typer.Option(help="JSON list: more that stays in float")] = "[]",
    anti_outlier: Annotated[str | None, typer.Option(help="m1 to m6")] = None,
    seed: int = 0,
    threads: Annotated[int, typer.Option(help="0: as many as torch likes")] = 0,
) -> None:
    """Publish the W8A8 artefact of MODEL as OUT."""
    import torch  # here, since baichuan2.cli must come before it to explain an import that fails

    started = time.monotonic()
    if threads:
        torch.set_num_threads(threads)
    params = ModelSlimParameters(
        w_bit=w_bit,
        act_method=act_method,
        pr=pr,
        mm_tensor=mm_tensor,
        disable_level=disable_level,
        rollback=_json_list("rollback", rollback),
        disable_names=_json_list("disable_names", disable_names),
        anti_outlier=anti_outlier,
        seed=seed,
    )
    manifest = quantize(model, out, params, read_prompts(calibration), source=str(calibration))
    log.info(
        "%s: %d linears in int8 (%.1f %% of the linears' bytes), %d in float; %.1f s, peak memory %.2f GiB",
        out,
        len(manifest["int8"]),
        100 * manifest["int8_share_of_linear_bytes"],
        len(manifest["float"]),
        time.monotonic() - started,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    )


def _json_list(name: str, text: str) -> tuple:
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = None
    if not isinstance(value, list):
        raise UserError(f"quantize.{name}: {text!r} is not a JSON list; give one such as [0, 1]")
    return tuple(value)


if __name__ == "__main__":
    run(main)
