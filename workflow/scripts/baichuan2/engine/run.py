"""The times of one run. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Run:
    """The times of one run of a case, in seconds; what the engine's measure() returns.

    response_s: from the prompt's token ids to the last new token, on the host's clock.
    Mode detail: pre_s, forward_s, post_s have one entry a new token: the host's work before its forward, the
    forward itself (synchronised; [0] is the prefill), the host's work after it.
    Mode normal: first_s generates 1 token, total_s all of them, each from the prompt on in a run of its own
    without synchronisation between tokens; response_s is total_s.
    """

    response_s: float
    pre_s: list[float] = field(default_factory=list)
    forward_s: list[float] = field(default_factory=list)
    post_s: list[float] = field(default_factory=list)
    first_s: float | None = None
    total_s: float | None = None
