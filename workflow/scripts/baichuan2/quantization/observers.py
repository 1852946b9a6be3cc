"""What ModelSlim's observers see in a linear's inputs, sample by sample: its act_method 1, 2 and 3.

Each is equal to the compiled one of msmodelslim 26.1.0 (tests/test_streaming.py), its peculiarities included, which
docstrings name, but for its float32 sums, whose last bits depend on the processor's vectors. Here sums are rounded
once. So the histogram's ends are ModelSlim's to the bit, unless two errors that its search compares are within
float32's rounding; means and deviations are so to the last bits. Its histogram is that of an old
torch.ao.quantization. What calibration shows them has no dead channels.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

WIDE = torch.float64
BINS = 2048
CODES = 256
UPSAMPLE = 128  # parts of a bin that are moved as one, where the range of a histogram grows
STEP = 1e-5  # share of the values that a step of the search drops at one end
# act_method 3 takes the histogram up to this much of max|x| / std, and above it the mean of extrema
HISTOGRAM_UP_TO = 50.0
SPREAD_SAMPLES = 5  # ModelSlim looks at the first five samples for it


class MeanOfExtrema:
    """act_method 1: the mean over samples of the smallest and of the largest value."""

    def __init__(self):
        self._lows: list[Tensor] = []
        self._highs: list[Tensor] = []

    def update(self, x: Tensor) -> None:
        low, high = torch.aminmax(x)
        self._lows.append(low)
        self._highs.append(high)

    def range(self) -> tuple[Tensor, Tensor]:
        """(low, high), float32 scalars."""
        return torch.stack(self._lows).mean(dtype=WIDE).float(), torch.stack(self._highs).mean(dtype=WIDE).float()


class Spread:
    """max|x| / std, by which act_method 3 and disable_level decide.

    As ModelSlim has it: std is the largest of the first five samples', each of x less the sum (not the mean) of
    every channel's extrema.
    """

    def __init__(self):
        self._samples = 0
        self._largest = self._std = torch.tensor(0.0, dtype=WIDE)

    def update(self, x: Tensor) -> None:
        """x [..., I]."""
        self._samples += 1
        if self._samples > SPREAD_SAMPLES:
            return
        rows = x.reshape(-1, x.shape[-1])
        shift = rows.amax(0) + rows.amin(0)
        self._largest = torch.maximum(self._largest, rows.abs().max())
        self._std = torch.maximum(self._std, (rows - shift).to(WIDE).std())

    def ratio(self) -> float:
        if not self._largest:  # of nothing but zeros, which int8 holds exactly
            return 0.0
        return (self._largest / self._std).float().item()


class Histogram:
    """act_method 2: a histogram over all samples, and the range of it whose 256 codes have the least squared error.

    As ModelSlim has it: a sample is counted between the range's ends cut to whole numbers, and what lies outside is
    dropped; between two equal ones torch.histc takes the sample's own ends.
    """

    def __init__(self):
        self._counts: Tensor | None = None
        self._low: Tensor  # this and the next are there with the counts
        self._high: Tensor

    def update(self, x: Tensor) -> None:
        low, high = torch.aminmax(x)
        if self._counts is None or self._low == self._high:
            self._low, self._high, self._counts = low, high, _count(x, low, high)
            return
        low, high = torch.minimum(low, self._low), torch.maximum(high, self._high)
        part = (self._high - self._low) / (BINS * UPSAMPLE)
        parts_a_bin = int(torch.ceil((high - low) / (part * BINS)).item())
        high = high + (part * BINS * parts_a_bin - (high - low))
        start = int(torch.round((self._low - low) / part).item())
        counts = _count(x, low, high)
        same = torch.equal(low, self._low) and torch.equal(high, self._high)
        self._counts = counts + (self._counts if same else _moved(self._counts, parts_a_bin, start))
        self._low, self._high = low, high

    def range(self) -> tuple[Tensor, Tensor]:
        """(low, high), float32 scalars.

        The end whose next STEP of the values takes more bins moves inwards past them, as long as the error of
        quantizing what remains falls: NormMinimization of caffe2/quantization/server/norm_minimization.cc.
        """
        assert self._counts is not None
        total, sums = _sum(self._counts), self._counts.cumsum(0)
        alpha, beta, start, end = 0.0, 1.0, 0, BINS - 1
        least = float("inf")
        while alpha < beta:
            left = max(start, min(end, _first(sums >= (alpha + STEP) * total)))
            right = min(end, max(start, BINS - 1 - _first((sums <= (beta - STEP) * total).flip(0))))
            if left - start > end - right:
                alpha, following = alpha + STEP, (left, end)
            else:
                beta, following = beta - STEP, (start, right)
            if following == (start, end):
                continue
            error = self._error(*following)
            if error > least:
                break
            least, (start, end) = error, following
        width = (self._high - self._low) / BINS
        return self._low + width * start, self._low + width * (end + 1)

    def _error(self, start: int, end: int) -> float:
        """The squared error of quantizing the values to the codes of the bins start to end."""
        assert self._counts is not None
        width = (self._high.item() - self._low.item()) / BINS
        code = width * (end - start + 1) / CODES
        if code == 0.0:
            return 0.0
        begins = (torch.arange(BINS) - start) * width
        ends = begins + width
        first, last = (torch.div(x, code, rounding_mode="floor").clamp(0, CODES - 1) for x in (begins, ends))
        density = self._counts / width
        half = torch.tensor(code / 2)
        error = _norm(begins - (first + 0.5) * code, half, density)
        error = error + (last - first - 1) * _norm(-half, half, density)
        return _sum(error + _norm(-half, ends - (last * code + code / 2), density))


def _sum(values: Tensor) -> float:
    """The sum of float32 values [n], rounded once, so that their order is nothing to it."""
    return math.fsum(values.tolist())


def _norm(begin: Tensor, end: Tensor, density: Tensor) -> Tensor:
    """The integral of density * x^2 from begin to end."""
    return density * ((end * end * end - begin * begin * begin) / 3)


def _count(x: Tensor, low: Tensor, high: Tensor) -> Tensor:
    return torch.histc(x, BINS, min=int(low.item()), max=int(high.item()))


def _moved(counts: Tensor, parts_a_bin: int, start: int) -> Tensor:
    """A histogram in bins of `parts_a_bin` UPSAMPLE-th parts of its own, which begin `start` parts before it."""
    parts = torch.zeros(BINS * parts_a_bin)
    parts[start : start + BINS * UPSAMPLE] = counts.repeat_interleave(UPSAMPLE)
    sums = parts.cumsum(0, dtype=torch.float64)[parts_a_bin - 1 :: parts_a_bin]
    before = torch.zeros(BINS)
    before[1:] = sums[:-1]  # rounded to float32, as ModelSlim does
    return ((sums - before) / UPSAMPLE).float()


def _first(mask: Tensor) -> int:
    """The index of the first True, or the length."""
    return int(mask.byte().argmax()) if mask.any() else len(mask)
