"""Where a small model lies inside a large one that computes the same function.

RMSNorm takes the mean square over all channels: copies of the small model's residual, with powers of two as
amplitudes, whose squares sum to large hidden / small hidden, give it the small model's value. A head of 128 channels
divides its scores by sqrt(128): the factor is made good in q. Everything is a power of two where that is possible, so
that no weight is rounded; `is_exact` says whether it was.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from baichuan2.errors import UserError
from baichuan2.model.sizes import ModelConfig, layers_within
from baichuan2.modeling.network import alibi_slopes

LEAST_AMPLITUDE = 2.0**-10
# Norm weights are divided by the amplitude, and float16 holds nothing above 65504: smaller copies are not read.
LEAST_READ = 2.0**-3
# q of a head's eight blocks, times these: they sum to sqrt(8) within 2.6e-7.
_EIGHT = (2.0, 1.0, -(2.0**-3), -(2.0**-5), -(2.0**-6), 2.0**-12, 2.0**-14, -(2.0**-18))


@dataclass(frozen=True)
class Placement:
    """The channels, heads, neurons and layers of `large` that hold `small`'s; the others hold noise without effect.

    Raises UserError where `small` does not fit into `large`.
    """

    small: ModelConfig
    large: ModelConfig
    seed: int = 0

    def __post_init__(self) -> None:
        small, large = self.small, self.large
        fits = large.head_dim % small.head_dim == 0 and small.position_embedding == large.position_embedding
        sizes = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
        if not fits or any(getattr(small, name) > getattr(large, name) for name in sizes):
            raise UserError(f"the model of hidden_size {small.hidden_size} does not fit into {large}")

    @cached_property
    def amplitudes(self) -> np.ndarray:
        """float32 [copies], largest first: powers of two whose squares sum to large hidden / small hidden, about."""
        left, found = self.large.hidden_size / self.small.hidden_size, list[float]()
        most = (self.large.hidden_size - 1) // self.small.hidden_size  # a channel is left for the constant
        amplitude = 2.0 ** math.floor(math.log2(left) / 2)
        while amplitude >= LEAST_AMPLITUDE and len(found) < most:
            if left >= amplitude**2:
                found.append(amplitude)
                left -= amplitude**2
            else:
                amplitude /= 2
        while len(found) + 3 <= most:  # the largest one is four of half its amplitude
            found = sorted([*found[1:], *[found[0] / 2] * 4], reverse=True)
        return np.array(found, np.float32)

    @cached_property
    def norm_factor(self) -> float:
        """What norm weights are multiplied by, since the squares do not sum up exactly; 1 where within 1e-7."""
        ratio = float(np.sum(self.amplitudes.astype(np.float64) ** 2)) * self.small.hidden_size
        factor = math.sqrt(ratio / self.large.hidden_size)
        return 1.0 if abs(factor - 1) < 1e-7 else factor

    @cached_property
    def query_factors(self) -> np.ndarray:
        """float64: what q is multiplied by, in each block of a head (ALiBi), or once (RoPE)."""
        ratio = self.large.head_dim // self.small.head_dim
        if self.large.is_alibi and ratio == 8:
            return np.array(_EIGHT)
        if self.large.is_alibi and math.isqrt(ratio) ** 2 != ratio:
            return np.full(ratio, ratio**-0.5)
        # one block, or one pair for each of the small head's, at full strength
        return np.array([math.sqrt(ratio)])

    @property
    def is_exact(self) -> bool:
        """Whether every weight is the small model's times a power of two: then 16 bits hold it."""
        return self.norm_factor == 1.0 and bool(np.all(np.frexp(self.query_factors)[0] % 0.5 == 0))

    @cached_property
    def channels(self) -> np.ndarray:
        """int64 [copies, small hidden]: the channels of each copy."""
        return self._shuffled[: self.amplitudes.size * self.small.hidden_size].reshape(self.amplitudes.size, -1)

    @property
    def constant(self) -> int:
        """The channel that has the same value for every token."""
        return int(self._shuffled[-1])

    @cached_property
    def _shuffled(self) -> np.ndarray:
        return shuffled(self.large.hidden_size, self.seed)

    @property
    def read_copies(self) -> int:
        """How many of the copies, the first, are read: the others only make up the mean square."""
        return int((self.amplitudes >= LEAST_READ).sum())

    @cached_property
    def read(self) -> np.ndarray:
        """int64 [small hidden]: the channel from which each of the small model's is read, of one copy or another."""
        which = shuffled(self.small.hidden_size, self.seed + 1) % self.read_copies
        return self.channels[which, np.arange(self.small.hidden_size)]

    @cached_property
    def neurons(self) -> np.ndarray:
        """int64 [small intermediate]."""
        return shuffled(self.large.intermediate_size, self.seed + 2)[: self.small.intermediate_size]

    @cached_property
    def layers(self) -> dict[int, int]:
        """{layer of the large model: the small one's that it holds}."""
        return layers_within(self.small.num_hidden_layers, self.large.num_hidden_layers)

    @cached_property
    def heads(self) -> list[int]:
        """For each of the small model's heads, the large one's that has it: the one of the same slope, with ALiBi.

        Raises UserError where there is none of the same slope.
        """
        if not self.large.is_alibi:
            return list(range(self.small.num_attention_heads))
        theirs, ours = (
            alibi_slopes(config.num_attention_heads).double().numpy() for config in (self.large, self.small)
        )
        places = [int(np.abs(theirs - slope).argmin()) for slope in ours]
        if not np.allclose(theirs[places], ours, rtol=1e-6):
            raise UserError(f"{theirs.size} heads have not all slopes of {ours.size}")
        return places

    def query_rows(self, head: int) -> np.ndarray:
        """int64 [blocks, small head_dim]: rows of q, and of k, in W_pack for the small model's `head`.

        ALiBi: blocks side by side. RoPE: one, its pairs at places of the same frequency.
        """
        wide, narrow = self.large.head_dim, self.small.head_dim
        start = self.heads[head] * wide
        if self.large.is_alibi:
            return start + np.arange(self.query_factors.size * narrow).reshape(-1, narrow)
        pairs = np.arange(narrow // 2) * (wide // narrow)
        return start + np.concatenate((pairs, pairs + wide // 2))[None]

    def value_rows(self, head: int) -> np.ndarray:
        """int64 [small head_dim]: rows of v, counted from v's first, and columns of o_proj."""
        return self.heads[head] * self.large.head_dim + np.arange(self.small.head_dim)

    @property
    def value_columns(self) -> np.ndarray:
        """int64 [small hidden]: value_rows of all heads, in order."""
        return np.concatenate([self.value_rows(head) for head in range(self.small.num_attention_heads)])


def shuffled(count: int, seed: int) -> np.ndarray:
    """int64 [count]: 0..count-1 in an order that is the same with every version of numpy."""
    return np.argsort(np.random.PCG64(seed).random_raw(count), kind="stable")
