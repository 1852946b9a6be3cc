"""A server under load, as csv and as tables. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas

from baichuan2.speed import load
from baichuan2.speed.rates import BEHIND, GROWTH, INF, PERCENTILES, SHORT
from baichuan2.text.tables import NOTHING, csv_text, flat, short, table
from baichuan2.text.words import listed, say

FIGURE = "rates.svg"
MOST_REASONS = 3  # that a note gives of a rate
LIMITS = {"TTFT": "ttft_ms", "TPOT": "tpot_ms"}  # {name: key of the limits of goodput}
# {column of a table: key of rates.rate_figures}
TIMES = {"TTFT": "ttft_s", "TPOT": "tpot_s", "ITL": "itl_s", "response": "response_s"}
UNCLEAR = {
    SHORT: "too few requests to tell, as an answer alone takes {alone} s: {rates}; raise perf.requests",
    BEHIND: "the client itself fell behind: {rates}",
}


def rates_csv(loaded: Mapping[str, Any]) -> str:
    """A row a rate, every figure of `rates.rate_figures` a column."""
    rows = [flat({key: value for key, value in one.items() if key != "reasons"}) for one in loaded["rates"]]
    columns = max(rows, key=len)  # a figure that there is not is one column instead of three
    reasons = [{"reasons": "; ".join(one["reasons"])} for one in loaded["rates"]]
    frame = pandas.DataFrame([row | why for row, why in zip(rows, reasons, strict=True)], dtype=object)
    return csv_text(frame[[*columns, "reasons"]])


def rate_parts(loaded: Mapping[str, Any], style: str, heading: str) -> list[str]:
    """The section's heading, tables and notes, with a blank line between them."""
    counts = [_counts(one) for one in loaded["rates"]]
    times = [_times(one) for one in loaded["rates"]]
    notes = [f"- {note}" for note in _notes(loaded)]
    return [
        f"{heading}{say('Under load')}",
        _about(loaded),
        table([list(row.values()) for row in counts], list(counts[0]), style, "r" * len(counts[0])),
        table([list(row.values()) for row in times], list(times[0]), style, "r" * len(times[0])),
        "\n".join(notes),
    ]


def _counts(one: Mapping[str, Any]) -> dict[str, str]:
    verdict = {True: say("yes"), False: say("no"), None: NOTHING if one["unclear"] else ""}
    return {
        say("requests/s"): rate_text(one["rate"]),
        say("sent"): str(one["sent"]),
        say("answered"): str(one["answered"]),
        say("refused"): str(one["refused"]),
        say("lost"): str(one["lost"]),
        say("answers/s"): short(one["requests_per_s"]),
        say("tok/s"): short(one["tokens_per_s"]),
        say("goodput/s"): short(one["goodput_per_s"]),
        say("good"): f"{one['good']:.0%}",
        say("growth"): "" if one["growth"] is None else f"{one['growth']:.3f}",
        say("follows"): verdict[one["follows"]],
        say("lag ms"): short(1000 * one["lag_s"]["p99"]),
    }


def _times(one: Mapping[str, Any]) -> dict[str, str]:
    row = {say("requests/s"): rate_text(one["rate"])}
    for name, key in TIMES.items():
        for share in PERCENTILES:
            value = one[key] and 1000 * one[key][f"p{share}"]
            row[say("{what} p{share}, ms", what=say(name), share=share)] = short(value)
    return row


def rate_text(rate: float | str) -> str:
    """A rate as people write it in perf.rate."""
    return rate if isinstance(rate, str) else f"{rate:g}"


def _about(loaded: Mapping[str, Any]) -> str:
    limits = {say(name): loaded["limits"][key] for name, key in LIMITS.items()}
    bounds = [f"{name} {short(most)} ms" for name, most in limits.items() if most is not None]
    lengths = listed(f"{input_len} -> {output_len}" for input_len, output_len in loaded["lengths"])
    return say(
        "{requests} requests at each rate, of {lengths} tokens, to {server}. They arrive at random (Poisson; {inf}: "
        "all at once), whether or not earlier ones are answered. Answers and new tokens a second are over the time "
        "from the rate's beginning to its last answer; goodput counts the answers within {limits}; growth is by how "
        "many seconds answers take longer for each second in which requests arrive, and up to {growth} the server "
        "follows; lag (p99) is how late the client sent.",
        requests=loaded["requests"],
        lengths=lengths,
        server=loaded["server"],
        inf=INF,
        limits=listed(bounds, " and ") if bounds else say("no limit"),
        growth=GROWTH,
    )


def _notes(loaded: Mapping[str, Any]) -> list[str]:
    """Which rate the server follows; what is unclear; why requests have no answer; which cases were left out."""
    follows, notes = loaded["follows"], []
    if follows is not None:
        notes.append(say("The highest rate that the server follows: {rate} requests/s.", rate=rate_text(follows)))
    elif any(one["rate"] != INF for one in loaded["rates"]):
        notes.append(say("No rate is known that the server follows."))
    for why, text in UNCLEAR.items():
        rates = [rate_text(one["rate"]) for one in loaded["rates"] if one["unclear"] == why]
        if rates:
            notes.append(say(text, rates=listed(rates), alone=short(loaded["alone_s"])))
    for one, busy in zip(loaded["rates"], loaded["loads"], strict=True):
        rate = rate_text(one["rate"])
        notes += [
            say("{rate} requests/s: {n} without an answer: {why}", rate=rate, n=count, why=why)
            for why, count in list(one["reasons"].items())[:MOST_REASONS]
        ]
        phrases = [say(text, **fields) for text, fields in load.complaints(busy)]
        if phrases:
            notes.append(say("{rate} requests/s: {what}.", rate=rate, what=listed(phrases)))
    for case in loaded["left_out"]:
        notes.append(say("Not under load: {input_len} -> {output_len}: {reason}", **case))
    return notes
