"""What vLLM has no layer for, and what a config.json must say. Imports no vLLM."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

ROWS = 1024  # of the output layer, in float32 at a time
EPS = 1e-12
# vLLM's attention backends that apply ALiBi's slopes, by 0.32's code. FLASHINFER takes them and ignores them.
WITH_ALIBI = ("CPU_ATTN", "FLASH_ATTN", "TRITON_ATTN", "ROCM_ATTN")


def alibi_slopes(heads: int) -> list[float]:
    """ALiBi's slope of each head (arXiv:2108.12409, and its authors' code for counts that are no power of two)."""
    power = 1 << (heads.bit_length() - 1)  # the largest that is not above
    slopes = [2.0 ** (-8 * (k + 1) / power) for k in range(power)]
    between = [2.0 ** (-8 * (k + 1) / (2 * power)) for k in range(0, 2 * power, 2)]
    return slopes + between[: heads - power]


def unit_rows(weight: Tensor) -> Tensor:
    """A NormHead's weight [V, E] with each row of length 1, computed in float32; same dtype. Twice is as once."""
    result = torch.empty_like(weight)
    for rows, into in zip(weight.split(ROWS), result.split(ROWS), strict=True):
        into.copy_(F.normalize(rows.float(), dim=-1, eps=EPS))
    return result


def check_config(config: Any) -> None:
    """Raise ValueError where config.json leaves open what decides the logits, or is of weights that are cut."""
    cure = "take results/model or an export of the workflow, whose link_model writes it"
    position = getattr(config, "position_embedding", None)
    if position not in ("alibi", "rope"):
        raise ValueError(f"config.json: position_embedding is {position!r}, not alibi or rope; {cure}")
    if not isinstance(getattr(config, "norm_head", None), bool):
        raise ValueError(f"config.json: norm_head is not true or false; {cure}")
    parts = getattr(config, "world_size", 1)
    if parts != 1:
        raise ValueError(
            f"config.json: world_size is {parts}: these weights are one of {parts} parts; give vLLM the whole model "
            "and --tensor-parallel-size"
        )


def check_attention(backend: str) -> None:
    """Raise ValueError where the backend of that name is not known to apply ALiBi's slopes."""
    if backend not in WITH_ALIBI:
        raise ValueError(
            f"the attention backend {backend} is not known to apply ALiBi's slopes, without which every answer is "
            f"wrong; set --attention-backend to one of {', '.join(WITH_ALIBI)} that this machine has"
        )
