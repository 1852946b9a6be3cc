"""How the items of acceptance say what they found: a row for each thing compared or measured. Torch-free."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# noted: a number that has no bound, or something that the engine does not rely on
PASS, FAIL, NOTED, ABSENT = "pass", "FAIL", "noted", "not here"
LONGEST = 300  # letters of an error's line


class NotHereError(Exception):
    """What an item or a check cannot look at on this machine, and why."""


@dataclass(frozen=True)
class Options:
    """device: cpu, cuda or npu. model, quant, prompts: the demo's, or None. quick: tiny sizes, no times to trust."""

    device: str
    model: Path | None = None
    quant: Path | None = None
    prompts: Path | None = None
    quick: bool = False


@dataclass(frozen=True)
class Found:
    """A verdict and its numbers; a list of numbers is of repeats.

    spent: after an error of an operator, torch_npu computes nothing more in this process, and says so only at times.
    """

    verdict: str
    numbers: dict[str, Any] = field(default_factory=dict)
    spent: bool = False


@dataclass(frozen=True)
class Check:
    """One thing to compare or measure; `function` may raise, which is this check's failure alone."""

    what: str
    function: Callable[[], Found]

    def found(self) -> Found:
        try:
            return self.function()
        except Exception as error:
            return of_error(error)


def of_error(error: BaseException) -> Found:
    """One line; of what raised it, where torch wraps that, as it does while it loads torch_npu."""
    error = error.__cause__ or error
    text = " ".join(str(error).split())[:LONGEST]
    if isinstance(error, NotHereError):
        return Found(ABSENT, {"because": text})
    return Found(FAIL, {"error": f"{type(error).__name__}: {text}"}, spent=True)


def row(what: str, found: Found) -> dict[str, Any]:
    """A check as the file has it: numbers that JSON lacks are text."""
    numbers = {name: _finite(value) for name, value in found.numbers.items()}
    return {"what": what, "verdict": found.verdict, "numbers": numbers}


def line(row: dict[str, Any]) -> str:
    """A check as it is printed."""
    numbers = ", ".join(f"{name} {_shown(value)}" for name, value in row["numbers"].items())
    return f"  {row['verdict']:8}  {row['what']}" + (f": {numbers}" if numbers else "")


def verdict_of(rows: Iterable[dict[str, Any]]) -> str:
    """FAIL where one row failed, else pass where one was compared, else noted or not here."""
    verdicts = {row["verdict"] for row in rows}
    return next(verdict for verdict in (FAIL, PASS, NOTED, ABSENT) if verdict in verdicts)


def _finite(value: Any) -> Any:
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"{statistics.median(value):.4g} ({min(value):.4g} to {max(value):.4g})"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


# ---- verdicts ------------------------------------------------------------------------------------------------


def judged(passed: bool, **numbers: Any) -> Found:
    return Found(PASS if passed else FAIL, numbers)


def noted(**numbers: Any) -> Found:
    return Found(NOTED, numbers)


def relative(found: Any, expected: Any) -> float:
    """The largest |found - expected| over the largest |expected| of two tensors of one shape; NaN where one is."""
    if found.shape != expected.shape:
        raise ValueError(f"shape {list(found.shape)}, expected {list(expected.shape)}")
    found, expected = found.detach().cpu().double(), expected.detach().cpu().double()
    return ((found - expected).abs().max() / expected.abs().max()).item()


def within(found: Any, expected: Any, bound: float) -> Found:
    """Whether `relative` is at most `bound`; NaN is not."""
    difference = relative(found, expected)
    return judged(difference <= bound, difference=difference, bound=bound)


def same_bits(found: Any, expected: Any) -> Found:
    """Whether two tensors of one dtype and shape are equal in every number."""
    if (found.dtype, found.shape) != (expected.dtype, expected.shape):
        raise ValueError(f"{found.dtype} {list(found.shape)}, expected {expected.dtype} {list(expected.shape)}")
    different = int((found.cpu() != expected.cpu()).sum())
    return judged(different == 0, different=different, of=found.numel())
