"""Answer the inference prompts with the model; one rank, or each of several under torchrun."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.engine import options
from baichuan2.engine.engine import open_engine
from baichuan2.engine.options import Settings
from baichuan2.engine.sampling import Sampling
from baichuan2.inference.answering import answer_prompts
from baichuan2.integrity import write_sealed_lines
from baichuan2.model.prompts import read_prompts


def main(
    model: options.Model,
    prompts: Annotated[Path, typer.Option(help="Prompts: .jsonl, or text with one a line.")],
    out: Annotated[Path, typer.Option(help="Answers (jsonl) to publish.")],
    quant: options.Quant = None,
    style: Annotated[str, typer.Option("--format", help="raw or chat.")] = "raw",
    generation_config: Annotated[
        Path | None, typer.Option(help="Sample as this generation_config.json says; without it, greedy.")
    ] = None,
    max_new_tokens: Annotated[int, typer.Option(help="Longest answer.")] = 64,
    batch_size: Annotated[int, typer.Option(help="Prompts that decode together.")] = 1,
    seed: Annotated[int, typer.Option(help="Of the published sampling.")] = 0,
    parts: options.Parts = None,
    engine: options.Engine = Settings(),
) -> None:
    """Generate an answer to every prompt, streaming it to the terminal."""
    prompt_list = read_prompts(prompts)
    sampling = Sampling.published(generation_config, seed) if generation_config else Sampling(seed=seed)
    with open_engine(engine, model, quant, parts) as opened:
        records = answer_prompts(opened, prompt_list, style, sampling, max_new_tokens, batch_size)
        header = {
            "format": style,
            "precision": opened.precision,
            **{key: opened.environment()[key] for key in ("dtype", "device", "world_size")},
            "sampling": "published" if generation_config else "greedy",
            "max_new_tokens": max_new_tokens,
            "environment": opened.environment(),
        }
        if opened.rank == 0:
            write_sealed_lines(out, [header, *records])


if __name__ == "__main__":
    cli.run(main)
