"""A server under load: the figures of each rate, and which rates it follows. Torch-free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
import pandas

from baichuan2.integrity import RECORD_BYTES, read_sealed

RATES: dict[str, str | int] = {"format": "baichuan2-perf-rates", "version": 1}
INF = "inf"  # all requests at once
GROWTH = 0.1  # seconds by which answers may take longer, a second: a server that falls behind by 10 %
LATE = 0.1  # of the time in which requests arrive: what a client may be late
LONE = 2  # times the longest answer alone: for so long requests must arrive
TIMES = ("ttft_s", "tpot_s", "itl_s", "response_s")
PERCENTILES = (50, 90, 99)
# Why it is not known whether a rate is followed.
SHORT, BEHIND = "short", "late"

Rate = float | str  # requests a second, or INF


@dataclass(frozen=True)
class Sent:
    """One request, its times in seconds since its rate began.

    at: when it was to be sent; began: when it was. first, ended: its first and its last token; token_s: as of
    served.Request. refused: what a server said that did not take it; lost: why it has no answer otherwise. None for
    what there is not.
    """

    input_len: int
    output_len: int
    at: float
    began: float
    first: float | None = None
    ended: float | None = None
    token_s: list[float] = field(default_factory=list)
    refused: str | None = None
    lost: str | None = None


@dataclass(frozen=True)
class Limits:
    """What an answer must keep to count in goodput, in ms; None: no limit."""

    ttft_ms: float | None
    tpot_ms: float | None

    def allow(self, ttft_s: float, tpot_s: float | None) -> bool:
        """Whether an answer keeps them; one of a single token has no TPOT."""
        pairs = ((ttft_s, self.ttft_ms), (tpot_s, self.tpot_ms))
        return all(value is None or most is None or 1000 * value <= most for value, most in pairs)


def read_rates(path: Path) -> dict[str, Any]:
    """The record of `arrivals.measure_rates` in a json file; raises UserError if it is something else."""
    return read_sealed(path, RECORD_BYTES, RATES)


def under_load(record: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """What the tables say of a record.

    rates: of each `rate_figures`. follows: the highest rate that the server follows, of those below the first that
    it does not; None where there is none. limits: those of goodput. requests, alone_s, left_out: as in the record.
    lengths: the [input, output] of its requests. loads: of each rate.
    """
    rates = [rate_figures(entry, limits, record["alone_s"]) for entry in record["rates"]]
    requests = [one for entry in record["rates"] for one in entry["requests"]]
    return {
        **{key: record[key] for key in ("requests", "alone_s", "left_out")},
        "server": record["environment"]["device_name"],
        "lengths": sorted({(one["input_len"], one["output_len"]) for one in requests}),
        "limits": {"ttft_ms": limits.ttft_ms, "tpot_ms": limits.tpot_ms},
        "rates": rates,
        "follows": followed(rates),
        "loads": [entry["load"] for entry in record["rates"]],
    }


def rate_figures(entry: Mapping[str, Any], limits: Limits, alone_s: float) -> dict[str, Any]:
    """The figures of one rate of a record.

    sent, answered, refused, lost: requests. seconds: from the rate's beginning to its last answer's end; over them
    requests_per_s, tokens_per_s (new ones) and goodput_per_s, the answers within the limits, which good is the share
    of, of all that were sent. ttft_s, tpot_s (an answer's mean), itl_s (between two tokens), response_s: p50, p90,
    p99, linear between values. lag_s: p50, p99 and max of how late the client sent. growth: by how many seconds
    answers of the same lengths take longer for each second in which requests arrive, by least squares. follows:
    whether the server keeps up: no request is refused or lost, and growth is at most GROWTH; None where unclear says
    why it is not known, and of rate inf. reasons: {why a request has no answer: how often}. None: there is none.
    """
    requests = [Sent(**one) for one in entry["requests"]]
    answered = [one for one in requests if one.ended is not None]
    seconds = max(one.ended for one in answered if one.ended is not None)
    ttft, tpot = [_ttft(one) for one in answered], [_tpot(one) for one in answered]
    good = sum(map(limits.allow, ttft, tpot))
    lag = [one.began - one.at for one in requests]
    single = all(one.token_s for one in answered)
    itl = [step for one in answered for step in one.token_s[1:]] if single else []
    figures = {
        "rate": entry["rate"],
        "sent": len(requests),
        "answered": len(answered),
        "refused": sum(one.refused is not None for one in requests),
        "lost": sum(one.lost is not None for one in requests),
        "seconds": seconds,
        "requests_per_s": len(answered) / seconds,
        "tokens_per_s": sum(one.output_len for one in answered) / seconds,
        "goodput_per_s": good / seconds,
        "good": good / len(requests),
        "ttft_s": _percentiles(ttft),
        "tpot_s": _percentiles([time for time in tpot if time is not None]),
        "itl_s": _percentiles(itl),
        "response_s": _percentiles([_response(one) for one in answered]),
        "lag_s": {"p50": _percentile(lag, 50), "p99": _percentile(lag, 99), "max": max(lag)},
        "growth": _growth(entry["rate"], answered),
        "reasons": dict(Counter(why for one in requests if (why := one.refused or one.lost)).most_common()),
    }
    return figures | _verdict(figures, alone_s)


def followed(rates: Iterable[Mapping[str, Any]]) -> Rate | None:
    """The highest rate that is followed, of those below the first that is not."""
    highest = None
    for one in sorted((one for one in rates if one["rate"] != INF), key=lambda one: one["rate"]):
        if one["follows"] is False:
            break
        highest = one["rate"] if one["follows"] else highest
    return highest


def _verdict(figures: Mapping[str, Any], alone_s: float) -> dict[str, Any]:
    if figures["rate"] == INF:
        return {"follows": None, "unclear": None}
    if figures["answered"] < figures["sent"]:
        return {"follows": False, "unclear": None}
    window = figures["sent"] / figures["rate"]
    if figures["lag_s"]["max"] > LATE * window:
        return {"follows": None, "unclear": BEHIND}
    growth = figures["growth"]
    if growth is None or window < LONE * alone_s:
        return {"follows": None, "unclear": SHORT}
    return {"follows": growth <= GROWTH, "unclear": None}


def _ttft(one: Sent) -> float:
    assert one.first is not None  # of an answer
    return one.first - one.began


def _tpot(one: Sent) -> float | None:
    if one.output_len == 1:
        return None
    assert one.first is not None
    assert one.ended is not None
    return (one.ended - one.first) / (one.output_len - 1)


def _response(one: Sent) -> float:
    assert one.ended is not None
    return one.ended - one.began


def _growth(rate: Rate, answered: Sequence[Sent]) -> float | None:
    """The slope of the time of an answer over when it was asked for, within answers of the same lengths."""
    if rate == INF:
        return None
    values = [(one.input_len, one.output_len, one.began, _response(one)) for one in answered]
    frame = pandas.DataFrame(values, columns=["input", "output", "began", "response"])
    times = frame[["began", "response"]]
    times = times - times.groupby([frame.input, frame.output]).transform("mean")
    spread = float((times.began**2).sum())
    return float((times.began * times.response).sum()) / spread if spread else None


def _percentiles(times: Sequence[float]) -> dict[str, float] | None:
    return {f"p{share}": _percentile(times, share) for share in PERCENTILES} if times else None


def _percentile(times: Sequence[float], share: int) -> float:
    return float(numpy.percentile(times, share))
