"""The ranks of one model, and what they do together."""

from __future__ import annotations

import atexit
import math
import os
import sys
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

MEET_S = 60.0  # seconds that ranks with the same work may arrive apart
CAUSE_S = 10.0  # seconds for the lost rank to print its cause, and for the launcher to stop this rank


class Ranks:
    """This process among the ranks of one model: collectives that do nothing where there is only one.

    Raises PeerLostError where one fails.
    """

    def __init__(self, rank: int = 0, world_size: int = 1, nodes: int = 1, hosts: dist.ProcessGroup | None = None):
        """hosts: the gloo group of the same ranks, for collectives on host data."""
        self.rank, self.world_size, self.nodes, self.hosts = rank, world_size, nodes, hosts

    def sum(self, partial: Tensor) -> Tensor:
        """The sum over ranks, in place; shape and dtype do not change."""
        if self.world_size > 1:
            _together(dist.all_reduce, partial)
        return partial

    def largest(self, values: Tensor) -> Tensor:
        """The elementwise maximum over ranks, in place; shape and dtype do not change.

        On hosts it is inf where a rank's is no number, which gloo loses or keeps by the order of the ranks.
        """
        if self.world_size > 1:
            if values.is_cpu:
                values.nan_to_num_(math.inf, math.inf)
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
        """Rank 0's `value`, on every rank. Ranks wait for rank 0 without a time-out."""
        if self.world_size == 1:
            return value
        held = [value]
        _together(dist.broadcast_object_list, held, src=0, group=self.hosts)
        return held[0]

    def on_any(self, here: bool) -> bool:
        """Whether `here` is true on any rank. Raises PeerLostError where a rank does not arrive within MEET_S."""
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
    """Yield this process's Ranks: torchrun's group, or world_size 1 without torchrun.

    A PeerLostError is raised again after CAUSE_S: where another rank failed, the launcher stops this one before.
    """
    world_size = int(os.environ.get("WORLD_SIZE", "1"))
    if world_size == 1:
        yield Ranks()
        return
    host.die_with_parent()
    rank, nodes = int(os.environ["RANK"]), int(os.environ["GROUP_WORLD_SIZE"])
    try:
        _together(dist.init_process_group, backend, timeout=timedelta(seconds=timeout_s))
        # Rank 0 may decide near ties for an hour while the others wait.
        hosts = dist.new_group(backend="gloo", timeout=timedelta(days=1))
        yield Ranks(rank, world_size, nodes, hosts)
    except BaseException as error:
        atexit.register(_leave)
        if isinstance(error, PeerLostError):
            time.sleep(CAUSE_S)
        raise
    # not after an error, since it may wait for ranks that are gone
    dist.destroy_process_group()


def _leave() -> None:
    """End this process with code 1 before C++ destroys the group, since it aborts where gloo's threads still run."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)
