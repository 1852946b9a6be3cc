"""The outcomes of acceptance: a row for each thing that is compared or measured. Torch-free."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from baichuan2.errors import one_line

# noted: a number that has no bound, or something that the engine does not rely on
PASS, FAIL, NOTED, ABSENT = "pass", "FAIL", "noted", "not here"
MAX_ERROR_LENGTH = 300  # characters


class NotHereError(Exception):
    """This machine lacks what an item or a check needs; the message says what."""


@dataclass(frozen=True)
class Options:
    """device: cpu, cuda or npu. quick: tiny sizes, meaningless times.

    model, quant, prompts: the demo's, or of a larger model that computes it, or None. known_model, known_quant: the
    demo's own, where those are of a larger one.
    """

    device: str
    model: Path | None = None
    quant: Path | None = None
    prompts: Path | None = None
    quick: bool = False
    known_model: Path | None = None
    known_quant: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """A verdict and its numbers; a list holds the numbers of repeats.

    restart: after an operator's error torch_npu computes nothing more in this process, and does not always say so.
    """

    verdict: str
    numbers: dict[str, Any] = field(default_factory=dict)
    restart: bool = False


@dataclass(frozen=True)
class Check:
    """One thing to compare or measure; where `function` raises, this check alone fails."""

    what: str
    function: Callable[[], Outcome]

    def run(self) -> Outcome:
        try:
            return self.function()
        except Exception as error:
            return error_outcome(error)


def error_outcome(error: BaseException) -> Outcome:
    """One line, of the cause where there is one: torch wraps the errors of loading torch_npu."""
    error = error.__cause__ or error
    text = one_line(error, MAX_ERROR_LENGTH)
    if isinstance(error, NotHereError):
        return Outcome(ABSENT, {"because": text})
    return Outcome(FAIL, {"error": f"{type(error).__name__}: {text}"}, restart=True)


def make_row(what: str, outcome: Outcome) -> dict[str, Any]:
    """A check as the file holds it; numbers that JSON lacks become text."""
    numbers = {name: _finite(value) for name, value in outcome.numbers.items()}
    return {"what": what, "verdict": outcome.verdict, "numbers": numbers}


def format_row(row: dict[str, Any]) -> str:
    """A check as one printed line."""
    numbers = ", ".join(f"{name} {_format_value(value)}" for name, value in row["numbers"].items())
    return f"  {row['verdict']:8}  {row['what']}" + (f": {numbers}" if numbers else "")


def verdict_of(rows: Iterable[dict[str, Any]]) -> str:
    """FAIL if a row failed, else pass if a row passed, else noted if one was measured, else not here."""
    verdicts = {row["verdict"] for row in rows}
    return next(verdict for verdict in (FAIL, PASS, NOTED, ABSENT) if verdict in verdicts)


def _finite(value: Any) -> Any:
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _format_value(value: Any) -> str:
    if isinstance(value, list):
        return f"{statistics.median(value):.4g} ({min(value):.4g} to {max(value):.4g})"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


# ---- verdicts ------------------------------------------------------------------------------------------------


def judge(passed: bool, **numbers: Any) -> Outcome:
    return Outcome(PASS if passed else FAIL, numbers)


def note(**numbers: Any) -> Outcome:
    return Outcome(NOTED, numbers)


def relative(result: Any, expected: Any) -> float:
    """The largest |result - expected| over the largest |expected| of two tensors of one shape; NaN where one is."""
    if result.shape != expected.shape:
        raise ValueError(f"shape {list(result.shape)}, expected {list(expected.shape)}")
    result, expected = result.detach().cpu().double(), expected.detach().cpu().double()
    return ((result - expected).abs().max() / expected.abs().max()).item()


def within(result: Any, expected: Any, bound: float) -> Outcome:
    """Whether `relative` is at most `bound`; NaN is not."""
    difference = relative(result, expected)
    return judge(difference <= bound, difference=difference, bound=bound)


def same_bits(result: Any, expected: Any) -> Outcome:
    """Whether two tensors of one dtype and shape are equal in every number."""
    if (result.dtype, result.shape) != (expected.dtype, expected.shape):
        raise ValueError(f"{result.dtype} {list(result.shape)}, expected {expected.dtype} {list(expected.shape)}")
    different = int((result.cpu() != expected.cpu()).sum())
    return judge(different == 0, different=different, of=result.numel())
