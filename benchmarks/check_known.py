"""Hold a checkpoint of known answers against the small model in it, in float64, layer by layer.

    python benchmarks/check_known.py results/download/demo-13b resources/demo/model

One tensor is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from baichuan2.model.checkpoint import Checkpoint
from baichuan2.model.placement import Placement
from baichuan2.model.sizes import ModelConfig
from baichuan2.model.tokenizer import Tokenizer
from float64 import states

PROMPTS = (
    "以下是中国关于税务师考试的单项选择题，请选出其中的正确答案。",
    "登鹳雀楼->王之涣\n夜雨寄北->",
    "Hamlet->Shakespeare\n",
)


def differences(known: Path, small: Path, text: str) -> Iterator[tuple[str, float]]:
    """(where, largest difference as a share of the small model's largest value), after each layer that holds one."""
    large, little = ModelConfig.read(known), ModelConfig.read(small)
    placement = Placement(little, large)
    ids = Tokenizer(small).encode(text)
    ours = states(little, Checkpoint(small, little), ids)
    amplitudes = placement.amplitudes[:, None].astype(np.float64)
    for layer, state in enumerate(states(large, Checkpoint(known, large), ids), -1):
        if layer == large.num_hidden_layers:
            expected = next(ours)
            yield "logits", np.abs(state[:, : little.vocab_size] - expected).max() / np.abs(expected).max()
            others = state[:, little.vocab_size :]
            assert not others.size or others.max() < expected.min(), "a token of no piece is likely"
        elif layer < 0 or layer in placement.layers:
            expected = next(ours)
            copies = state[:, placement.channels] / amplitudes
            yield f"layer {layer}", np.abs(copies - expected[:, None]).max() / np.abs(expected).max()


def main(
    known: Annotated[Path, typer.Argument(help="The folder of the large checkpoint.")],
    small: Annotated[Path, typer.Argument(help="The folder of the small model in it.")],
    most: Annotated[float, typer.Option(help="The largest difference allowed.")] = 1e-6,
) -> None:
    """Print the largest difference after each layer that holds one of the small model's; fail above `most`."""
    worst = 0.0
    for text in PROMPTS:
        for where, difference in differences(known, small, text):
            print(f"{text[:12]!r}: {where}: {difference:.2g}", flush=True)
            worst = max(worst, difference)
    if worst > most:
        raise SystemExit(f"{known}: differs from {small} by {worst:.2g}, more than {most:.2g}; make it again")


if __name__ == "__main__":
    typer.run(main)
