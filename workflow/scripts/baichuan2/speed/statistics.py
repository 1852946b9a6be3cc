"""The statistics of a case's times, of the runs of all rounds. Imports no torch. Terms: see `noise`."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy

from baichuan2.speed.bootstrap import Ends, inverse, median_interval
from baichuan2.speed.cases import Case, Run
from baichuan2.speed.noise import NOISY, Rounds, figures_by_round, is_negative, noisy_figures, spreads

NO_TPOT = "generating all tokens took no longer than generating one"
IN_GROUPS = (
    "the server sends several tokens at a time: no times of single tokens, and the first token's may be another's"
)
# What `ratio_interval` is given of a case: the forward alone, as in the guide's csv, of whole tokens in mode normal.
FORWARD = ("first_s", "next_s", "next_median_s")


def case_statistics(case: Case, runs: Sequence[Run], mode: str, max_spread: float = 0.1) -> dict[str, Any]:
    """What the tables say of a case, from the measured runs of all rounds. Times in seconds.

    A figure is {"median", "min", "max"} over the runs, and "low", "high": the median's 95 % interval (`bootstrap`),
    None of one round alone. response_s, ttft_s, tpot_s, token_median_s: figures; of a run's tokens after the first
    tpot_s has the mean and token_median_s the median. first, next: the figures of pre_s, forward_s, post_s of the
    first token, and of the mean of the others; next.forward_median_s: of the median of the others' forward. token_s:
    mean, std (population), min, p50, p90, p99 and count of the single tokens' times after the first, all runs
    together. prefill_tokens_per_s = input / TTFT and decode_tokens_per_s = 1 / TPOT: for one sequence, and times the
    batch, with both intervals. spread, noise: see `spreads`, `noisy_figures`. by_round: the values of FORWARD and
    NOISY, a list a round of a value a run. runs: every time measured. None stands for what does not exist: no next
    token where output_len is 1; in modes normal and stream no split; in mode normal no single tokens, and no TPOT
    where the clock's noise left none (see note).
    """
    rounds = figures_by_round(case, runs, mode)
    whole = {name: rounds[name] for name in ("response_s", "ttft_s", "tpot_s", "token_median_s")}
    negative = is_negative(rounds["tpot_s"])
    if negative:
        whole["tpot_s"] = rounds["tpot_s"] = rounds["next_s"] = None
    figures = {name: _figure(values) for name, values in whole.items()}
    return {
        "note": NO_TPOT if negative else IN_GROUPS if mode == "stream" and not _all_single(runs) else None,
        **figures,
        "token_s": _distribution(case, runs, mode),
        "first": _split(rounds, "first", mode),
        "next": _split(rounds, "next", mode) if case.output_len > 1 else None,
        "prefill_tokens_per_s": _rate(case, case.input_len, figures["ttft_s"]),
        "decode_tokens_per_s": _rate(case, 1, figures["tpot_s"]),
        "spread": spreads(case, runs, mode),
        "noise": noisy_figures(case, runs, mode, max_spread),
        "by_round": {name: rounds[name] for name in (*FORWARD, *NOISY)},
        "runs": [asdict(run) for run in runs],
    }


def _split(rounds: dict[str, Any], token: str, mode: str) -> dict[str, Any] | None:
    if mode != "detail":
        return None
    parts = {name: _figure(rounds[f"{token}.{name}"]) for name in ("pre_s", "forward_s", "post_s")}
    return parts | ({"forward_median_s": _figure(rounds["next_median_s"])} if token == "next" else {})


def _figure(rounds: Rounds | None) -> dict[str, float | None] | None:
    if rounds is None:
        return None
    values = [value for runs in rounds for value in runs]
    low, high = _interval(rounds) or (None, None)
    return {"median": float(numpy.median(values)), "min": min(values), "max": max(values), "low": low, "high": high}


def _interval(rounds: Rounds) -> Ends | None:
    return median_interval(rounds) if min(map(min, rounds)) > 0 else None  # it is one of logarithms


def _all_single(runs: Sequence[Run]) -> bool:
    return all(run.token_s for run in runs)


def _distribution(case: Case, runs: Sequence[Run], mode: str) -> dict[str, float] | None:
    if mode == "normal" or case.output_len == 1 or (mode == "stream" and not _all_single(runs)):
        return None
    if mode == "stream":
        times = numpy.array([request[1:] for run in runs for request in run.token_s])  # [runs x requests, tokens]
    else:
        parts = [numpy.array([getattr(run, name)[1:] for run in runs]) for name in ("pre_s", "forward_s", "post_s")]
        times = parts[0] + parts[1] + parts[2]  # [runs, tokens]
    p50, p90, p99 = map(float, numpy.percentile(times, [50, 90, 99]))
    spread = {"mean": statistics.fmean(times.flat), "std": float(times.std()), "min": float(times.min())}
    return {**spread, "p50": p50, "p90": p90, "p99": p99, "count": times.size}


def _rate(case: Case, tokens: int, figure: dict[str, Any] | None) -> dict[str, float | None] | None:
    """tokens / median time of one sequence and of the whole batch, in tokens/s, with the ends of the intervals."""
    if figure is None:
        return None
    ends = (figure["low"], figure["high"]) if figure["low"] else None
    low, high = inverse(ends, tokens) or (None, None)
    one = {"sequence": tokens / figure["median"], "sequence_low": low, "sequence_high": high}
    all_of = {name.replace("sequence", "total"): value and value * case.batch_size for name, value in one.items()}
    return one | all_of
