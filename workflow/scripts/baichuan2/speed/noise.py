"""A run's figures, and which of them are noise: what decides whether a case is measured again. Imports no torch.

The terms are those of the serving benchmarks. TTFT: time to first token, the host's work included. TPOT: time per
output token after the first, a run's mean over its tokens, as the guide has it. The median of a run's single tokens
stands beside it: a few tokens that the host delayed leave it as it is.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

import numpy

from baichuan2.speed.cases import Case, Run

Rounds = Sequence[Sequence[float]]  # of a figure: a list a round, a value a run
# What may be noise, and what tables call it.
NOISY = {"ttft_s": "TTFT", "tpot_s": "TPOT", "token_median_s": "median"}


def noisy_figures(case: Case, runs: Sequence[Run], mode: str, max_spread: float) -> list[str]:
    """Those of NOISY whose spread is over `max_spread`, or that came out negative."""
    return [name for name, spread in spreads(case, runs, mode).items() if spread is None or spread > max_spread]


def spreads(case: Case, runs: Sequence[Run], mode: str) -> dict[str, float | None]:
    """{figure of NOISY: its spread, a share of its median}, of those that there are; None of one below 0.

    The larger of two: the median absolute deviation of the runs, which half of them keep; and the distance of that
    round's median that lies farthest from the median of all. Of tpot_s also the distance from token_median_s: a mean
    that lies far from the median is that of a few tokens which the host delayed, however often it comes out the same.
    """
    rounds = figures_by_round(case, runs, mode)
    figures = {name: values for name in NOISY if (values := rounds[name])}
    shares: dict[str, float | None] = {name: _spread(values) for name, values in figures.items()}
    if is_negative(rounds["tpot_s"]):
        shares["tpot_s"] = None
    elif "token_median_s" in figures:
        mean, median = (_median(figures[name]) for name in ("tpot_s", "token_median_s"))
        shares["tpot_s"] = max(_spread(figures["tpot_s"]), abs(mean / median - 1))
    return shares


def figures_by_round(case: Case, runs: Sequence[Run], mode: str) -> dict[str, Any]:
    """{figure of a run: its values in seconds, a list a round}; None for what no run has.

    first_s, next_s, next_median_s: of the forward alone, and of whole tokens in mode normal.
    """
    numbers = sorted({run.round for run in runs})
    figures = {"detail": _detail, "normal": _normal, "stream": _stream}[mode]
    of_runs = [(run.round, figures(case, run)) for run in runs]
    return {
        name: [[values[name] for of, values in of_runs if of == number] for number in numbers]
        if all(values[name] is not None for _, values in of_runs)
        else None
        for name in of_runs[0][1]
    }


def _detail(case: Case, run: Run) -> dict[str, float | None]:
    """A run's figures: of whole tokens, and of the parts of the first and of the next ones."""
    parts = {name: numpy.array(getattr(run, name)) for name in ("pre_s", "forward_s", "post_s")}
    tokens = parts["pre_s"] + parts["forward_s"] + parts["post_s"]
    later = case.output_len > 1
    return {
        "response_s": run.response_s,
        "ttft_s": float(tokens[0]),
        "tpot_s": statistics.fmean(tokens[1:]) if later else None,  # exactly rounded
        "token_median_s": float(numpy.median(tokens[1:])) if later else None,
        "first_s": float(parts["forward_s"][0]),
        "next_s": statistics.fmean(parts["forward_s"][1:]) if later else None,
        "next_median_s": float(numpy.median(parts["forward_s"][1:])) if later else None,
        **{f"first.{name}": float(times[0]) for name, times in parts.items()},
        **{f"next.{name}": statistics.fmean(times[1:]) if later else None for name, times in parts.items()},
    }


def _normal(case: Case, run: Run) -> dict[str, float | None]:
    """As `_detail`, of which it has TTFT and TPOT only."""
    assert run.first_s is not None  # _check_run has looked
    assert run.total_s is not None
    steps = case.output_len - 1
    tpot = (run.total_s - run.first_s) / steps if steps else None
    return {
        "response_s": run.response_s,
        "ttft_s": run.first_s,
        "tpot_s": tpot,
        "token_median_s": None,
        "first_s": run.first_s,
        "next_s": tpot,
        "next_median_s": None,
    }


def _stream(case: Case, run: Run) -> dict[str, float | None]:
    """As `_normal`, and the median over the single tokens of all requests."""
    later = [seconds for request in run.token_s for seconds in request[1:]]
    median = float(numpy.median(later)) if later else None
    return _normal(case, run) | {"token_median_s": median, "next_median_s": median}


def is_negative(rounds: Rounds | None) -> bool:
    return rounds is not None and min(map(min, rounds)) <= 0


def _median(rounds: Rounds) -> float:
    return float(numpy.median([value for runs in rounds for value in runs]))


def _spread(rounds: Rounds) -> float:
    middle = _median(rounds)
    if middle <= 0:  # a clock too coarse for it
        return 0.0
    deviation = float(numpy.median([abs(value - middle) for runs in rounds for value in runs]))
    return max(deviation, *(abs(float(numpy.median(runs)) - middle) for runs in rounds)) / middle
