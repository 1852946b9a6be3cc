"""How the next token is chosen: greedily, or by the published generation settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from baichuan2.errors import UserError, shown
from baichuan2.files import read_json


@dataclass(frozen=True)
class Sampling:
    """generation_config.json's settings; temperature 0 is greedy."""

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    repetition_penalty: float = 1.0
    seed: int = 0

    @classmethod
    def published(cls, path: Path, seed: int) -> Sampling:
        """The settings of a generation_config.json (Baichuan2-Chat's: 0.3, 5, 0.85, 1.05).

        Raises UserError for a value with which nothing can be sampled.
        """
        if not path.exists():
            raise UserError(f"{path}: the model came without one; set inference.sampling to greedy")
        given = {name: value for name, value in read_json(path).items() if value is not None}
        fields = DEFAULTS | {name: value for name, value in given.items() if name in DEFAULTS}
        for name, value in fields.items():
            _check_setting(path, name, value)
        if not fields.pop("do_sample"):
            return cls(repetition_penalty=fields["repetition_penalty"], seed=seed)
        return cls(**fields, seed=seed)

    @property
    def greedy(self) -> bool:
        return self.temperature == 0.0 and self.repetition_penalty == 1.0

    def best(self, seen: int) -> int | None:
        """How many of the largest logits, and their equals, decide where at most `seen` tokens are penalised.

        None: all of them. A penalty of at least 1 lowers a logit, so those that lead after it are among as many more
        as it may lower.
        """
        count = 1 if self.temperature == 0.0 else self.top_k
        if count == 0 or self.repetition_penalty < 1.0:
            return None
        return count if self.repetition_penalty == 1.0 else count + seen


FEW = 1024  # likeliest tokens that mostly hold top_p

# transformers' defaults, but for top_k: it is off
DEFAULTS = {"do_sample": False, "temperature": 1.0, "top_k": 0, "top_p": 1.0, "repetition_penalty": 1.0}
# (least, most): beyond them float32 logits overflow or vanish
_LIMITS = {
    "do_sample": (False, True),
    "temperature": (1e-5, 1e5),
    "top_k": (0, 2**31 - 1),
    "top_p": (1e-5, 1),
    "repetition_penalty": (1e-5, 1e5),
}


def _check_setting(path: Path, name: str, value: Any) -> None:
    least, most = _LIMITS[name]
    kind = {bool: bool, int: int, float: int | float}[type(DEFAULTS[name])]
    is_kind = isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
    if not is_kind or not least <= value <= most:
        number = "a whole number" if kind is int else "a number"
        words = "true or false" if kind is bool else f"{number} from {least} to {most}"
        raise UserError(f"{path}: {name} is {shown(value)}; it must be {words}; or set inference.sampling to greedy")


class Sampler:
    """Chooses tokens for a batch; on every rank alike, since the generator is on the CPU and seeded."""

    def __init__(self, sampling: Sampling, most_likely: Callable[[Tensor], list[int]]):
        self._settings, self._most_likely = sampling, most_likely
        self._generator = torch.Generator().manual_seed(sampling.seed)

    def choose(self, logits: Tensor, seen: Callable[[], list[list[int]]]) -> list[int]:
        """logits [B, V] -> one new token each; seen() -> each sequence's tokens so far; not called if greedy."""
        if self._settings.greedy:
            return self._most_likely(logits)
        logits = logits.float().cpu().clone()
        self._penalise(logits, seen())
        if self._settings.temperature == 0.0:
            return self._most_likely(logits)
        probabilities, tokens = self._nucleus(logits / self._settings.temperature)
        return tokens.gather(1, torch.multinomial(probabilities, 1, generator=self._generator)).flatten().tolist()

    def _penalise(self, logits: Tensor, seen: list[list[int]]) -> None:
        """Divide a seen token's positive logit by the penalty, multiply a negative one (arXiv:1909.05858)."""
        penalty = self._settings.repetition_penalty
        for row, tokens in zip(logits, seen, strict=True):
            # a prompt may hold an added token, which has no logit: it is never generated
            index = torch.tensor(sorted(token for token in set(tokens) if token < len(row)), dtype=torch.int64)
            values = row[index]
            row[index] = torch.where(values > 0, values / penalty, values * penalty)

    def _nucleus(self, logits: Tensor) -> tuple[Tensor, Tensor]:
        """Probabilities [B, C], in no scale, of the tokens [B, C] among which one is drawn: of the top_k, the fewest
        that hold top_p. Of all logits [B, V] few are sorted: a sort of 125,696 takes as long as a small model's step.
        """
        top_k, top_p, width = self._settings.top_k, self._settings.top_p, logits.shape[-1]
        if top_k:
            least = logits.topk(min(top_k, width)).values[:, -1:]  # its equals are of the top_k, too
            values, tokens = logits.topk(int((logits >= least).sum(-1).max()))
            probabilities = values.masked_fill(values < least, -torch.inf).softmax(-1)
        elif top_p == 1.0:
            return logits.softmax(-1), torch.arange(width).expand(len(logits), -1)
        else:
            total = logits.logsumexp(-1, keepdim=True)
            for count in (min(FEW, width), width):
                values, tokens = logits.topk(count)
                probabilities = (values - total).exp()
                if probabilities.sum(-1).min() > top_p:
                    break
        return probabilities * (probabilities.cumsum(-1) - probabilities < top_p), tokens
