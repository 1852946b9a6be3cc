"""From a measurement to the guide's csv and to tables that say more. Torch-free."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas

from baichuan2.files import write_text
from baichuan2.integrity import write_sealed
from baichuan2.speed import load
from baichuan2.speed.bootstrap import Rounds, mean_interval
from baichuan2.speed.noise import NOISY
from baichuan2.speed.rate_tables import FIGURE, rate_parts, rates_csv
from baichuan2.text.tables import DEMO, NOTHING, csv_text, ends_text, flat, run_table, short, table
from baichuan2.text.words import listed, say

# The guide's header, verbatim: people's scripts read these names.
GUIDE_HEADER = (
    "batch_size,input_seq_len(Encoding),output_seq_len(Decoding),ResponseTime(s),"
    "forward_first_token_time(ms),forward_next_token_time(ms),pre_next_token_time(ms),"
    "post_next_token_time_post(ms)"
)
# That of MindIE's modeltest; the last two are means over the cases, in the last row alone.
MODELTEST_HEADER = (
    "Model,Batchsize,In_seq,Out_seq,Total time(s),First token time(ms),Non-first token time(ms),"
    "Non-first token Throughput(Tokens/s),E2E Throughput(Tokens/s),Non-first token Throughput Average(Tokens/s),"
    "E2E Throughput Average(Tokens/s)"
)
CASE = ["batch_size", "input_len", "output_len"]
SINGLE = ["mean", "std", "min", "p50", "p90", "p99"]  # of the times of single tokens
PARTS = ["pre", "forward", "post"]  # of a token's time
LATER = [*(f"token_s.{name}" for name in SINGLE), *(f"next.{part}_s.median" for part in PARTS)]
FIGURES = [
    *LATER, "response_s.median", "weight_bytes", "kv_bytes", "bandwidth_share", "peak_memory_bytes",
    *(f"{name}.{end}" for name in NOISY for end in ("median", "low", "high")), "first.forward_s.median",
    *(f"decode_tokens_per_s.{name}{end}" for name in ("sequence", "total") for end in ("", "_low", "_high")),
    "prefill_tokens_per_s.total", "noise",
]  # fmt: skip
UNDER_LOAD = "under_load"  # of a measurement: its figures of rates.under_load
SERVER = "server"  # the device of a run that servers.server made
NOT_TABLED = ("runs", "by_round", "loads")  # of a case: what figures are made of
TOKENS = {"first": "first_s", "next": "next_s", "next_median": "next_median_s"}  # of means: of statistics.FORWARD


def write_tables(out: Path, measurement: dict[str, Any]) -> dict[str, Any]:
    """Write the guide's csv, modeltest's, cases.csv, summary.json and summary.md to out/; returns the summary.

    Where the measurement has under_load (`rates.under_load`), write rates.csv too.
    """
    out = Path(out)
    summary = summarise(measurement)
    write_text(out / guide_csv_name(measurement), guide_csv(measurement))
    for name, text in modeltest_csvs(measurement).items():
        write_text(out / name, text)
    write_text(out / "cases.csv", cases_csv(measurement))
    if UNDER_LOAD in measurement:
        write_text(out / "rates.csv", rates_csv(measurement[UNDER_LOAD]))
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


def modeltest_csvs(measurement: dict[str, Any]) -> dict[str, str]:
    """{file name: text}: a table a batch size, as modeltest names and writes them (MODELTEST_HEADER).

    Times are medians over runs: the whole response's, and of whole tokens, the host's work included. Throughput is
    that of the batch. A cell is empty where there is no such time, and a server's file states no ranks.
    """
    cases, ranks = _cases(measurement), measurement["world_size"]
    on_ranks = f"_tp{ranks}" if ranks else ""
    frame = cases[CASE].assign(
        total_s=cases["response_s.median"],
        first_ms=1000 * cases["ttft_s.median"],
        next_ms=1000 * cases["tpot_s.median"],
        next_rate=cases.batch_size / cases["tpot_s.median"],
        rate=cases.batch_size * cases.output_len / cases["response_s.median"],
        next_mean=math.nan,
        mean=math.nan,
    )
    frame.insert(0, "model", measurement["model_name"])
    texts = {}
    for size, rows in frame.groupby("batch_size"):
        rows.loc[rows.index[-1], ["next_mean", "mean"]] = [mean(rows.next_rate), mean(rows.rate)]
        columns = rows.set_axis(MODELTEST_HEADER.split(","), axis=1)
        texts[f"performance_pa_batch{size}{on_ranks}_result.csv"] = csv_text(columns, float_format="%.6f")
    return texts


def cases_csv(measurement: dict[str, Any]) -> str:
    """Every case with every figure, one column each; reason is empty where the case was measured.

    noise: which figures' spread is over perf.max_spread, by their columns, with blanks between.
    """
    rows = []
    for case in measurement["cases"]:
        tabled = {key: value for key, value in case.items() if key not in NOT_TABLED}
        known = {key: value for key, value in flat(tabled).items() if value is not None}
        rounded = {key: round(value, 9) if isinstance(value, float) else value for key, value in known.items()}
        noise = {"noise": " ".join(case.get("noise", ()))}
        rows.append(rounded | {"reason": case["reason"], "note": case.get("note")} | noise)
    columns = pandas.DataFrame(sorted(rows, key=len, reverse=True)).columns
    return csv_text(pandas.DataFrame(rows, columns=columns, dtype=object))


def summarise(measurement: dict[str, Any]) -> dict[str, Any]:
    """The measurement without its single times, and the guide's means over the grid.

    means: {batch size: {"first_ms", "next_ms", "next_median_ms", "first_tokens_per_s", "next_tokens_per_s",
    "next_median_tokens_per_s", each of these six also with "_low" and "_high", "cases", "noise"}}: mean over the
    measured cases of the forward time of the first token, of a next one, and of the median of the next ones, in ms,
    and 1000 / that, so that the two units agree, with the ends of their 95 % intervals. None where nothing was
    measured; ends are None of one round alone. "cases" says over how many the first two were taken, as [first, next],
    and "noise" how many of them have a figure that is noise. under_load: as in the measurement, where it has that.
    """
    cases = [{key: case[key] for key in case if key not in ("runs", "loads")} for case in measurement["cases"]]
    sizes = dict.fromkeys(case["batch_size"] for case in cases)
    means = {str(size): _means([case for case in cases if case["batch_size"] == size]) for size in sorted(sizes)}
    apart = ("cases", "format", "version", UNDER_LOAD)
    rest = {key: value for key, value in measurement.items() if key not in apart}
    loaded = {key: measurement[key] for key in (UNDER_LOAD,) if key in measurement}
    return {"run": rest, "means": means, "cases": cases, **loaded}


def mean(times: pandas.Series) -> float | None:
    """The exactly rounded mean of those that there are."""
    return statistics.fmean(times.dropna()) if times.count() else None


def mean_of(cases: Sequence[Rounds]) -> float:
    """The exactly rounded mean over cases of the median over each one's runs."""
    return statistics.fmean(statistics.median(value for runs in rounds for value in runs) for rounds in cases)


def speed_table(measurement: dict[str, Any]) -> str:
    """The means over the grid and the cases, as a text table for a terminal."""
    loaded = rate_parts(measurement[UNDER_LOAD], "simple", "") if UNDER_LOAD in measurement else []
    return "\n\n".join([_report(measurement, "simple", heading=""), *loaded])


def markdown(measurement: dict[str, Any]) -> str:
    """summary.md: means over the grid, the cases, what each token took, the figures under load, and the run with its
    environment.
    """
    parts = [_report(measurement, "github", heading="# ")]
    cases = _cases(measurement).dropna(subset="token_s.mean")
    if len(cases):
        times = (1000 * cases[LATER]).map(short).set_axis([*map(say, [*SINGLE, *PARTS])], axis=1)
        parts += [f"## {say('Next tokens, in ms, over all repeats')}", _table(_lengths(cases).join(times), "github")]
    if UNDER_LOAD in measurement:
        parts += [*rate_parts(measurement[UNDER_LOAD], "github", "## "), f"![{say('Under load')}]({FIGURE})"]
    parts += [f"## {say('Rounds')}", _rounds_table(measurement["rounds"])]
    run = {key: value for key, value in measurement.items() if key not in ("cases", "rounds", UNDER_LOAD)}
    return "\n\n".join([*parts, f"## {say('Run')}", run_table(run)]) + "\n"


def _report(measurement: dict[str, Any], style: str, heading: str) -> str:
    known = [measurement.get(key) for key in ("model", "precision", "dtype", "device")]
    title = say("Speed: ") + ", ".join(str(part) for part in known if part)
    means = [_mean_row(size, means) for size, means in summarise(measurement)["means"].items()]
    about = _about(measurement)
    notes = [*host_notes(measurement["rounds"]), *noise_notes(measurement), *bandwidth_notes(measurement)]
    notes += [note for case in measurement["cases"] if (note := _note(case))]
    parts = [
        heading + title,
        *([say(DEMO["speed"])] if measurement.get("demo") else []),
        _table(pandas.DataFrame(means), style),
        about,
        _table(_shown(_cases(measurement)), style),
        *(["\n".join(f"- {note}" for note in notes)] if notes else []),
    ]
    return "\n\n".join(parts)


def _about(measurement: Mapping[str, Any]) -> str:
    """What the figures are, in a few sentences."""
    fields = {key: measurement[key] for key in ("repeats", "warmup", "mode")} | {"rounds": len(measurement["rounds"])}
    if measurement["device"] == SERVER:
        return say(
            "Medians of {repeats} runs in each of {rounds} rounds, each after {warmup} warm-up, mode {mode}, with "
            "95 % intervals over rounds, as a client sees the server {name}: TTFT is from the requests to the last "
            "first token of a batch, TPOT the mean of its requests. What the server reads and keeps in memory, and "
            "the parts of a token's time, it does not tell.",
            name=measurement["environment"]["device_name"],
            **fields,
        )
    return say(
        "Medians of {repeats} runs in each of {rounds} rounds, each after {warmup} warm-up, mode {mode}, with 95 % "
        "intervals over rounds. TPOT is a run's mean over its tokens, as in the guide, and median that of its single "
        "tokens; prefill is the batch's, decode one sequence's and the batch's; read is what a decode step reads, "
        "weights and mean KV cache, and bandwidth its share of the {gigabytes:.1f} GB/s measured.",
        gigabytes=measurement["read_bandwidth"] / 1e9,
        **fields,
    )


def host_notes(rounds: Sequence[Mapping[str, Any]]) -> list[str]:
    """What slowed the host down in a round, a sentence each."""
    notes = [(one["round"], [say(text, **fields) for text, fields in load.complaints(one["load"])]) for one in rounds]
    return [say("Round {n}: {what}.", n=number, what=listed(phrases)) for number, phrases in notes if phrases]


def noise_notes(measurement: Mapping[str, Any]) -> list[str]:
    """Which cases' figures are noise, in one sentence."""
    cases = [
        "{batch_size} x {input_len} -> {output_len}: ".format(**case)
        + listed(f"{say(NOISY[name])} {_spread_of(case, name)}" for name in case["noise"])
        for case in measurement["cases"]
        if case.get("noise")
    ]
    if not cases:
        return []
    sentence = say(
        "Noise: figures that spread over more than {bound:.0%} (perf.max_spread), though their cases were measured "
        "up to {again} times again: {cases}.",
        bound=measurement["max_spread"],
        again=measurement["again"],
        cases=listed(cases, "; "),
    )
    return [sentence]


def bandwidth_notes(measurement: Mapping[str, Any]) -> list[str]:
    """Which cases read more than the bandwidth allows, and why that can be, in one sentence."""
    cases = [
        "{batch_size} x {input_len} -> {output_len}: {bandwidth_share:.0%}".format(**case)
        for case in measurement["cases"]
        if (case.get("bandwidth_share") or 0) > 1
    ]
    if not cases:
        return []
    rates = [one["read_bandwidth"] / 1e9 for one in measurement["rounds"]]
    sentence = say(
        "Over 100 % of the bandwidth, which is no speed of the memory: {cases}. Either a cache of the processor "
        "holds part of the {mebibytes} MiB that a step reads, or the bandwidth ({low:.1f} to {high:.1f} GB/s over "
        "the rounds) was measured while something else used the memory.",
        cases=listed(cases, "; "),
        mebibytes=short(max(case["weight_bytes"] for case in measurement["cases"] if "weight_bytes" in case) / 2**20),
        low=min(rates),
        high=max(rates),
    )
    return [sentence]


def _spread_of(case: Mapping[str, Any], name: str) -> str:
    spread = case["spread"][name]
    return NOTHING if spread is None else f"{spread:.0%}"


def _rounds_table(rounds: Sequence[Mapping[str, Any]]) -> str:
    """A row a round: when and where it was measured, and what else the host did."""
    rows = []
    for one in rounds:
        of_host = one["load"]
        rows.append(
            {
                say("round"): str(one["round"]),
                say("began (UTC)"): f"{datetime.fromtimestamp(one['began'], UTC):%Y-%m-%d %H:%M:%S}",
                say("host"): one["host"],
                say("seconds"): short(of_host["seconds"]),
                say("others"): _percent(of_host["others"]),
                say("steal"): _percent(of_host["steal"]),
                say("load"): short(of_host["load"]),
                say("throttled s"): short(of_host["throttled_s"]),
                say("thermal"): NOTHING if of_host["thermal"] is None else str(of_host["thermal"]),
                say("MHz"): short(of_host["mhz"]),
                say("GB/s"): short(one["read_bandwidth"] and one["read_bandwidth"] / 1e9),
            }
        )
    return _table(pandas.DataFrame(rows), "github")


def _cases(measurement: dict[str, Any]) -> pandas.DataFrame:
    """A row a case: nested figures under dotted names, NaN where there is none, and first_ms and next_ms.

    These two are of the forward alone, which mode normal cannot part from the host's work.
    """
    cases = pandas.DataFrame(map(flat, measurement["cases"]))
    cases = cases.reindex(columns=cases.columns.union(FIGURES))
    numbers = [name for name in FIGURES if name != "noise"]
    cases[numbers] = cases[numbers].astype(float)  # None, of what a server does not tell, too
    cases["first_ms"] = 1000 * cases["first.forward_s.median"].fillna(cases["ttft_s.median"])
    cases["next_ms"] = 1000 * cases["next.forward_s.median"].fillna(cases["tpot_s.median"])
    return cases


def _means(cases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of one batch size; a case that was not measured has no figures."""
    samples = {token: samples_of(cases, name) for token, name in TOKENS.items()}
    means: dict[str, Any] = {}
    for token, rounds in samples.items():
        value, ends = (mean_of(rounds), mean_interval(rounds)) if rounds else (None, None)
        low, high = ends or (None, None)
        times = {"": value, "_low": low, "_high": high}
        rates = {"": value, "_low": high, "_high": low}
        means |= {f"{token}_ms{end}": time and 1000 * time for end, time in times.items()}
        means |= {f"{token}_tokens_per_s{end}": time and 1 / time for end, time in rates.items()}
    counts = {"cases": [len(samples["first"]), len(samples["next"])]}
    return means | counts | {"noise": sum(bool(case.get("noise")) for case in cases)}


def samples_of(cases: Iterable[Mapping[str, Any]], name: str) -> list[Rounds]:
    """One of statistics.FORWARD of those cases that have it."""
    return [case["by_round"][name] for case in cases if case.get("by_round") and case["by_round"][name]]


def _mean_row(size: str, means: dict[str, Any]) -> dict[str, str]:
    titles = {"first": ("first ms", "first, 95 %"), "next_median": ("next ms, median", "median, 95 %"),
              "next": ("next ms", "next, 95 %")}  # fmt: skip
    times: dict[str, str] = {}
    for token, (title, interval) in titles.items():
        low, high = (means[f"{token}_ms_{end}"] for end in ("low", "high"))
        times |= {say(title): short(means[f"{token}_ms"]), say(interval): ends_text(low, high)}
    return {
        say("batch"): size,
        **times,
        say("first tok/s"): short(means["first_tokens_per_s"]),
        say("next tok/s, median"): short(means["next_median_tokens_per_s"]),
        say("next tok/s"): short(means["next_tokens_per_s"]),
        say("cases"): listed(dict.fromkeys(means["cases"]), " and "),
        say("noise"): str(means["noise"]),
    }


def _lengths(cases: pandas.DataFrame) -> pandas.DataFrame:
    return cases[CASE].set_axis([*map(say, ("batch", "input", "output"))], axis=1)


def _shown(cases: pandas.DataFrame) -> pandas.DataFrame:
    """A case's figures as text."""
    noise = [listed(say(NOISY[name]) for name in names) if isinstance(names, list) else "" for names in cases.noise]
    columns: dict[str, Any] = (
        _with_interval(cases, "ttft_s", "TTFT ms", "TTFT, 95 %")
        | _with_interval(cases, "token_median_s", "median ms", "median, 95 %")
        | _with_interval(cases, "tpot_s", "TPOT ms", "TPOT, 95 %")
        | {
            say("response s"): cases["response_s.median"].map(short),
            say("prefill tok/s"): cases["prefill_tokens_per_s.total"].map(short),
            say("decode tok/s"): cases["decode_tokens_per_s.sequence"].map(short),
            say("total tok/s"): cases["decode_tokens_per_s.total"].map(short),
            say("read MiB"): ((cases.weight_bytes + cases.kv_bytes) / 2**20).map(short),
            say("bandwidth"): cases.bandwidth_share.map(_percent),
            say("peak MiB"): (cases.peak_memory_bytes / 2**20).map(short),
            say("noise"): noise,
        }
    )
    return _lengths(cases).assign(**columns)


def _with_interval(cases: pandas.DataFrame, figure: str, title: str, interval: str) -> dict[str, Any]:
    """Two columns: a time in ms, and its interval."""
    low, high = (1000 * cases[f"{figure}.{end}"] for end in ("low", "high"))
    intervals = [ends_text(*ends) for ends in zip(low, high, strict=True)]
    return {say(title): (1000 * cases[f"{figure}.median"]).map(short), say(interval): intervals}


def _percent(share: float | None) -> str:
    return NOTHING if share is None or pandas.isna(share) else f"{share:.0%}"


def _note(case: dict[str, Any]) -> str | None:
    what = case["reason"] or case.get("note")
    if not what:
        return None
    return f"n/a: {case['batch_size']} x {case['input_len']} -> {case['output_len']}: {what}"


def _table(frame: pandas.DataFrame, style: str) -> str:
    return table(frame.itertuples(index=False), list(frame.columns), style, "r" * len(frame.columns))
