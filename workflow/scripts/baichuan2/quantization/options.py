"""The command-line options of the steps that quantize, and how their lists are read. Torch-free."""

from __future__ import annotations

import json
import logging
import resource
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from baichuan2.errors import UserError
from baichuan2.integrity import read_sealed

log = logging.getLogger(__name__)

Scheme = Annotated[str, typer.Option(help="activations: static (calibrated), or dynamic (a scale a token)")]
ActMethod = Annotated[int, typer.Option(help="activations: 1 min-max, 2 histogram, 3 picks per layer")]
MmTensor = Annotated[bool, typer.Option(help="one weight scale a tensor, not one an output channel")]
DisableLevel = Annotated[str, typer.Option(help="L<n>: leave the n linears of the widest inputs in float")]
DisableNames = Annotated[str, typer.Option(help="JSON list: more that stays in float")]
Rollback = Annotated[str, typer.Option(help="JSON list: what stays in float")]
Chosen = Annotated[Path | None, typer.Option(help="what rollback: auto chose, instead of --rollback")]
Threads = Annotated[int | None, typer.Option(help="CPU threads")]
Device = Annotated[str, typer.Option(help="cpu, cuda or npu")]


def rollback_list(rollback: str, chosen: Path | None) -> tuple[int | str, ...]:
    """The roll-back list: --rollback's, or that of the file `chosen`."""
    return json_list("rollback", rollback) if chosen is None else tuple(read_sealed(chosen)["rollback"])


def json_list(key: str, text: str) -> tuple:
    """A JSON list; raises UserError naming quantize.<key> for anything else."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = None
    if not isinstance(value, list):
        raise UserError(f"quantize.{key}: {text!r} is not a JSON list; give one such as [0, 1]")
    return tuple(value)


def tell(out: Path, manifest: Mapping[str, Any]) -> None:
    """Say what is int8 in the artefact `out`, by its manifest."""
    share = 100 * manifest["int8_share_of_linear_bytes"]
    int8, left = len(manifest["int8"]), len(manifest["float"])
    log.info("%s: %d linears in int8 (%.1f %% of the linears' bytes), %d in float", out, int8, share, left)


@contextmanager
def timed(out: Path) -> Iterator[None]:
    """Say how long it took to make `out`, and how much memory."""
    started = time.monotonic()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    log.info("%s: %.1f s, peak memory %.2f GiB", out, time.monotonic() - started, peak)
