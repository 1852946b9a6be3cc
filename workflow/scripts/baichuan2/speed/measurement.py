"""One round of a measurement: every case run on an engine, and every time that it took."""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from tqdm import tqdm

from baichuan2.engine.protocols import Timed
from baichuan2.errors import PeerLostError, UserError, is_out_of_memory
from baichuan2.speed import load
from baichuan2.speed.cases import MODES, ROUND, Case, Run, UnmeasurableError
from baichuan2.speed.noise import noisy_figures

OUT_OF_MEMORY = "out of memory"
OUT_OF_MEMORY_HERE = (
    "out of memory on rank {} and not on all, in the case {} x {} -> {}; lower engine.max_seq_len or "
    "perf.max_len_exp, or free that card"
)

log = logging.getLogger(__name__)

# One timed run: (engine, batch size, input length, output length, mode, seed). It may raise UnmeasurableError.
TimeRun = Callable[[Any, int, int, int, str, int], Run]


def measure_cases(
    engine: Timed,
    time_run: TimeRun,
    cases: Sequence[Case],
    mode: str = "detail",
    warmup: int = 1,
    repeats: int = 2,
    seed: int = 0,
    run: dict[str, Any] | None = None,
    number: int = 1,
    max_spread: float = 0.1,
    again: int = 2,
    alone: bool = True,
) -> dict[str, Any]:
    """Measure every case in round `number`; returns the JSON-ready record of the round, the same on every rank.

    One run of the largest legal case comes first; then each case is run `warmup` times unmeasured and `repeats` times
    measured, and where a figure's spread is over `max_spread` (`noise.noisy_figures`) `repeats` times more, up
    to `again` times; all of these runs count. A case with a reason, or for which memory does not suffice on some
    rank, has its reason and no numbers. run: what else describes the run, copied in: model, model_name, precision,
    dtype, device (cpu, cuda, npu or server), demo. alone: whether other processes of this host disturb; a server that
    runs here is one, and does not. Raises UserError for settings that measure nothing.

    Keys: those of `run`; mode, warmup, repeats, seed, max_spread, again, world_size, max_seq_len, weight_bytes,
    environment, cases: of each its Case, and where it was measured runs (of `timing.Run`), peak_memory_bytes,
    weight_bytes and head_rows (as `engine.Engine` has them), kv_bytes, load (`load.between` its first run and its
    last). Of this round alone: round, began and ended (seconds since 1970), host (its name), load, read_bandwidth
    (bytes/s; measured before the cases and after them, the larger counts). Loads and bandwidth are of this rank's
    host.
    """
    _check(mode, warmup, repeats, max_spread, again)
    began, first = time.time(), load.read()
    bandwidths = [engine.device.read_bandwidth()]
    legal = [case for case in cases if case.reason is None]
    plan = _Plan(time_run, mode, warmup, repeats, seed, number, max_spread, again, alone)
    measured = []
    total = len(legal) * (warmup + repeats)
    with tqdm(total=total, unit="run", mininterval=1, disable=engine.rank != 0) as progress:
        if legal:
            _warm_up(engine, max(legal, key=_size), plan)
        for case in cases:
            progress.set_postfix_str(f"{case.batch_size} x {case.input_len} -> {case.output_len}")
            measured.append(_measure_case(engine, case, plan, progress))
    engine.drop_cache()  # whose memory the next line needs on a full card
    bandwidths.append(engine.device.read_bandwidth())
    return {
        **ROUND,
        **(run or {}),
        "mode": mode,
        "warmup": warmup,
        "repeats": repeats,
        "seed": seed,
        "max_spread": max_spread,
        "again": again,
        "world_size": engine.world_size,
        "max_seq_len": engine.max_seq_len,
        "weight_bytes": engine.weight_bytes(),
        "environment": engine.environment(),
        "round": number,
        "began": began,
        "ended": time.time(),
        "host": platform.node(),
        "load": load.between(first, load.read(), alone),
        "read_bandwidth": max((value for value in bandwidths if value is not None), default=None),
        "cases": measured,
    }


@dataclass(frozen=True)
class _Plan:
    """How each case is measured: the arguments of measure_cases."""

    time_run: TimeRun
    mode: str
    warmup: int
    repeats: int
    seed: int
    number: int
    max_spread: float
    again: int
    alone: bool


def _check(mode: str, warmup: int, repeats: int, max_spread: float, again: int) -> None:
    if mode not in MODES:
        raise UserError(f"perf.mode: {mode!r} is not one of {', '.join(MODES)}")
    if warmup < 0 or repeats < 1:
        raise UserError(f"perf.warmup, perf.repeats: {warmup} and {repeats} must be at least 0 and 1")
    if max_spread <= 0 or again < 0:
        raise UserError(f"perf.max_spread, perf.again: {max_spread} and {again} must be above 0 and at least 0")


def _size(case: Case) -> int:
    return case.batch_size * (case.input_len + case.output_len)


def _warm_up(engine: Timed, case: Case, plan: _Plan) -> None:
    """The largest case first, so that memory is laid out once; its own row says so if it does not fit."""
    try:
        if _try_run(engine, case, plan) is None:
            log.warning("the warm-up of %s x %s -> %s ran out of memory", *_lengths(case))
    except UnmeasurableError as error:
        log.warning("the warm-up of %s x %s -> %s: %s", *_lengths(case), error)


def _measure_case(engine: Timed, case: Case, plan: _Plan, progress: tqdm) -> dict[str, Any]:
    entry: dict[str, Any] = asdict(case)
    if case.reason:
        return entry
    engine.device.reset_peak_memory()
    first = load.read()
    engine.head_rows()  # counts from here on
    try:
        runs = _measured_runs(engine, case, plan, progress)
    except UnmeasurableError as error:
        return {**entry, "reason": str(error)}
    if runs is None:
        return {**entry, "reason": OUT_OF_MEMORY}
    peak = engine.device.peak_memory()
    # The mean length of the cache that a decode step reads: half of the new tokens are there.
    kv_bytes = engine.kv_bytes(case.batch_size, case.input_len + case.output_len // 2)
    return {
        **entry,
        "runs": [asdict(run) for run in runs],
        "peak_memory_bytes": None if peak is None else int(engine.max_over_ranks([float(peak)])[0]),
        "weight_bytes": engine.weight_bytes(case.batch_size),
        "head_rows": engine.head_rows(),
        "kv_bytes": kv_bytes,
        "load": load.between(first, load.read(), plan.alone),
    }


def _measured_runs(engine: Timed, case: Case, plan: _Plan, progress: tqdm) -> list[Run] | None:
    """The measured runs, those of every attempt; None where memory did not suffice.

    All ranks have the same times, and so decide alike whether there is another attempt.
    """
    runs: list[Run] = []
    for attempt in range(1, plan.again + 2):
        unmeasured = 0 if runs else plan.warmup
        for index in range(unmeasured + plan.repeats):
            run = _try_run(engine, case, plan)
            if run is None:
                progress.update(unmeasured + plan.repeats - index)
                return None
            progress.update(1)
            if index >= unmeasured:
                runs.append(replace(run, round=plan.number, attempt=attempt))
        noisy = noisy_figures(case, runs, plan.mode, plan.max_spread)
        if not noisy or attempt > plan.again:
            break
        progress.total = (progress.total or 0) + plan.repeats
    return runs


def _try_run(engine: Timed, case: Case, plan: _Plan) -> Run | None:
    """One run, its times the maximum over the ranks; None where the ranks' memory did not suffice.

    Raises UserError where it did on some ranks alone.
    """
    run = None
    began = time.time()
    try:
        run = plan.time_run(engine, *_lengths(case), plan.mode, plan.seed)
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
    # All ranks must agree on what follows, or one would wait for ever in the next case.
    try:
        if engine.ranks.on_any(run is None):
            return None
    except PeerLostError:
        if run is None:  # the others wait for this rank in a collective that it has left
            raise UserError(OUT_OF_MEMORY_HERE.format(engine.rank, *_lengths(case))) from None
        raise
    assert run is not None  # else on_any would have said so
    _check_run(case, run, plan.mode)
    return replace(_slowest(engine, run), began=began)


def _lengths(case: Case) -> tuple[int, int, int]:
    return case.batch_size, case.input_len, case.output_len


def _check_run(case: Case, run: Run, mode: str) -> None:
    """A case that an end-of-sequence token stopped early would pass for a fast one."""
    counts = {len(run.pre_s), len(run.forward_s), len(run.post_s)}
    if mode == "detail" and counts != {case.output_len}:
        raise ValueError(f"the engine timed {sorted(counts)} tokens of {case.output_len}")
    if mode != "detail" and (run.first_s is None or run.total_s is None):
        raise ValueError(f"the engine gave no first_s or total_s in mode {mode}")


def _slowest(engine: Timed, run: Run) -> Run:
    """Each time's maximum over the ranks: a step is done when the last rank is."""
    lists = [run.pre_s, run.forward_s, run.post_s]
    singles = [value for value in (run.response_s, run.first_s, run.total_s) if value is not None]
    times = iter(engine.max_over_ranks([value for part in [singles, *lists] for value in part]))
    response = next(times)
    first, total = (None if value is None else next(times) for value in (run.first_s, run.total_s))
    pre, forward, post = ([next(times) for _ in part] for part in lists)
    return replace(run, response_s=response, pre_s=pre, forward_s=forward, post_s=post, first_s=first, total_s=total)
