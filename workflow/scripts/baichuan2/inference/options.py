"""Command-line options, beside the engine's, of every script that answers prompts. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Prompts = Annotated[Path, typer.Option(help="Prompts: .jsonl, or text with one a line.")]
Out = Annotated[Path, typer.Option(help="Answers (jsonl) to publish.")]
Style = Annotated[str, typer.Option("--format", help="raw or chat.")]
GenerationConfig = Annotated[
    Path | None, typer.Option(help="Sample as this generation_config.json says; without it, greedy.")
]
MaxNewTokens = Annotated[int, typer.Option(help="Longest answer.")]
BatchSize = Annotated[int, typer.Option(help="Prompts that decode together.")]
Seed = Annotated[int, typer.Option(help="Of the published sampling.")]
