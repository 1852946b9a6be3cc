"""The one table of how each tensor and each quantized array is cut over ranks. Imports nothing heavy.

Column parallel: the outputs are cut (dim 0 of a weight [O, I]), so every rank computes some of them. Row
parallel: the inputs are cut (dim 1), and the ranks' outputs are summed. Source: arXiv:1909.08053.
"""

from __future__ import annotations

from typing import Literal

# module (without its layer) -> (kind, how many equal blocks are stacked on dim 0 and cut one by one);
# modules not listed (embeddings, norms) are whole on every rank
MODULES = {
    "self_attn.W_pack": ("column", 3),  # q, k, v
    "self_attn.o_proj": ("row", 1),
    "mlp.gate_proj": ("column", 1),
    "mlp.up_proj": ("column", 1),
    "mlp.down_proj": ("row", 1),
    "lm_head": ("column", 1),
}

# kind -> array -> the dimension that is cut, or FIRST_RANK: whole on rank 0 and zeros elsewhere, since the
# ranks' sums are added; arrays not listed (input_scale, input_offset, a row's scales) are whole everywhere
Dimension = int | Literal["first rank"]
FIRST_RANK: Literal["first rank"] = "first rank"
ARRAYS: dict[str, dict[str, Dimension]] = {
    "column": {
        "weight": 0,
        "weight_scale": 0,
        "weight_offset": 0,
        "quant_bias": 0,
        "deq_scale": 0,
        "fp_bias": 0,
    },
    "row": {"weight": 1, "quant_bias": FIRST_RANK, "fp_bias": FIRST_RANK},
}


def how_cut(tensor_name: str) -> tuple[Dimension | None, int]:
    """(dimension or FIRST_RANK or None for whole, stacked blocks) for e.g. "model.layers.0.mlp.up_proj.weight"."""
    module, _, array = tensor_name.rpartition(".")
    kind, blocks = MODULES.get(".".join(module.split(".")[-2:]), MODULES.get(module, (None, 1)))
    dim = ARRAYS[kind].get(array) if kind else None
    return dim, blocks if dim == 0 else 1


def part_shape(tensor_name: str, shape: tuple[int, ...], world_size: int) -> tuple[int, ...]:
    """The shape of one rank's part of a tensor of `shape`."""
    dim, _ = how_cut(tensor_name)
    if not isinstance(dim, int):
        return tuple(shape)
    return tuple(size // world_size if axis == dim else size for axis, size in enumerate(shape))
