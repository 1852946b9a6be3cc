"""Which cases a speed run measures, and what a run of one gives. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from baichuan2.errors import UserError

ROUND: dict[str, str | int] = {"format": "baichuan2-perf-round", "version": 1}  # the record of a round
STREAM = "stream"  # a server's times of single tokens; perf.mode detail asks it so
MODES = ("detail", "normal", STREAM)


class UnmeasurableError(Exception):
    """A case cannot be run as it is meant; the message is its reason in the tables."""


@dataclass(frozen=True)
class Case:
    """One row of the tables: batch_size sequences of input_len tokens, each given output_len new ones.

    reason: why it cannot be run, or None.
    """

    batch_size: int
    input_len: int
    output_len: int
    reason: str | None = None


@dataclass
class Run:
    """The times of one run of a case, in seconds.

    response_s: from the prompt's token ids to the last new token, on the host's clock.
    Mode detail: pre_s, forward_s, post_s have one entry a new token: the host's work before its forward, the
    forward itself (synchronised; [0] is the prefill), the host's work after it.
    Mode normal: first_s generates 1 token, total_s all of them, each from the prompt on in a run of its own
    without synchronisation between tokens; response_s is total_s.
    Mode stream, of a server, whose requests of a batch run at once: first_s is the latest first token's; total_s is
    first_s and the mean over the requests of what each took from its first token to its last; token_s has a list a
    request, its first token's time and then each token's after the one before, or is empty where tokens came in
    groups. began: when, in seconds since 1970. round: of the measurement, from 1. attempt: 1, and one more each time
    that the case was measured again in its round.
    """

    response_s: float
    pre_s: list[float] = field(default_factory=list)
    forward_s: list[float] = field(default_factory=list)
    post_s: list[float] = field(default_factory=list)
    first_s: float | None = None
    total_s: float | None = None
    token_s: list[list[float]] = field(default_factory=list)
    began: float | None = None
    round: int = 1
    attempt: int = 1


def plan(
    batch_sizes: Sequence[int],
    max_seq_len: int,
    min_len_exp: int = 5,
    max_len_exp: int = 10,
    case_pair: Iterable[Sequence[int]] | None = None,
) -> list[Case]:
    """Every (input, output) length at every batch size, batch size first.

    Lengths are those of `case_pair`, [[input, output], ...], or where it is None or empty all pairs
    (2^i, 2^j), i and j in [min_len_exp, max_len_exp]. A case of more than max_seq_len tokens, input and
    output together, is kept with its reason. Raises UserError for values that no case can have.
    """
    pairs = _checked_pairs(list(case_pair)) if case_pair else grid(min_len_exp, max_len_exp)
    if not batch_sizes or not all(_is_count(size) for size in batch_sizes):
        raise UserError(f"perf.batch_size: {batch_sizes!r} must be whole numbers of at least 1")
    cases = [Case(size, *pair) for size in batch_sizes for pair in pairs]
    if len(set(cases)) != len(cases):
        raise UserError("perf.batch_size, perf.case_pair: a case stands twice; remove one")
    return [_with_reason(case, max_seq_len) for case in cases]


def grid(min_len_exp: int, max_len_exp: int) -> list[tuple[int, int]]:
    """All (2^i, 2^j), i the input's exponent and j the output's, both in [min_len_exp, max_len_exp]."""
    if not 0 <= min_len_exp <= max_len_exp:
        raise UserError(
            f"perf.min_len_exp, perf.max_len_exp: {min_len_exp} and {max_len_exp} must be 0 <= min <= max"
        )
    lengths = [2**exponent for exponent in range(min_len_exp, max_len_exp + 1)]
    return [(input_len, output_len) for input_len in lengths for output_len in lengths]


def _checked_pairs(pairs: list[Sequence[int]]) -> list[tuple[int, int]]:
    for pair in pairs:
        if len(pair) != 2 or not all(_is_count(length) for length in pair):
            raise UserError(f"perf.case_pair: {list(pair)!r} must be [input, output], both at least 1")
    return [(input_len, output_len) for input_len, output_len in pairs]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _with_reason(case: Case, max_seq_len: int) -> Case:
    total = case.input_len + case.output_len
    if total <= max_seq_len:
        return case
    return replace(case, reason=f"{total} tokens are over max_seq_len {max_seq_len}")
