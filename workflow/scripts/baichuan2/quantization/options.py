"""Command-line options of the steps that quantize, and what these steps log. Torch-free."""

from __future__ import annotations

import logging
import resource
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from baichuan2 import cli
from baichuan2.integrity import read_sealed
from baichuan2.quantization.parameters import ModelSlimParameters, StreamingParameters

log = logging.getLogger(__name__)


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
