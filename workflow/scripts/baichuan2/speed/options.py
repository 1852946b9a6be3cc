"""Command-line options, beside the engine's, of every script that measures the speed cases. Torch-free."""

from __future__ import annotations

from typing import Annotated

import typer

Mode = Annotated[str, typer.Option(help="detail or normal.")]
BatchSizes = Annotated[str, typer.Option(help="JSON list of batch sizes.")]
MinLenExp = Annotated[int, typer.Option(help="Shortest input and output: 2 to this power.")]
MaxLenExp = Annotated[int, typer.Option(help="Longest input and output: 2 to this power.")]
CasePair = Annotated[str, typer.Option(help="JSON list of [input, output] instead of the grid, or null.")]
Warmup = Annotated[int, typer.Option(help="Runs of each case before the measured ones.")]
Repeats = Annotated[int, typer.Option(help="Measured runs of each case.")]
Seed = Annotated[int, typer.Option(help="Of the random token ids.")]
Round = Annotated[int, typer.Option("--round", help="Which round of the measurement this is, from 1.")]
MaxSpread = Annotated[float, typer.Option(help="Spread above which a case is measured again.")]
Again = Annotated[int, typer.Option(help="How many times again at most.")]
