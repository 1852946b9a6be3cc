"""A model's tensors for programs that know neither a NormHead nor rows of the vocabulary that are no tokens."""

from __future__ import annotations

from torch import Tensor

from baichuan2.model.sizes import ModelConfig
from baichuan2.modeling import network


def plain_rows(config: ModelConfig, name: str, tensor: Tensor) -> Tensor:
    """The tensor `name`: of embeddings and output layer the tokens' rows, a NormHead's in float32 and of norm 1."""
    if name not in ("model.embed_tokens.weight", "lm_head.weight"):
        return tensor
    rows = tensor[: config.tokens]
    folds = name == "lm_head.weight" and config.norm_head and not rows.is_meta
    return network.output_weight(rows, True) if folds else rows
