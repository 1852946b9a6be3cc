"""How a model is run, and the command-line options of every script that runs one. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli

# The cure where numbers of the network leave the range of engine.dtype.
MORE_RANGE = (
    "set a dtype with more range, as float32, on a device that has it; where they leave that too, the weights are "
    "damaged: take those of another checkpoint"
)


@dataclass(frozen=True)
class Settings:
    """config.yaml's section engine; `device` and `dtype` may be "auto"; max_seq_len None is the model's own maximum.

    head: the output layer's weights. float; int8, half the bytes of it that a decode step reads; exact: int8 ones
    find the largest logits, which float ones compute, where native.c decodes; or auto: exact there, float elsewhere.
    graph: whether decode steps are captured as graphs: auto (where the device has been tested), capture or eager.
    threads: of a CPU, of all ranks together; None leaves it to torch.
    server: the address of OpenAI's API, ending in /v1, that is asked instead (servers.server); server_model: which of
    its models, None the only one; server_timeout: seconds without a byte; server_retries: of a request.
    """

    device: str = "auto"
    dtype: str = "auto"
    max_seq_len: int | None = None
    threads: int | None = None
    head: str = "auto"
    graph: str = "auto"
    server: str | None = None
    server_model: str | None = None
    server_timeout: float = 600.0
    server_retries: int = 5


Engine = Annotated[Settings, cli.settings(Settings)]
Model = Annotated[Path, typer.Option(help="Model directory.")]
Quant = Annotated[Path | None, typer.Option(help="W8A8 artefact to run instead of the float weights.")]
Parts = Annotated[Path | None, typer.Option(help="Folder of the ranks' parts, if not part_model beside them.")]
TokenizerFolder = Annotated[Path, typer.Option("--tokenizer", help="Folder with the tokenizer of a served model.")]
