"""From a measurement to the guide's csv and to tables that say more. Torch-free."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import pandas

from baichuan2.files import write_text
from baichuan2.integrity import write_sealed
from baichuan2.text.tables import DEMO, NOTHING, csv_text, flat, run_table, short, table
from baichuan2.text.words import listed, say

# The guide's header, verbatim: people's scripts read these names.
GUIDE_HEADER = (
    "batch_size,input_seq_len(Encoding),output_seq_len(Decoding),ResponseTime(s),"
    "forward_first_token_time(ms),forward_next_token_time(ms),pre_next_token_time(ms),"
    "post_next_token_time_post(ms)"
)
CASE = ["batch_size", "input_len", "output_len"]
SINGLE = ["mean", "std", "min", "p50", "p90", "p99"]  # of the times of single tokens
PARTS = ["pre", "forward", "post"]  # of a token's time
LATER = [*(f"token_s.{name}" for name in SINGLE), *(f"next.{part}_s.median" for part in PARTS)]
FIGURES = [
    *LATER, "first.forward_s.median", "ttft_s.median", "tpot_s.median", "tpot_s.min", "tpot_s.max",
    "response_s.median", "prefill_tokens_per_s.total", "decode_tokens_per_s.sequence", "decode_tokens_per_s.total",
    "weight_bytes", "kv_bytes", "bandwidth_share", "peak_memory_bytes",
]  # fmt: skip


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
    """The guide's csv, to nanoseconds. A cell is empty where there is no such time: n/a cases, next tokens of one."""
    cases = _cases(measurement)
    cases[["pre_ms", "post_ms"]] = 1000 * cases[["next.pre_s.median", "next.post_s.median"]]
    guide = cases[[*CASE, "response_s.median", "first_ms", "next_ms", "pre_ms", "post_ms"]]
    return csv_text(guide.set_axis(GUIDE_HEADER.split(","), axis=1), float_format="%.6f")


def cases_csv(measurement: dict[str, Any]) -> str:
    """Every case with every figure, one column each; reason is empty where the case was measured."""
    rows = []
    for case in measurement["cases"]:
        known = {key: value for key, value in flat(case).items() if value is not None and key != "runs"}
        rounded = {key: round(value, 9) if isinstance(value, float) else value for key, value in known.items()}
        rows.append(rounded | {"reason": case["reason"], "note": case.get("note")})
    columns = pandas.DataFrame(sorted(rows, key=len, reverse=True)).columns
    return csv_text(pandas.DataFrame(rows, columns=columns, dtype=object))


def summarise(measurement: dict[str, Any]) -> dict[str, Any]:
    """The measurement without its single times, and the guide's means over the grid.

    means: {batch size: {"first_ms", "next_ms", "first_tokens_per_s", "next_tokens_per_s", "cases"}}: mean
    over the measured cases of the forward time of the first token and of a next one, in ms, and 1000 / that,
    so that the two units agree. A mean is None where nothing was measured; "cases" says over how many the two
    were taken, as [first, next].
    """
    cases = [{key: case[key] for key in case if key != "runs"} for case in measurement["cases"]]
    means = {str(size): _means(group) for size, group in _cases(measurement).groupby("batch_size")}
    rest = {key: value for key, value in measurement.items() if key not in ("cases", "format", "version")}
    return {"run": rest, "means": means, "cases": cases}


def mean(times: pandas.Series) -> float | None:
    """The exactly rounded mean of those that there are."""
    return statistics.fmean(times.dropna()) if times.count() else None


def speed_table(measurement: dict[str, Any]) -> str:
    """The means over the grid and the cases, as a text table for a terminal."""
    return _report(measurement, "simple", heading="")


def markdown(measurement: dict[str, Any]) -> str:
    """summary.md: means over the grid, the cases, what each token took, and the run with its environment."""
    parts = [_report(measurement, "github", heading="# ")]
    cases = _cases(measurement).dropna(subset="token_s.mean")
    if len(cases):
        times = (1000 * cases[LATER]).map(short).set_axis([*map(say, [*SINGLE, *PARTS])], axis=1)
        parts += [f"## {say('Next tokens, in ms, over all repeats')}", _table(_lengths(cases).join(times), "github")]
    run = {key: value for key, value in measurement.items() if key != "cases"}
    return "\n\n".join([*parts, f"## {say('Run')}", run_table(run)]) + "\n"


def _report(measurement: dict[str, Any], style: str, heading: str) -> str:
    known = [measurement.get(key) for key in ("model", "precision", "dtype", "device")]
    title = say("Speed: ") + ", ".join(str(part) for part in known if part)
    means = [_mean_row(size, means) for size, means in summarise(measurement)["means"].items()]
    about = say(
        "Medians of {repeats} runs after {warmup} warm-up, mode {mode}. Spread is TPOT's least to greatest; prefill "
        "is the batch's, decode one sequence's and the batch's; read is what a decode step reads, weights and mean "
        "KV cache, and bandwidth its share of the {gigabytes:.1f} GB/s measured.",
        repeats=measurement["repeats"],
        warmup=measurement["warmup"],
        mode=measurement["mode"],
        gigabytes=measurement["read_bandwidth"] / 1e9,
    )
    notes = [note for case in measurement["cases"] if (note := _note(case))]
    parts = [
        heading + title,
        *([say(DEMO["speed"])] if measurement.get("demo") else []),
        _table(pandas.DataFrame(means), style),
        about,
        _table(_shown(_cases(measurement)), style),
        *(["\n".join(notes)] if notes else []),
    ]
    return "\n\n".join(parts)


def _cases(measurement: dict[str, Any]) -> pandas.DataFrame:
    """A row a case: nested figures under dotted names, NaN where there is none, and first_ms and next_ms.

    These two are of the forward alone, which mode normal cannot part from the host's work.
    """
    cases = pandas.DataFrame(map(flat, measurement["cases"]))
    cases = cases.reindex(columns=cases.columns.union(FIGURES))
    cases["first_ms"] = 1000 * cases["first.forward_s.median"].fillna(cases["ttft_s.median"])
    cases["next_ms"] = 1000 * cases["next.forward_s.median"].fillna(cases["tpot_s.median"])
    return cases


def _means(cases: pandas.DataFrame) -> dict[str, Any]:
    first, later = mean(cases.first_ms), mean(cases.next_ms)
    return {
        "first_ms": first,
        "next_ms": later,
        "first_tokens_per_s": 1000 / first if first else None,
        "next_tokens_per_s": 1000 / later if later else None,
        "cases": [int(cases.first_ms.count()), int(cases.next_ms.count())],
    }


def _mean_row(size: str, means: dict[str, Any]) -> dict[str, str]:
    return {
        say("batch"): size,
        say("first ms"): short(means["first_ms"]),
        say("next ms"): short(means["next_ms"]),
        say("first tok/s"): short(means["first_tokens_per_s"]),
        say("next tok/s"): short(means["next_tokens_per_s"]),
        say("cases"): listed(dict.fromkeys(means["cases"]), " and "),
    }


def _lengths(cases: pandas.DataFrame) -> pandas.DataFrame:
    return cases[CASE].set_axis([*map(say, ("batch", "input", "output"))], axis=1)


def _shown(cases: pandas.DataFrame) -> pandas.DataFrame:
    """A case's figures as text."""
    least, greatest = ((1000 * cases[f"tpot_s.{end}"]).map(short) for end in ("min", "max"))
    return _lengths(cases).assign(
        **{
            say("TTFT ms"): (1000 * cases["ttft_s.median"]).map(short),
            say("TPOT ms"): (1000 * cases["tpot_s.median"]).map(short),
            say("spread ms"): (least + say(" to ") + greatest).where(cases["tpot_s.min"].notna(), NOTHING),
            say("response s"): cases["response_s.median"].map(short),
            say("prefill tok/s"): cases["prefill_tokens_per_s.total"].map(short),
            say("decode tok/s"): cases["decode_tokens_per_s.sequence"].map(short),
            say("total tok/s"): cases["decode_tokens_per_s.total"].map(short),
            say("read MiB"): ((cases.weight_bytes + cases.kv_bytes) / 2**20).map(short),
            say("bandwidth"): cases.bandwidth_share.map(_percent),
            say("peak MiB"): (cases.peak_memory_bytes / 2**20).map(short),
        }
    )


def _percent(share: float) -> str:
    return NOTHING if pandas.isna(share) else f"{share:.0%}"


def _note(case: dict[str, Any]) -> str | None:
    what = case["reason"] or case.get("note")
    if not what:
        return None
    return f"n/a: {case['batch_size']} x {case['input_len']} -> {case['output_len']}: {what}"


def _table(frame: pandas.DataFrame, style: str) -> str:
    return table(frame.itertuples(index=False), list(frame.columns), style, "r" * len(frame.columns))
