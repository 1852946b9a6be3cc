"""Calibration prompts: what is run through the model to see the range of its activations."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from baichuan2.errors import UserError
from baichuan2.model.directory import read_model
from baichuan2.model.prompts import Prompt, read_prompts
from baichuan2.model.tokenizer import Tokenizer


def encode_file(model: Path, path: Path) -> list[Tensor]:
    """Token ids int64 [1, T] of each of the file's prompts, by the tokenizer of the model directory."""
    prompts = read_prompts(path, key="quantize.calibration")
    return encode_prompts(Tokenizer(model), prompts, read_model(model).model_max_length)


def encode_prompts(tokenizer, prompts: Sequence[Prompt], limit: int) -> list[Tensor]:
    """Token ids int64 [1, T] of each prompt, T in 1..limit: a text's, or the chat form's of several messages.

    Raises UserError naming any other.
    """
    samples = []
    for prompt in prompts:
        style = "chat" if len(prompt.messages) > 1 else "raw"
        ids = prompt.encode(tokenizer, style, sys.maxsize)
        if not 0 < len(ids) <= limit:
            raise UserError(f"{prompt.place}: {len(ids)} tokens, the model takes 1 to {limit}; shorten it")
        samples.append(torch.tensor([ids]))
    return samples
