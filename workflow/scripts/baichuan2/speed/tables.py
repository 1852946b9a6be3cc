"""From a measurement to the guide's csv and to tables that say more. Torch-free."""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tabulate import tabulate

from baichuan2.files import write_text
from baichuan2.integrity import write_sealed

# The guide's header, verbatim: people's scripts read these names.
GUIDE_HEADER = (
    "batch_size,input_seq_len(Encoding),output_seq_len(Decoding),ResponseTime(s),"
    "forward_first_token_time(ms),forward_next_token_time(ms),pre_next_token_time(ms),"
    "post_next_token_time_post(ms)"
)
DEMO = "These are the demo model's times, not Baichuan2's."
NOTHING = "n/a"


def write_tables(out: Path, measurement: dict[str, Any]) -> dict[str, Any]:
    """Write the guide's csv, cases.csv, summary.json and summary.md to out/; returns the summary."""
    out = Path(out)
    summary = summarise(measurement)
    write_text(out / guide_csv_name(measurement), guide_csv(measurement))
    write_text(out / "cases.csv", cases_csv(measurement))
    write_sealed(out / "summary.json", summary)
    write_text(out / "summary.md", markdown(measurement))
    return summary


def guide_csv_name(measurement: dict[str, Any]) -> str:
    """performance_test_{device}_{model_name}_{dtype, or w8a8, w8a8-dynamic}_bs{sizes}.csv.

    device is npu, cuda or cpu.
    """
    sizes = sorted({case["batch_size"] for case in measurement["cases"]})
    precision = measurement.get("precision", "float")
    kind = measurement["dtype"] if precision == "float" else precision
    stem = f"{measurement['device']}_{measurement['model_name']}_{kind}".replace("/", "-")
    return f"performance_test_{stem}_bs{'-'.join(map(str, sizes))}.csv"


def guide_csv(measurement: dict[str, Any]) -> str:
    """The guide's csv. A cell is empty where there is no such time: n/a cases, next tokens of one token."""
    text = io.StringIO()
    text.write(GUIDE_HEADER + "\n")
    writer = csv.writer(text, lineterminator="\n")
    for case in measurement["cases"]:
        lengths = [case["batch_size"], case["input_len"], case["output_len"]]
        writer.writerow([*lengths, *map(_number, _guide_times(case))])
    return text.getvalue()


def cases_csv(measurement: dict[str, Any]) -> str:
    """Every case with every figure, one column each; reason is empty where the case was measured."""
    rows = [_flat_case(case) for case in measurement["cases"]]
    columns = list(dict.fromkeys(name for row in sorted(rows, key=len, reverse=True) for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def summarise(measurement: dict[str, Any]) -> dict[str, Any]:
    """The measurement without its single times, and the guide's means over the grid.

    means: {batch size: {"first_ms", "next_ms", "first_tokens_per_s", "next_tokens_per_s", "cases"}}: mean
    over the measured cases of the forward time of the first token and of a next one, in ms, and 1000 / that,
    so that the two units agree. A mean is None where nothing was measured; "cases" says over how many the two
    were taken, as [first, next].
    """
    cases = [{key: case[key] for key in case if key != "runs"} for case in measurement["cases"]]
    sizes = sorted({case["batch_size"] for case in cases})
    means = {str(size): _means([c for c in cases if c["batch_size"] == size]) for size in sizes}
    rest = {key: value for key, value in measurement.items() if key not in ("cases", "format", "version")}
    return {"run": rest, "means": means, "cases": cases}


def speed_table(measurement: dict[str, Any]) -> str:
    """The means over the grid and the cases, as a text table for a terminal."""
    return _report(measurement, "simple", heading="")


def markdown(measurement: dict[str, Any]) -> str:
    """summary.md: means over the grid, the cases, what each token took, and the run with its environment."""
    tokens = [_token_row(case) for case in measurement["cases"] if case.get("token_s")]
    run = _flat({key: value for key, value in measurement.items() if key != "cases"})
    parts = [_report(measurement, "github", heading="# ")]
    if tokens:
        columns = ["batch", "input", "output", "mean", "std", "min", "p50", "p90", "p99"]
        columns += ["pre", "forward", "post"]
        parts += ["## Next tokens, in ms, over all repeats", _table(tokens, columns, "github")]
    parts += ["## Run", tabulate(run.items(), ["", "value"], tablefmt="github", disable_numparse=True)]
    return "\n\n".join(parts) + "\n"


def _report(measurement: dict[str, Any], style: str, heading: str) -> str:
    known = [measurement.get(key) for key in ("model", "precision", "dtype", "device")]
    title = "Speed: " + ", ".join(str(part) for part in known if part)
    columns = ["batch", "input", "output", "TTFT ms", "TPOT ms", "spread ms", "response s", "prefill tok/s"]
    columns += ["decode tok/s", "total tok/s", "read MiB", "bandwidth", "peak MiB"]
    means = [_mean_row(size, mean) for size, mean in summarise(measurement)["means"].items()]
    repeats = f"Medians of {measurement['repeats']} runs after {measurement['warmup']} warm-up, mode "
    notes = [note for case in measurement["cases"] if (note := _note(case))]
    parts = [
        heading + title,
        *([DEMO] if measurement.get("demo") else []),
        _table(means, ["batch", "first ms", "next ms", "first tok/s", "next tok/s", "cases"], style),
        f"{repeats}{measurement['mode']}. Spread is TPOT's least to greatest; prefill is the batch's, decode one "
        "sequence's and the batch's; read is what a decode step reads, weights and mean KV cache, and "
        f"bandwidth its share of the {measurement['read_bandwidth'] / 1e9:.1f} GB/s measured.",
        _table([_case_row(case) for case in measurement["cases"]], columns, style),
        *(["\n".join(notes)] if notes else []),
    ]
    return "\n\n".join(parts)


def _guide_times(case: dict[str, Any]) -> list[float | None]:
    """Response in s; first forward, next forward, next pre, next post in ms. None where there is none."""
    if case["reason"]:
        return [None] * 5
    later = case["next"] or {}
    split = [_ms(_median(later.get(name))) for name in ("pre_s", "post_s")]
    return [_median(case["response_s"]), _ms(_first(case)), _ms(_next(case)), *split]


def _first(case: dict[str, Any]) -> float | None:
    """Forward of the first token in s; mode normal cannot part it from the host's work."""
    return _median(case["first"]["forward_s"] if case["first"] else case["ttft_s"])


def _next(case: dict[str, Any]) -> float | None:
    """Forward of a next token in s, as `_first`."""
    return _median(case["next"]["forward_s"] if case["next"] else case["tpot_s"])


def _means(cases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    measured = [case for case in cases if not case["reason"]]
    firsts = [_ms(time) for case in measured if (time := _first(case)) is not None]
    nexts = [_ms(time) for case in measured if (time := _next(case)) is not None]
    first, later = (statistics.fmean(times) if times else None for times in (firsts, nexts))
    return {
        "first_ms": first,
        "next_ms": later,
        "first_tokens_per_s": 1000 / first if first else None,
        "next_tokens_per_s": 1000 / later if later else None,
        "cases": [len(firsts), len(nexts)],
    }


def _mean_row(size: str, mean: dict[str, Any]) -> list[str]:
    numbers = [mean[key] for key in ("first_ms", "next_ms", "first_tokens_per_s", "next_tokens_per_s")]
    firsts, nexts = mean["cases"]
    return [size, *map(short, numbers), f"{firsts}" if firsts == nexts else f"{firsts} and {nexts}"]


def _case_row(case: dict[str, Any]) -> list[str]:
    row = [str(case[key]) for key in ("batch_size", "input_len", "output_len")]
    if case["reason"]:
        return row + [NOTHING] * 10
    spread, share = case["tpot_s"], case["bandwidth_share"]
    decode = case["decode_tokens_per_s"] or {}
    return [
        *row,
        short(_ms(_median(case["ttft_s"]))),
        short(_ms(_median(spread))),
        f"{short(_ms(spread['min']))} to {short(_ms(spread['max']))}" if spread else NOTHING,
        short(_median(case["response_s"])),
        short(case["prefill_tokens_per_s"]["total"]),
        short(decode.get("sequence")),
        short(decode.get("total")),
        short((case["weight_bytes"] + case["kv_bytes"]) / 2**20),
        NOTHING if share is None else f"{share:.0%}",
        short(case["peak_memory_bytes"] / 2**20),
    ]


def _token_row(case: dict[str, Any]) -> list[str]:
    lengths = [str(case[key]) for key in ("batch_size", "input_len", "output_len")]
    times = [case["token_s"][key] for key in ("mean", "std", "min", "p50", "p90", "p99")]
    times += [_median(case["next"][key]) for key in ("pre_s", "forward_s", "post_s")]
    return [*lengths, *(short(_ms(time)) for time in times)]


def _note(case: dict[str, Any]) -> str | None:
    what = case["reason"] or case.get("note")
    if not what:
        return None
    return f"n/a: {case['batch_size']} x {case['input_len']} -> {case['output_len']}: {what}"


def _table(rows: Sequence[Sequence[str]], columns: Sequence[str], style: str) -> str:
    # Left to itself tabulate reads numbers and rounds them again.
    right = ["right"] * len(columns)
    return tabulate(rows, columns, tablefmt=style, disable_numparse=True, colalign=right if rows else None)


def _flat_case(case: dict[str, Any]) -> dict[str, Any]:
    flat = {key: _nano(value) for key, value in _flat(case).items() if key != "runs" and value != ""}
    return flat | {"reason": case["reason"] or "", "note": case.get("note") or ""}


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested dictionaries as {dotted key: value}, None as the empty text."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = "" if value is None else value
    return flat


def _median(spread: dict[str, float] | None) -> float | None:
    return spread["median"] if spread else None


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000


def _nano(value: Any) -> Any:
    return round(value, 9) if isinstance(value, float) else value


def _number(value: float | None) -> str:
    """Nanoseconds at the finest, which is what clocks give, or an empty cell."""
    return "" if value is None else f"{value:.6f}"


def short(value: float | None) -> str:
    """Four significant digits, without an exponent."""
    if value is None:
        return NOTHING
    digits = 3 if abs(value) < 10 else 2 if abs(value) < 100 else 1 if abs(value) < 1000 else 0
    return f"{value:.{digits}f}"
