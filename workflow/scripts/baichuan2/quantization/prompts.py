"""Calibration prompts: what is run through the model to see the range of its activations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from baichuan2.errors import UserError
from baichuan2.files import parse_json, read_text
from baichuan2.model.directory import read_model
from baichuan2.model.tokenizer import Tokenizer


def read_prompts(path: Path) -> list[str]:
    """The prompts of a .jsonl file ({"prompt": "..."} a line) or of any other text file (one a line).

    Prompt n stands on line n + 1: an empty line is an error. Raises UserError naming the file and the line.
    """
    path = Path(path)
    text = read_text(path, cure="correct quantize.calibration")
    if not text.strip():
        raise UserError(f"{path}: holds no prompts; put one on each line")
    lines = text.removesuffix("\n").split("\n")  # not splitlines, which also splits at characters of prompts
    read = _json_prompt if path.suffix == ".jsonl" else str
    return [_prompt(read, line, f"{path}, line {number}") for number, line in enumerate(lines, start=1)]


def encode_file(model: Path, path: Path) -> list[Tensor]:
    """Token ids int64 [1, T] of each of the file's prompts, by the tokenizer of the model directory."""
    prompts = read_prompts(path)
    return encode_prompts(Tokenizer(model), prompts, read_model(model).model_max_length, str(path))


def encode_prompts(tokenizer, prompts: Sequence[str], limit: int, source: str) -> list[Tensor]:
    """Token ids int64 [1, T] of each prompt, T in 1..limit; `source` names their file in errors."""
    if not prompts:
        raise UserError(f"{source}: holds no prompts; put one on each line")
    samples = []
    for number, prompt in enumerate(prompts, start=1):
        ids = tokenizer.encode(prompt)
        if not 0 < len(ids) <= limit:
            raise UserError(f"{source}, line {number}: {len(ids)} tokens, the model takes 1 to {limit}; shorten it")
        samples.append(torch.tensor([ids]))
    return samples


def _prompt(read, line: str, where: str) -> str:
    try:
        prompt = read(line)
    except (ValueError, KeyError, TypeError):
        raise UserError(f'{where}: not {{"prompt": "..."}} in JSON') from None
    if not isinstance(prompt, str) or not prompt.strip():
        raise UserError(f"{where}: an empty prompt; write one or delete the line")
    return prompt


def _json_prompt(line: str) -> str:
    return parse_json(line)["prompt"]
