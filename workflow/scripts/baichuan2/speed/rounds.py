"""From the records of rounds to one measurement; and whether two measurements took turns. Torch-free."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from baichuan2.errors import UserError
from baichuan2.integrity import RECORD_BYTES, read_sealed
from baichuan2.speed import load
from baichuan2.speed.cases import ROUND, Case, Run
from baichuan2.speed.statistics import case_statistics

FORMAT: dict[str, str | int] = {"format": "baichuan2-perf", "version": 2}
OF_A_ROUND = ("round", "began", "ended", "host", "load", "read_bandwidth")  # keys that differ between rounds
CASE = ("batch_size", "input_len", "output_len")
# Of the environment, what may differ between hosts of one kind.
OF_A_HOST = ("memory_bytes", "system")


def merge(records: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The measurement of the rounds whose records (`measurement.measure_cases`) these are, {file: record}.

    Keys: those of a round (`measurement.measure_cases`), those of OF_A_ROUND in rounds, a dictionary each, instead;
    read_bandwidth is their median. Of a case: its Case, weight_bytes, head_rows and kv_bytes, peak_memory_bytes (the
    most of any round), `statistics.case_statistics`, loads (one a round) and load (`load.together`). bandwidth_share:
    (weights + mean KV cache) / TPOT / bandwidth, how near decode is to its limit, 1 being there. A case that a round
    could not run has its reason alone; None stands for what a server does not tell. Raises UserError where the rounds
    are not of one measurement.
    """
    by_file = sorted(records.items(), key=lambda pair: pair[1]["round"])
    rounds = [one for _, one in by_file]
    first_file, first = by_file[0]
    for file, one in by_file[1:]:
        if difference := _difference(first, one):
            raise UserError(f"{file}: its {difference} is not that of {first_file}; delete both and run again")
    if len({one["round"] for one in rounds}) != len(rounds):
        raise UserError(f"{first_file}: a round is there twice; give each once")
    bandwidths = [one["read_bandwidth"] for one in rounds]
    bandwidth = None if None in bandwidths else statistics.median(bandwidths)
    cases = [
        _merged_case(entries, first, bandwidth) for entries in zip(*(one["cases"] for one in rounds), strict=True)
    ]
    return {
        **{key: value for key, value in first.items() if key not in (*OF_A_ROUND, "cases")},
        **FORMAT,
        "read_bandwidth": bandwidth,
        "rounds": [{key: one[key] for key in OF_A_ROUND} for one in rounds],
        "cases": cases,
    }


def read_round(path: Path) -> dict[str, Any]:
    """The record of a round in a json file; raises UserError if it is something else."""
    return read_sealed(path, RECORD_BYTES, ROUND)


def read_measurement(path: Path) -> dict[str, Any]:
    """The measurement in a json file; raises UserError if it is something else."""
    return read_sealed(path, RECORD_BYTES, FORMAT)


def in_turns(of: Sequence[Mapping[str, Any]], to: Sequence[Mapping[str, Any]]) -> bool:
    """Whether two measurements' rounds, as `merge` has them, took turns on one host.

    That is, round k of both was over before round k + 1 of either began, and there were several.
    """
    if len(of) != len(to) or len(of) < 2 or len({one["host"] for one in (*of, *to)}) > 1:
        return False
    pairs = list(zip(of, to, strict=True))
    ends = [max(one["ended"] for one in pair) for pair in pairs[:-1]]
    begins = [min(one["began"] for one in pair) for pair in pairs[1:]]
    return all(end <= begin for end, begin in zip(ends, begins, strict=True))


def _difference(one: Mapping[str, Any], other: Mapping[str, Any]) -> str | None:
    """The first setting that differs, by its name."""
    for key in sorted({*one, *other} - {*OF_A_ROUND, "environment", "cases"}):
        if one.get(key) != other.get(key):
            return key
    for key in sorted({*one["environment"], *other["environment"]} - {*OF_A_HOST}):
        if one["environment"].get(key) != other["environment"].get(key):
            return f"environment.{key}"
    lengths = [[[case[key] for key in CASE] for case in of["cases"]] for of in (one, other)]
    return None if lengths[0] == lengths[1] else "list of cases"


def _merged_case(
    entries: Sequence[dict[str, Any]], run: Mapping[str, Any], bandwidth: float | None
) -> dict[str, Any]:
    case = Case(*(entries[0][key] for key in CASE))
    for entry in entries:
        if entry["reason"]:
            return {key: entries[0][key] for key in CASE} | {"reason": entry["reason"]}
    last = entries[-1]
    runs = [Run(**one) for entry in entries for one in entry["runs"]]
    figures = case_statistics(case, runs, run["mode"], run["max_spread"])
    peaks, tpot, share = [entry["peak_memory_bytes"] for entry in entries], figures["tpot_s"], None
    if bandwidth is not None and tpot:
        share = (last["weight_bytes"] + last["kv_bytes"]) / tpot["median"] / bandwidth
    return {
        **{key: entries[0][key] for key in (*CASE, "reason")},
        **figures,
        "peak_memory_bytes": None if None in peaks else max(peaks),
        "weight_bytes": last["weight_bytes"],
        "head_rows": last.get("head_rows"),
        "kv_bytes": last["kv_bytes"],
        "load": load.together([entry["load"] for entry in entries]),
        "loads": [entry["load"] for entry in entries],
        "bandwidth_share": share,
    }
