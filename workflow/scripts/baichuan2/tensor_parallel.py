"""Tensor parallelism: the one table of how each tensor and each quantized array is cut, and the ranks.

Column parallel: the outputs are cut (dim 0 of a weight [O, I]), so every rank computes some of them. Row
parallel: the inputs are cut (dim 1), and the ranks' outputs are summed. Source: arXiv:1909.08053.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

CLOSING_LINE = "Tensor parallelism weights have been successfully saved."

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
FIRST_RANK = "first rank"
ARRAYS = {
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


def how_cut(tensor_name: str) -> tuple[int | str | None, int]:
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


def part(tensor_name: str, tensor: Tensor, rank: int, world_size: int) -> Tensor:
    """Rank `rank`'s part of `tensor`: a view wherever the cut leaves rows together.

    Raises ValueError where world_size does not divide the dimension that is cut.
    """
    dim, blocks = how_cut(tensor_name)
    if dim is None or world_size == 1:
        return tensor
    if dim == FIRST_RANK:
        return tensor if rank == 0 else torch.zeros_like(tensor)
    size, rest = divmod(tensor.shape[dim], blocks * world_size)
    if rest:
        raise ValueError(f"{tensor_name}: {world_size} ranks do not divide dimension {dim} of {list(tensor.shape)}")
    if blocks == 1:
        return tensor.narrow(dim, rank * size, size)
    stacked = tensor.view(blocks, world_size * size, *tensor.shape[1:])
    return stacked[:, rank * size : (rank + 1) * size].reshape(blocks * size, *tensor.shape[1:])


def join(tensor_name: str, parts: list[Tensor]) -> Tensor:
    """The whole tensor from all ranks' parts, in rank order: the inverse of `part`."""
    dim, blocks = how_cut(tensor_name)
    if dim is None or dim == FIRST_RANK:
        return parts[0]
    if blocks == 1:
        return torch.cat(parts, dim=dim)
    stacked = [p.view(blocks, -1, *p.shape[1:]) for p in parts]
    return torch.cat(stacked, dim=1).reshape(-1, *parts[0].shape[1:])


class Ranks:
    """This process among the ranks of one model: collectives that do nothing where there is only one."""

    def __init__(self, rank: int = 0, world_size: int = 1):
        self.rank, self.world_size = rank, world_size

    def sum(self, partial: Tensor) -> Tensor:
        """The sum over ranks, in place; shape and dtype kept."""
        if self.world_size > 1:
            dist.all_reduce(partial)
        return partial

    def largest(self, values: Tensor) -> Tensor:
        """The elementwise maximum over ranks, in place; shape and dtype kept."""
        if self.world_size > 1:
            dist.all_reduce(values, op=dist.ReduceOp.MAX)
        return values

    def gather(self, part: Tensor) -> Tensor:
        """Every rank's [..., n], joined on the last dimension in rank order -> [..., n * world_size]."""
        if self.world_size == 1:
            return part
        parts = [torch.empty_like(part) for _ in range(self.world_size)]
        dist.all_gather(parts, part.contiguous())
        return torch.cat(parts, dim=-1)

    def from_first(self, value: Any) -> Any:
        """What rank 0 passes, on every rank."""
        if self.world_size == 1:
            return value
        held = [value]
        dist.broadcast_object_list(held, src=0)
        return held[0]

    def maximum(self, values: list[float], device: torch.device | str = "cpu") -> list[float]:
        """The elementwise maximum over ranks: how times are combined, since the slowest rank sets the pace."""
        if self.world_size == 1 or not values:
            return values
        tensor = torch.tensor(values, dtype=torch.float32, device=device)
        dist.all_reduce(tensor, op=dist.ReduceOp.MAX)
        return tensor.tolist()


@contextmanager
def ranks_of_launch(backend: str, timeout_s: float = 1800) -> Iterator[Ranks]:
    """The ranks that torchrun started this process among, or the one rank of a plain start."""
    world_size = int(os.environ.get("WORLD_SIZE", "1"))
    if world_size == 1:
        yield Ranks()
        return
    dist.init_process_group(backend, timeout=timedelta(seconds=timeout_s))
    try:
        yield Ranks(dist.get_rank(), world_size)
    finally:
        dist.destroy_process_group()
