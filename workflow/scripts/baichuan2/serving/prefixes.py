"""What the engine's places hold, found by tokens: of a prompt that begins as another did, that part is there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baichuan2.engine.places import Score
    from baichuan2.serving.scheduler import Generation


@dataclass
class Held:
    """The tokens whose keys and values a place holds, and the scores of the first of them, each with `top` likeliest.

    used: when it was taken last; a place that never was has 0.
    """

    tokens: list[int] = field(default_factory=list)
    scores: list[Score | None] = field(default_factory=list)
    top: int = 0
    used: int = 0


def common(left: Sequence[int], right: Sequence[int]) -> int:
    """How many leading elements are equal."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def reusable(held: Held, generation: Generation) -> int:
    """How many tokens of a generation's prompt need not be computed where `held` is.

    Those that give what is wanted are computed all the same: logits come from the last token's hidden state, and a
    token's score from that of the token before it.
    """
    shared = common(held.tokens, generation.prompt)
    known = min(len(held.scores), shared)
    shared = min(shared, generation.computed - (generation.most > 0))
    if generation.prompt_top is None or (known == len(generation.prompt) and held.top >= generation.prompt_top):
        return shared
    return min(shared, known - 1) if known and held.top >= generation.prompt_top else 0


def choose(held: Sequence[Held], free: Collection[int], generation: Generation) -> tuple[int, int, int]:
    """(source, its tokens to reuse, the free place to take) for a generation.

    It takes the source itself where that is free and the generation begins as most of it does; or else the place
    that has been idle for longest.
    """
    counts = [reusable(each, generation) for each in held]
    source = max(range(len(held)), key=lambda place: (counts[place], place in free))
    reused = counts[source]
    if source in free and reused and 2 * reused >= len(held[source].tokens):
        return source, reused, source
    return source, reused, min(free, key=lambda place: (held[place].used, place))
