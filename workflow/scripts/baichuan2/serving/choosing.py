"""How one sequence's next token is chosen, beside others that are chosen otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from baichuan2.engine.sampling import Sampler, Sampling


@dataclass(frozen=True)
class Choosing:
    """stop_ids end an answer, but not before it has `least` tokens. bias is added to logits. allowed: no other token
    is chosen; empty: any.
    """

    sampling: Sampling = field(default_factory=Sampling)
    stop_ids: frozenset[int] = frozenset()
    least: int = 0
    bias: Mapping[int, float] = field(default_factory=dict)
    allowed: tuple[int, ...] = ()


class Chooser:
    """Chooses the tokens of one sequence, by its own generator: what others choose changes nothing."""

    def __init__(self, choosing: Choosing, most_likely: Callable[[Tensor], list[int]]):
        self.choosing = choosing
        self._sampler = Sampler(choosing.sampling, most_likely)

    def plain(self, new: int) -> bool:
        """Whether the likeliest token is chosen, as it is, behind `new` new ones."""
        return self.choosing.sampling.greedy and not self._limited(new)

    def best(self, seen: int, new: int) -> int | None:
        """How many of the largest logits decide, as Sampling.best, behind `seen` tokens, `new` of them new."""
        return None if self._limited(new) else self.choosing.sampling.best(seen)

    def choose(self, logits: Tensor, prompt: Sequence[int], new: Sequence[int]) -> int:
        """float32 logits [V] after the prompt and the new tokens -> the next one."""
        if self._limited(len(new)):
            logits = self._limit(logits.cpu().clone(), len(new))
        return self._sampler.choose(logits[None], lambda: [[*prompt, *new]])[0]

    def _limited(self, new: int) -> bool:
        return bool(self.choosing.bias or self.choosing.allowed or new < self.choosing.least)

    def _limit(self, logits: Tensor, new: int) -> Tensor:
        choosing = self.choosing
        if choosing.allowed:
            index = torch.tensor(choosing.allowed)
            logits = torch.full_like(logits, -torch.inf).index_copy_(0, index, logits[index])
        if choosing.bias:
            logits[list(choosing.bias)] += torch.tensor(list(choosing.bias.values()))
        if new < choosing.least:
            logits[list(choosing.stop_ids)] = -torch.inf
        return logits
