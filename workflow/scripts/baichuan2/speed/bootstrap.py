"""95 % intervals of figures that several rounds measured, and of their ratios. Torch-free.

The bootstrap is over whole rounds: a resample draws as many rounds as there are, with replacement, each with all of
its runs, and computes the figure anew. A round is drawn whole because the runs in it share what the host did at that
time, and because the difference between rounds already holds that between runs and tokens (A. C. Davison, D. V.
Hinkley, Bootstrap Methods and their Application, 1997, section 3.8: of nested data the outer level alone is resampled
with replacement). So drift from round to round widens an interval, and many tokens of one round do not narrow it.

With 3 rounds the percentiles of the resamples hold the truth in about 75 % of cases, not 95 %. The interval is
therefore the t interval with the bootstrap standard error, which is widened by sqrt(n / (n - 1)), since n rounds
resampled vary too little by that (T. C. Hesterberg, The American Statistician 69, 2015, pp. 371 to 386). It is taken
of logarithms: times are positive, and the interval of 1 / time or of a ratio is then the same one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import cos, exp, pi, sin, sqrt

import numpy

from baichuan2.speed.noise import Rounds

RESAMPLES = 2000
Ends = tuple[float, float]


def median_interval(rounds: Rounds) -> Ends | None:
    """Of the median over the runs of all rounds; None of fewer than 2 rounds."""
    return mean_interval([rounds])


def mean_interval(cases: Sequence[Rounds]) -> Ends | None:
    """Of the mean over cases of each one's median; None of fewer than 2 rounds.

    All cases were measured in the same rounds, so that one draw of rounds is that of all cases.
    """
    count = len(cases[0])
    if count < 2:
        return None
    return _interval(_mean(cases), numpy.log(_resampled_means(cases, draws(count))), count)


def ratio_interval(of: Sequence[Rounds], to: Sequence[Rounds], in_turns: bool) -> Ends | None:
    """Of the ratio of two such means; None where either has fewer than 2 rounds.

    in_turns: round k of either was measured beside round k of the other: a draw of rounds is then that of both, and
    what the host did to both falls out of the ratio.
    """
    counts = [len(cases[0]) for cases in (of, to)]
    if min(counts) < 2:
        return None
    paired = in_turns and counts[0] == counts[1]
    drawn = draws(counts[0]), draws(counts[1], seed=0 if paired else 1)
    logarithms = [numpy.log(_resampled_means(cases, draw)) for cases, draw in zip((of, to), drawn, strict=True)]
    return _interval(_mean(of) / _mean(to), logarithms[0] - logarithms[1], min(counts))


def inverse(ends: Ends | None, factor: float = 1) -> Ends | None:
    """The interval of factor / figure, such as of a rate from that of a time."""
    return ends and (factor / ends[1], factor / ends[0])


@cache
def draws(rounds: int, seed: int = 0) -> numpy.ndarray:
    """int [RESAMPLES, rounds]: which rounds each resample has, the same ones in every process."""
    return numpy.random.default_rng([seed, rounds]).integers(rounds, size=(RESAMPLES, rounds))


@cache
def t_quantile(freedom: int, share: float = 0.95) -> float:
    """The t for which Student's distribution of `freedom` degrees has `share` of itself in -t to t, by bisection."""
    low, high = 0.0, pi / 2  # of the angle atan(t / sqrt(freedom))
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_share(middle, freedom) < share else (low, middle)
    return sqrt(freedom) * sin(low) / cos(low)


def _t_share(angle: float, freedom: int) -> float:
    """M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 1964, 26.7.3 and 26.7.4."""
    odd = freedom % 2
    term = total = 0.0
    for k in range(odd, freedom - 1, 2):  # powers of the cosine up to freedom - 2
        term = term * cos(angle) ** 2 * (k - 1) / k if term else (cos(angle) if odd else 1.0)
        total += term
    return 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total


def _interval(value: float, logarithms: numpy.ndarray, rounds: int) -> Ends:
    half = t_quantile(rounds - 1) * sqrt(rounds / (rounds - 1)) * float(logarithms.std())
    half = min(half, 700.0)  # exp's range
    return value * exp(-half), value * exp(half)


def _mean(cases: Sequence[Rounds]) -> float:
    return float(numpy.mean([numpy.median([value for runs in rounds for value in runs]) for rounds in cases]))


def _resampled_means(cases: Sequence[Rounds], drawn: numpy.ndarray) -> numpy.ndarray:
    """[RESAMPLES] of the mean over cases of the median over the drawn rounds' runs."""
    return numpy.mean([_resampled_medians(rounds, drawn) for rounds in cases], axis=0)


def _resampled_medians(rounds: Rounds, drawn: numpy.ndarray) -> numpy.ndarray:
    """[RESAMPLES] of the median of all runs of the drawn rounds, of which one may have more than another."""
    counts = numpy.array([len(runs) for runs in rounds])
    padded = numpy.full((len(rounds), counts.max()), numpy.inf)
    for row, runs in zip(padded, rounds, strict=True):
        row[: len(runs)] = runs
    values = numpy.sort(padded[drawn].reshape(len(drawn), -1))  # what pads stands last
    total = counts[drawn].sum(axis=1)
    rows = numpy.arange(len(drawn))
    return (values[rows, (total - 1) // 2] + values[rows, total // 2]) / 2
