"""Places for sequences that come and go: rows of one KV cache, which one step extends and decodes together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, NamedTuple

import torch
from torch import Tensor

from baichuan2.engine.model import Model
from baichuan2.ranks.memory import LOGITS_TOGETHER


class Score(NamedTuple):
    """A token's log-probability where it stands; top: (token, log-probability) of others there, as of scores_of."""

    token: int
    logprob: float
    top: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Piece:
    """New tokens of one place, behind those that it holds.

    targets: what to score: the first of them is the token behind tokens[0], and so on, at most one for each of
    `tokens`. top: how many likeliest tokens a score has. ends: whether the logits after the last token are wanted.
    """

    place: int
    tokens: Sequence[int]
    ends: bool = True
    targets: Sequence[int] = ()
    top: int = 0


@dataclass(frozen=True)
class Extended:
    """logits: float32 [V] after a piece's last token, or None; scores: one for each of its targets."""

    logits: Tensor | None
    scores: list[Score]


def _led(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method of Places that rank 0 calls, and each rank that follows makes the same call."""

    @wraps(method)
    def call(self: Places, *arguments: Any) -> Any:
        if self._ranks.rank == 0:
            self._ranks.from_first((method.__name__, arguments))
        return method(self, *arguments)

    return call


class Places:
    """Rows of one KV cache, each a place for one sequence, of fewer than `length` tokens.

    What it computes of a place depends on the others in the last digits at most, and on native.c, in decode, not at
    all. Of several ranks rank 0 calls it, while the others `follow`, and at the end it calls `release`.
    """

    def __init__(self, model: Model, count: int, length: int):
        self._model, self._ranks, self._length = model, model.ranks, length
        self._largest = model.device.largest(model.dtype)
        self._cache = model.cache(count, length)
        self.lengths = [0] * count  # tokens whose keys and values a place holds

    def follow(self) -> None:
        """On another rank than 0: make rank 0's calls until it releases this one."""
        while (call := self._ranks.from_first(None)) is not None:
            name, arguments = call
            getattr(self, name)(*arguments)

    def release(self) -> None:
        """On rank 0: end `follow` on the others."""
        self._ranks.from_first(None)

    @_led
    def cut(self, place: int, length: int) -> None:
        """Keep the first `length` tokens of a place alone."""
        if length > self.lengths[place]:
            raise ValueError(f"place {place} holds {self.lengths[place]} tokens, fewer than {length}")
        self.lengths[place] = length

    @_led
    def clear(self, place: int) -> None:
        """Forget a place's tokens, and put zeros where they were: a hidden key that is nan makes all of a row nan."""
        for part in (self._cache.keys, self._cache.values):
            part[:, place] = 0
        self.lengths[place] = 0

    @_led
    def copy(self, source: int, place: int, length: int) -> None:
        """Make the first `length` tokens of one place all that another holds: their keys and values are copied."""
        if length > self.lengths[source]:
            raise ValueError(f"place {source} holds {self.lengths[source]} tokens, fewer than {length}")
        for part in (self._cache.keys, self._cache.values):
            part[:, place, :, :length] = part[:, source, :, :length]
        self.lengths[place] = length

    @_led
    def extend(self, pieces: Sequence[Piece]) -> list[Extended]:
        """Put new tokens into places, each of them another, in one forward. Raises ValueError where one is full."""
        counts = [len(piece.tokens) for piece in pieces]
        views = []
        for piece, count in zip(pieces, counts, strict=True):
            start = self._grow(piece.place, count)
            views.append(self._model.positions.prefill(self._cache.row(piece.place), 1, start, count))
        device = self._model.device.torch_device
        tokens = torch.tensor([[token for piece in pieces for token in piece.tokens]], device=device)
        hidden = self._model.forward_apart(tokens, views, counts)[0].split(counts)
        ends = [part[-1] for piece, part in zip(pieces, hidden, strict=True) if piece.ends]
        logits = iter(self._model.logits(torch.stack(ends)) if ends else ())
        return [
            Extended(next(logits) if piece.ends else None, self._scores(piece, part))
            for piece, part in zip(pieces, hidden, strict=True)
        ]

    @_led
    def step(self, places: Sequence[int], tokens: Sequence[int], best: int | None = None) -> Tensor:
        """The next token of each of some places -> float32 logits [len(places), V] after it.

        best: as engine.decode.Decoder.step's. The next step may overwrite the logits.
        """
        lengths = list(self.lengths)
        for place in places:
            self._grow(place, 1)
        return self._model.decode_rows(self._cache, places, tokens, lengths, best)

    def _grow(self, place: int, count: int) -> int:
        """Count new tokens -> how many were there before. One slot stays free: see Model.decode_rows."""
        start = self.lengths[place]
        if start + count >= self._length:
            raise ValueError(f"place {place} holds {start} tokens and has no room for {count} more")
        self.lengths[place] += count
        return start

    def _scores(self, piece: Piece, hidden: Tensor) -> list[Score]:
        scores: list[Score] = []
        for start in range(0, len(piece.targets), LOGITS_TOGETHER):
            targets = piece.targets[start : start + LOGITS_TOGETHER]
            logits = self._model.logits(hidden[start : start + len(targets)])
            scores += scores_of(logits, targets, piece.top, self._largest)
        return scores


def scores_of(
    logits: Tensor, tokens: Sequence[int], top: int, largest: float, listed: Sequence[int] = ()
) -> list[Score]:
    """The score of one token in each row of float32 logits [B, V]; nan where a logit is at least `largest`.

    Beside it the `top` likeliest, best first; or the tokens `listed`, where there are any.
    """
    index = torch.tensor(list(tokens), device=logits.device)[:, None]
    overflows = ~(logits.abs().amax(-1, keepdim=True) < largest)
    total = logits.logsumexp(-1, keepdim=True).masked_fill(overflows, torch.nan)
    chosen = (logits.gather(1, index) - total)[:, 0].tolist()
    if listed:
        ids = torch.tensor([list(listed)] * len(tokens), device=logits.device)
        values = logits.gather(1, ids)
    else:
        values, ids = logits.topk(top)
    return [
        Score(token, logprob, tuple(zip(others, logprobs, strict=True)))
        for token, logprob, others, logprobs in zip(
            tokens, chosen, ids.tolist(), (values - total).tolist(), strict=True
        )
    ]
