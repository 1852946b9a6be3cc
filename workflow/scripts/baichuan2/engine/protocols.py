"""What each task needs of an engine; engine.engine.Engine has all of it. Imports neither torch nor the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Ranks(Protocol):
    """As ranks.collectives.Ranks."""

    def from_first(self, value: Any) -> Any: ...

    def on_any(self, here: bool) -> bool: ...


class Asked(Protocol):
    """What an exam is put to: an engine, or a server."""

    rank: int
    ranks: Ranks
    max_seq_len: int
    tokenizer: Any
    near_tie: float | None

    def environment(self) -> dict[str, Any]: ...


class Generating(Protocol):
    """For inference."""

    rank: int
    max_seq_len: int
    tokenizer: Any

    def generate(self, prompts: list[list[int]], max_new_tokens: int, **options: Any) -> list[list[int]]: ...


class Scoring(Generating, Protocol):
    """For C-Eval."""

    ranks: Ranks
    near_tie: float | None

    def score(self, prefix: list[int], suffixes: list[list[int]], candidates: list[int]) -> list[list[float]]: ...

    def score_exactly(
        self, prompts: Sequence[Sequence[int]], candidates: Sequence[int] | None = None
    ) -> list[list[float]]: ...


class Timed(Protocol):
    """For the speed cases. config, device, model: as Engine's. None: what a server does not tell."""

    rank: int
    world_size: int | None
    ranks: Ranks
    max_seq_len: int
    config: Any
    device: Any
    model: Any

    def environment(self) -> dict[str, Any]: ...

    def weight_bytes(self, batch_size: int = 1) -> int: ...

    def head_rows(self) -> float | None: ...

    def kv_bytes(self, batch_size: int, length: int) -> int: ...

    def max_over_ranks(self, values: list[float]) -> list[float]: ...

    def cache_for(self, batch: int, length: int) -> Any: ...

    def drop_cache(self) -> None: ...

    def prefill(self, cache: Any, prompts: list[list[int]]) -> Any: ...
