"""Running every case on an engine, and the statistics of its times. Imports no torch.

The terms are those of the serving benchmarks. TTFT: time to first token, the host's work included. TPOT: time
per output token after the first. Both are medians over repeats; percentiles are over tokens.
"""

from __future__ import annotations

import logging
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy
from tqdm import tqdm

from baichuan2.engine.protocols import Timed
from baichuan2.errors import PeerLostError, UserError
from baichuan2.integrity import RECORD_BYTES, read_sealed
from baichuan2.speed.cases import MODES, Case
from baichuan2.speed.timing import Run, time_run

FORMAT: dict[str, str | int] = {"format": "baichuan2-perf", "version": 1}
OUT_OF_MEMORY = "out of memory"
OUT_OF_MEMORY_HERE = (
    "out of memory on rank {} and not on all, in the case {} x {} -> {}; lower engine.max_seq_len or "
    "perf.max_len_exp, or free that card"
)
# CUDA and NPU say the first, the CPU's allocator the others; torch.OutOfMemoryError is a RuntimeError.
_MEMORY_MESSAGES = ("out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory")

log = logging.getLogger(__name__)


def measure_cases(
    engine: Timed,
    cases: Sequence[Case],
    mode: str = "detail",
    warmup: int = 1,
    repeats: int = 3,
    seed: int = 0,
    run: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Measure every case; returns the JSON-ready measurement, the same on every rank.

    One run of the largest legal case comes first; then each case is run `warmup` times unmeasured and
    `repeats` times measured. A case with a reason, or for which memory does not suffice on some rank, has
    its reason and no numbers. run: what else describes the run, copied in: model, model_name, precision,
    dtype, device (cpu, cuda or npu), demo. Raises UserError for settings that measure nothing.

    Keys: those of `run`; mode, warmup, repeats, seed, world_size, max_seq_len, weight_bytes,
    read_bandwidth (bytes/s, measured on this rank), environment, cases (see `case_statistics`).
    """
    _check(mode, warmup, repeats)
    bandwidth = engine.device.read_bandwidth()
    legal = [case for case in cases if case.reason is None]
    measured = []
    total = len(legal) * (warmup + repeats)
    with tqdm(total=total, unit="run", mininterval=1, disable=engine.rank != 0) as progress:
        if legal:
            _warm_up(engine, max(legal, key=_size), mode, seed)
        for case in cases:
            progress.set_postfix_str(f"{case.batch_size} x {case.input_len} -> {case.output_len}")
            measured.append(_measure_case(engine, case, mode, warmup, repeats, seed, progress))
    for entry in measured:
        _add_bandwidth_share(entry, bandwidth)
    return {
        **FORMAT,
        **(run or {}),
        "mode": mode,
        "warmup": warmup,
        "repeats": repeats,
        "seed": seed,
        "world_size": engine.world_size,
        "max_seq_len": engine.max_seq_len,
        "weight_bytes": engine.weight_bytes,
        "read_bandwidth": bandwidth,
        "environment": engine.environment(),
        "cases": measured,
    }


def read_measurement(path: Path) -> dict[str, Any]:
    """The measurement in a json file; raises UserError if it is something else."""
    return read_sealed(path, RECORD_BYTES, FORMAT)


def case_statistics(case: Case, runs: Sequence[Run], mode: str) -> dict[str, Any]:
    """What the tables say of a case, from its measured runs. Times in seconds.

    A spread is {"median", "min", "max"} over the runs. response_s, ttft_s, tpot_s: spreads; tpot_s is a run's
    mean over its tokens after the first. first, next: the spreads of pre_s, forward_s, post_s of the first
    token, and of the mean of the others. token_s: mean, std (population), min, p50, p90, p99 and count of the
    single tokens' times after the first, all runs together. prefill_tokens_per_s = input / TTFT and
    decode_tokens_per_s = 1 / TPOT: for one sequence, and times the batch. runs: every time measured.
    None stands for what does not exist: no next token where output_len is 1; in mode normal no split, no
    single tokens, and no TPOT where the clock's noise left none (see note).
    """
    ttft, tpot, single, first, later = (_detail if mode == "detail" else _normal)(case, runs)
    noisy = tpot is not None and min(tpot) <= 0
    ttft, tpot = _spread(ttft), None if noisy else _spread(tpot)
    return {
        "note": "generating all tokens took no longer than generating one" if noisy else None,
        "response_s": _spread([run.response_s for run in runs]),
        "ttft_s": ttft,
        "tpot_s": tpot,
        "token_s": _distribution(single),
        "first": first,
        "next": later,
        "prefill_tokens_per_s": _rate(case, case.input_len, ttft),
        "decode_tokens_per_s": _rate(case, 1, tpot),
        "runs": [asdict(run) for run in runs],
    }


def _check(mode: str, warmup: int, repeats: int) -> None:
    if mode not in MODES:
        raise UserError(f"perf.mode: {mode!r} is not one of {', '.join(MODES)}")
    if warmup < 0 or repeats < 1:
        raise UserError(f"perf.warmup, perf.repeats: {warmup} and {repeats} must be at least 0 and 1")


def _size(case: Case) -> int:
    return case.batch_size * (case.input_len + case.output_len)


def _warm_up(engine: Timed, case: Case, mode: str, seed: int) -> None:
    """The largest case first, so that memory is laid out once; its own row says so if it does not fit."""
    if _try_run(engine, case, mode, seed) is None:
        log.warning("the warm-up of %s x %s -> %s ran out of memory", *_lengths(case))


def _measure_case(
    engine: Timed, case: Case, mode: str, warmup: int, repeats: int, seed: int, progress: tqdm
) -> dict[str, Any]:
    entry: dict[str, Any] = asdict(case)
    if case.reason:
        return entry
    engine.device.reset_peak_memory()
    runs = []
    for index in range(warmup + repeats):
        run = _try_run(engine, case, mode, seed)
        if run is None:
            progress.update(warmup + repeats - index)
            return {**entry, "reason": OUT_OF_MEMORY}
        progress.update(1)
        if index >= warmup:
            runs.append(run)
    # The mean length of the cache that a decode step reads: half of the new tokens are there.
    kv_bytes = engine.kv_bytes(case.batch_size, case.input_len + case.output_len // 2)
    return {
        **entry,
        **case_statistics(case, runs, mode),
        "peak_memory_bytes": int(engine.max_over_ranks([float(engine.device.peak_memory())])[0]),
        "weight_bytes": engine.weight_bytes,
        "kv_bytes": kv_bytes,
    }


def _try_run(engine: Timed, case: Case, mode: str, seed: int) -> Run | None:
    """One run, its times the maximum over the ranks; None where the ranks' memory did not suffice.

    Raises UserError where it did on some ranks alone.
    """
    run = None
    try:
        run = time_run(engine, *_lengths(case), mode, seed)
    except (MemoryError, RuntimeError) as error:
        if not _is_out_of_memory(error):
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
    _check_run(case, run, mode)
    return _slowest(engine, run)


def _is_out_of_memory(error: Exception) -> bool:
    text = str(error).lower()
    return isinstance(error, MemoryError) or any(message in text for message in _MEMORY_MESSAGES)


def _lengths(case: Case) -> tuple[int, int, int]:
    return case.batch_size, case.input_len, case.output_len


def _check_run(case: Case, run: Run, mode: str) -> None:
    """A case that an end-of-sequence token stopped early would pass for a fast one."""
    counts = {len(run.pre_s), len(run.forward_s), len(run.post_s)}
    if mode == "detail" and counts != {case.output_len}:
        raise ValueError(f"the engine timed {sorted(counts)} tokens of {case.output_len}")
    if mode == "normal" and (run.first_s is None or run.total_s is None):
        raise ValueError("the engine gave no first_s or total_s in mode normal")


def _slowest(engine: Timed, run: Run) -> Run:
    """Each time's maximum over the ranks: a step is done when the last rank is."""
    lists = [run.pre_s, run.forward_s, run.post_s]
    singles = [time for time in (run.response_s, run.first_s, run.total_s) if time is not None]
    times = iter(engine.max_over_ranks([time for part in [singles, *lists] for time in part]))
    response = next(times)
    first, total = (None if time is None else next(times) for time in (run.first_s, run.total_s))
    pre, forward, post = ([next(times) for _ in part] for part in lists)
    return Run(response, pre, forward, post, first, total)


def _detail(case: Case, runs: Sequence[Run]) -> tuple[Any, ...]:
    """Each run's TTFT and TPOT, all single tokens' times, and the split of the first and of the next tokens."""
    parts = {name: numpy.array([getattr(run, name) for run in runs]) for name in ("pre_s", "forward_s", "post_s")}
    tokens = parts["pre_s"] + parts["forward_s"] + parts["post_s"]  # [runs, tokens]
    first = {name: _spread(times[:, 0]) for name, times in parts.items()}
    if case.output_len == 1:
        return tokens[:, 0], None, None, first, None
    later = {name: _spread(_means(times[:, 1:])) for name, times in parts.items()}
    return tokens[:, 0], _means(tokens[:, 1:]), tokens[:, 1:], first, later


def _normal(case: Case, runs: Sequence[Run]) -> tuple[Any, ...]:
    """As `_detail`, of which it has TTFT and TPOT only."""
    first, total = (numpy.array([getattr(run, name) for run in runs]) for name in ("first_s", "total_s"))
    steps = case.output_len - 1
    return first, (total - first) / steps if steps else None, None, None, None


def _means(times: numpy.ndarray) -> list[float]:
    """Of each run, exactly rounded."""
    return list(map(statistics.fmean, times))


def _spread(times: Sequence[float] | numpy.ndarray | None) -> dict[str, float] | None:
    """Over the runs."""
    if times is None:
        return None
    return {name: float(of(times)) for name, of in (("median", numpy.median), ("min", min), ("max", max))}


def _distribution(times: numpy.ndarray | None) -> dict[str, float] | None:
    if times is None:
        return None
    p50, p90, p99 = map(float, numpy.percentile(times, [50, 90, 99]))
    spread = {"mean": statistics.fmean(times.flat), "std": float(times.std()), "min": float(times.min())}
    return {**spread, "p50": p50, "p90": p90, "p99": p99, "count": times.size}


def _rate(case: Case, tokens: int, spread: dict[str, float] | None) -> dict[str, float] | None:
    """tokens / median time, for one sequence and for the whole batch, in tokens/s."""
    if spread is None:
        return None
    sequence = tokens / spread["median"]
    return {"sequence": sequence, "total": sequence * case.batch_size}


def _add_bandwidth_share(entry: dict[str, Any], bandwidth: float) -> None:
    """(weights + mean KV cache) / TPOT / bandwidth: how near decode is to its limit, 1 being there."""
    if entry["reason"]:
        return
    tpot = entry["tpot_s"]
    read = entry["weight_bytes"] + entry["kv_bytes"]
    entry["bandwidth_share"] = read / tpot["median"] / bandwidth if tpot else None
