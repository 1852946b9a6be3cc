"""95 % confidence intervals of shares of right answers, and of the difference of two. Torch-free.

All are made of Wilson's interval, which unlike the normal approximation's has a width at 0 and at 1, and stays
between them.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

Z = NormalDist().inv_cdf(0.975)


class Interval(NamedTuple):
    """Both ends, in the unit of what they are about."""

    low: float
    high: float

    def times(self, factor: float) -> Interval:
        """The interval in another unit; factor is above 0."""
        return Interval(factor * self.low, factor * self.high)


def wilson(correct: int, total: int) -> Interval:
    """The score interval of the share correct / total, total above 0.

    (2 k + z^2 -+ z sqrt(z^2 + 4 k (n - k) / n)) / (2 (n + z^2)), k of n being right: E. B. Wilson, J. Am. Stat.
    Assoc. 22, 1927, pp. 209 to 212.
    """
    middle = 2 * correct + Z**2
    half = Z * sqrt(Z**2 + 4 * correct * (total - correct) / total)
    low, high = ((middle + sign * half) / (2 * (total + Z**2)) for sign in (-1, 1))
    return Interval(0.0 if correct == 0 else low, 1.0 if correct == total else high)


def unpaired_difference(of: tuple[int, int], to: tuple[int, int]) -> Interval:
    """Of the share `of` less the share `to`, each (correct, total) of questions of its own.

    Method 10, the squares of Wilson's distances added: R. G. Newcombe, Stat. Med. 17, 1998, pp. 873 to 890.
    """
    return _squared_and_added(of, to, correlation=0)


def paired_difference(both: int, only_of: int, only_to: int, neither: int) -> Interval:
    """Of the share `of` less the share `to`, where the same questions were answered; the counts are of questions.

    Method 10: as `unpaired_difference`, less the two's correlation phi, which is corrected by half the number of
    questions: R. G. Newcombe, Stat. Med. 17, 1998, pp. 2635 to 2650.
    """
    total = both + only_of + only_to + neither
    of, to = both + only_of, both + only_to
    spread = sqrt(of * (total - of) * to * (total - to))
    covered = both * neither - only_of * only_to
    corrected = covered if covered < 0 else max(covered - total / 2, 0)
    return _squared_and_added((of, total), (to, total), corrected / spread if spread else 0)


def _squared_and_added(of: tuple[int, int], to: tuple[int, int], correlation: float) -> Interval:
    (first, of_ends), (second, to_ends) = ((correct / total, wilson(correct, total)) for correct, total in (of, to))
    down, up = (first - of_ends.low, to_ends.high - second), (of_ends.high - first, second - to_ends.low)
    widths = [sqrt(max(a**2 - 2 * correlation * a * b + b**2, 0)) for a, b in (down, up)]
    return Interval(first - second - widths[0], first - second + widths[1])
