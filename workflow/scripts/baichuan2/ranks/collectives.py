"""The ranks of one model, and what they do together."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from baichuan2 import host
from baichuan2.errors import PeerLostError

MEET_S = 60.0  # for ranks that did the same work to come out of it
CAUSE_S = 10.0  # for the cause of a lost rank to be printed, and for the launcher to stop this one


class Ranks:
    """This process among the ranks of one model: collectives that do nothing where there is only one.

    Raises PeerLostError where one fails.
    """

    def __init__(self, rank: int = 0, world_size: int = 1, nodes: int = 1, hosts: dist.ProcessGroup | None = None):
        """hosts: the same ranks by gloo, for what is said beside the devices' collectives."""
        self.rank, self.world_size, self.nodes, self.hosts = rank, world_size, nodes, hosts

    def sum(self, partial: Tensor) -> Tensor:
        """The sum over ranks, in place; shape and dtype kept."""
        if self.world_size > 1:
            _together(dist.all_reduce, partial)
        return partial

    def largest(self, values: Tensor) -> Tensor:
        """The elementwise maximum over ranks, in place; shape and dtype kept."""
        if self.world_size > 1:
            _together(dist.all_reduce, values, op=dist.ReduceOp.MAX)
        return values

    def gather(self, part: Tensor) -> Tensor:
        """Every rank's [..., n], joined on the last dimension in rank order -> [..., n * world_size]."""
        if self.world_size == 1:
            return part
        parts = [torch.empty_like(part) for _ in range(self.world_size)]
        _together(dist.all_gather, parts, part.contiguous())
        return torch.cat(parts, dim=-1)

    def from_first(self, value: Any) -> Any:
        """What rank 0 passes, on every rank; however long it takes to come to it."""
        if self.world_size == 1:
            return value
        held = [value]
        _together(dist.broadcast_object_list, held, src=0, group=self.hosts)
        return held[0]

    def on_any(self, here: bool) -> bool:
        """Whether it is so on some rank. Raises PeerLostError where one does not come to say so within MEET_S."""
        if self.world_size == 1:
            return here
        flags = [False] * self.world_size
        _together(dist.monitored_barrier, self.hosts, timeout=timedelta(seconds=MEET_S))
        _together(dist.all_gather_object, flags, here, group=self.hosts)
        return any(flags)

    def maximum(self, values: list[float], device: torch.device | str = "cpu") -> list[float]:
        """The elementwise maximum over ranks: how times are combined, since the slowest rank sets the pace."""
        if self.world_size == 1 or not values:
            return values
        tensor = torch.tensor(values, dtype=torch.float32, device=device)
        _together(dist.all_reduce, tensor, op=dist.ReduceOp.MAX)
        return tensor.tolist()


def _together(collective: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    try:
        collective(*arguments, **options)
    except RuntimeError as error:
        raise PeerLostError(collective.__name__, error) from error


@contextmanager
def ranks_of_launch(backend: str, timeout_s: float = 1800) -> Iterator[Ranks]:
    """The ranks that torchrun started this process among, or the one rank of a plain start.

    A PeerLostError leaves it late: where another rank is the cause, the launcher stops this one before.
    """
    world_size = int(os.environ.get("WORLD_SIZE", "1"))
    if world_size == 1:
        yield Ranks()
        return
    host.die_with_parent()
    rank, nodes = int(os.environ["RANK"]), int(os.environ["GROUP_WORLD_SIZE"])
    try:
        _together(dist.init_process_group, backend, timeout=timedelta(seconds=timeout_s))
        # Rank 0 may decide near ties for an hour.
        hosts = dist.new_group(backend="gloo", timeout=timedelta(days=1))
        yield Ranks(rank, world_size, nodes, hosts)
    except PeerLostError:
        time.sleep(CAUSE_S)
        raise
    # not after an error, since it may wait for ranks that are gone
    dist.destroy_process_group()
