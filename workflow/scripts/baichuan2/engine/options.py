"""The command-line options that every script that runs a model has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Device = Annotated[str, typer.Option(help="auto, cpu, cuda or npu.")]
Dtype = Annotated[str, typer.Option(help="auto, float32, bfloat16 or float16.")]
MaxSeqLen = Annotated[int | None, typer.Option(help="Slots of the KV cache.")]
Threads = Annotated[int | None, typer.Option(help="CPU threads, of all ranks together.")]
Parts = Annotated[Path | None, typer.Option(help="Folder of the ranks' parts, if not part_model beside them.")]
Graph = Annotated[str, typer.Option(help="Decode as a captured graph: auto, capture or eager.")]
Head = Annotated[str, typer.Option(help="float, or int8: 8 bits a weight of the output layer.")]
