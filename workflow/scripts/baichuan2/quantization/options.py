"""What decides a W8A8 artefact, and the command-line options of the steps that quantize. Torch-free."""

from __future__ import annotations

import logging
import resource
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from baichuan2 import cli
from baichuan2.integrity import read_sealed

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rounding:
    """quantize.<name> of config.yaml: how activations and weights become int8.

    scheme: static or dynamic (see w8a8.arithmetic). act_method, of static: 1 the mean over prompts of min and max,
    2 a histogram, 3 one of the two for each layer. mm_tensor: one weight scale a tensor instead of one a channel.
    """

    scheme: str = "static"
    act_method: int = 3
    mm_tensor: bool = False


@dataclass(frozen=True)
class StreamingParameters(Rounding):
    """What decides an artefact: a Rounding, and what stays in float.

    rollback, disable_names: what stays in float: layer numbers, module names or globs (see rollback.py).
    disable_level: "L<n>" leaves in float the n linears of the largest max|x| / std(x), too.
    """

    disable_level: str = "L0"
    rollback: tuple[int | str, ...] = ()
    disable_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelSlimParameters:
    """The guide's parameters, under its names; those of StreamingParameters mean the same here.

    pr: the probability that calibration quantizes an activation; below 1 random (by seed), 1 is the vendor's.
    anti_outlier: smooth activations into the weights first, by ModelSlim's m1 (SmoothQuant), m2 (the vendor's
        recipe: the best of 100 scales, many times as slow), m3 (AWQ), m4 (also o_proj's and down_proj's inputs),
        m5 or m6. All of them leave the float function as it is.
    """

    w_bit: int = 8
    act_method: int = 3
    pr: float = 1.0
    mm_tensor: bool = False
    disable_level: str = "L0"
    rollback: tuple[int | str, ...] = ()
    disable_names: tuple[str, ...] = ()
    anti_outlier: str | None = None
    seed: int = 0


Streaming = Annotated[StreamingParameters, cli.settings(StreamingParameters)]
ModelSlim = Annotated[ModelSlimParameters, cli.settings(ModelSlimParameters)]
Chosen = Annotated[Path | None, typer.Option(help="what rollback: auto chose, instead of quantize's rollback")]
GuideArrays = Annotated[bool, typer.Option(help="write all eight .npy of the static scheme, not fp_bias alone")]
Threads = Annotated[int | None, typer.Option(help="CPU threads")]
Device = Annotated[str, typer.Option(help="cpu, cuda or npu")]

Parameters = TypeVar("Parameters", StreamingParameters, ModelSlimParameters)


def with_chosen(params: Parameters, chosen: Path | None) -> Parameters:
    """The parameters, with the roll-back list of the file `chosen`, if there is one."""
    return params if chosen is None else replace(params, rollback=tuple(read_sealed(chosen)["rollback"]))


def tell(out: Path, manifest: Mapping[str, Any]) -> None:
    """Log what is int8 in the artefact `out`, by its manifest."""
    share = 100 * manifest["int8_share_of_linear_bytes"]
    int8, left = len(manifest["int8"]), len(manifest["float"])
    log.info("%s: %d linears in int8 (%.1f %% of the linears' bytes), %d in float", out, int8, share, left)


@contextmanager
def timed(out: Path) -> Iterator[None]:
    """Log how long it took to make `out`, and how much memory."""
    started = time.monotonic()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    log.info("%s: %.1f s, peak memory %.2f GiB", out, time.monotonic() - started, peak)
