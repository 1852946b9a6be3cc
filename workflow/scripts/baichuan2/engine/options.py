"""How a model is run, and the command-line options of every script that runs one. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli


@dataclass(frozen=True)
class Settings:
    """config.yaml's section engine; `device` and `dtype` may be "auto"; max_seq_len None is the model's own maximum.

    head: the output layer's weights. float; int8, half the bytes of it that a decode step reads; exact: int8 ones
    find the largest logits, which float ones compute, where native.c decodes; or auto: exact there, float elsewhere.
    graph: whether decode steps are captured as graphs: auto (where the device has been tested), capture or eager.
    threads: of a CPU, of all ranks together; None leaves it to torch.
    """

    device: str = "auto"
    dtype: str = "auto"
    max_seq_len: int | None = None
    threads: int | None = None
    head: str = "auto"
    graph: str = "auto"


Engine = Annotated[Settings, cli.settings(Settings)]
Model = Annotated[Path, typer.Option(help="Model directory.")]
Quant = Annotated[Path | None, typer.Option(help="W8A8 artefact to run instead of the float weights.")]
Parts = Annotated[Path | None, typer.Option(help="Folder of the ranks' parts, if not part_model beside them.")]
