"""Servers under load: when requests arrive, what the figures are of, and which rates a server follows."""

from __future__ import annotations

import re
import shutil
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict
from itertools import pairwise
from types import SimpleNamespace

import httpx2
import numpy
import pandas
import pytest
from scipy.stats import kstest

from baichuan2.engine.options import Settings
from baichuan2.errors import UserError
from baichuan2.model.directory import link_tokenizer
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.report.rates_figure import write_figure
from baichuan2.servers.server import open_server
from baichuan2.servers.started import LINE, started
from baichuan2.speed.arrivals import arrivals, at_times, lengths, measure_rates
from baichuan2.speed.cases import Case
from baichuan2.speed.rate_tables import rate_parts, rates_csv
from baichuan2.speed.rates import BEHIND, INF, SHORT, Limits, Sent, followed, rate_figures, read_rates, under_load
from baichuan2.speed.served import Timed
from helpers import openai_server as stub
from helpers.openai_server import LLAMA_CPP_PYTHON, VLLM, serving
from helpers.projects import ROOT, snakemake
from test_compare import QUIET

NO_LIMITS = Limits(None, None)


# ---- arrivals --------------------------------------------------------------------------------------------


def test_arrivals_are_poissons_at_the_very_rate():
    """Gaps are exponential, and as many arrive in count / rate seconds as are to."""
    times = arrivals(4.0, 20_000, seed=0)
    assert times == arrivals(4.0, 20_000, seed=0) != arrivals(4.0, 20_000, seed=1)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert numpy.mean(gaps) == pytest.approx(0.25, rel=1e-3)
    assert kstest(gaps, "expon", (0, 0.25)).pvalue > 0.01
    assert 0 <= times[0] < times[-1] < 5000
    assert arrivals(8.0, 20_000, seed=0) == pytest.approx([time / 2 for time in times])
    assert arrivals(INF, 3, seed=0) == [0, 0, 0]


def test_lengths_are_the_cases_alike_often():
    cases = [Case(1, 8, 2), Case(1, 8, 4), Case(1, 16, 2)]
    each = lengths(cases, 30, seed=0)
    assert Counter(each) == {(8, 2): 10, (8, 4): 10, (16, 2): 10}
    assert each == lengths(cases, 30, seed=0) != sorted(each)


def test_no_request_waits_for_another_and_none_is_early():
    """Each goes on when all have begun."""
    times, together = [0.0, 0.05, 0.1], threading.Barrier(3)

    def call(place: int, begin: float) -> float:
        began = time.perf_counter() - begin
        together.wait(20)
        return began

    began = at_times(times, call)
    assert all(one >= at for one, at in zip(began, times, strict=True))


# ---- figures ---------------------------------------------------------------------------------------------


def sent(at: float, began: float, first: float, ended: float, steps=(), lengths=(8, 3)) -> dict:
    return asdict(Sent(*lengths, at, began, first, ended, list(steps)))


def entry(rate, *requests: dict) -> dict:
    return {"rate": rate, "requests": list(requests), "load": QUIET}


REFUSED = asdict(Sent(8, 3, 1.5, 1.5, refused="status 429: full"))
FOUR = entry(
    2.0,
    sent(0.0, 0.0, 0.1, 0.3, [0.1, 0.1, 0.1]),
    sent(0.5, 0.6, 0.9, 1.3, [0.3, 0.1, 0.3]),
    sent(1.0, 1.0, 1.8, 2.0, [0.8, 0.1, 0.1]),
    REFUSED,
)


def test_figures_are_those_computed_by_hand():
    figures = rate_figures(FOUR, Limits(ttft_ms=500, tpot_ms=150), alone_s=0.1)
    counts = {"rate": 2.0, "sent": 4, "answered": 3, "refused": 1, "lost": 0, "seconds": 2.0, "requests_per_s": 1.5,
              "tokens_per_s": 4.5, "goodput_per_s": 0.5, "good": 0.25, "follows": False, "unclear": None,
              "reasons": {"status 429: full": 1}}  # fmt: skip
    assert {key: figures[key] for key in counts} == counts
    assert figures["ttft_s"] == pytest.approx({"p50": 0.3, "p90": 0.7, "p99": 0.79})
    assert figures["tpot_s"] == pytest.approx({"p50": 0.1, "p90": 0.18, "p99": 0.198})
    assert figures["itl_s"] == pytest.approx({"p50": 0.1, "p90": 0.2, "p99": 0.29})
    assert figures["response_s"] == pytest.approx({"p50": 0.7, "p90": 0.94, "p99": 0.994})
    assert figures["lag_s"] == pytest.approx({"p50": 0, "p99": 0.097, "max": 0.1})
    assert figures["growth"] == pytest.approx(0.353333 / 0.506667, rel=1e-4)


@pytest.mark.parametrize(
    ("limits", "good"), [((None, None), 3), ((500, None), 2), ((None, 150), 2), ((301, 201), 2), ((99, None), 0)]
)
def test_goodput_counts_what_keeps_both_limits(limits, good):
    assert rate_figures(FOUR, Limits(*limits), 0.1)["good"] == good / 4


def test_tokens_in_groups_have_no_itl_and_one_token_no_tpot():
    grouped = [sent(k, k, k + 0.1, k + 0.3) for k in (0.0, 1.0)]
    assert rate_figures(entry(1.0, *grouped), NO_LIMITS, 0.1)["itl_s"] is None
    single = [sent(k, k, k + 0.1, k + 0.1, [0.1], (8, 1)) for k in (0.0, 1.0)]
    figures = rate_figures(entry(1.0, *single), Limits(None, 0.001), 0.1)
    assert (figures["tpot_s"], figures["itl_s"], figures["good"]) == (None, None, 1)


def queue(rate: float, service: float, count: int = 20) -> dict:
    """Requests that come at even times to a server that answers one at a time."""
    free, requests = 0.0, []
    for at in (place / rate for place in range(count)):
        free = max(free, at) + service
        requests.append(sent(at, at, free, free, [free - at], (8, 1)))
    return entry(rate, *requests)


def test_a_server_is_followed_up_to_its_own_rate():
    """Of one that answers two a second: at four, each second of arrivals adds a second of waiting."""
    rates = [rate_figures(queue(rate, service=0.5), NO_LIMITS, 0.5) for rate in (0.5, 1.0, 2.0, 4.0)]
    assert [one["growth"] for one in rates] == pytest.approx([0, 0, 0, 1])
    assert [one["follows"] for one in rates] == [True, True, True, False]
    assert rates[-1]["requests_per_s"] == pytest.approx(2)
    assert followed(rates) == 2.0
    assert followed([*rates[:1], {"rate": 0.7, "follows": False}, rates[1], {"rate": INF, "follows": None}]) == 0.5
    assert followed(rates[-1:]) is None


def test_longer_answers_that_come_later_are_no_growth():
    short = [sent(k, k, k + 0.1, k + 0.2, (), (8, 3)) for k in (0.0, 1.0, 2.0)]
    long = [sent(k, k, k + 0.1, k + 0.9, (), (8, 9)) for k in (3.0, 4.0, 5.0)]
    assert rate_figures(entry(1.0, *short, *long), NO_LIMITS, 0.5)["growth"] == pytest.approx(0)


def test_what_cannot_be_told_is_unclear():
    """Requests that arrive within less than two answers, those of a client that is late, and all at once."""
    calm = queue(2.0, 0.1)
    late = [one | {"began": one["began"] + 2} for one in calm["requests"]]
    late = [one | {"first": one["first"] + 2, "ended": one["ended"] + 2} for one in late]
    figures = [
        rate_figures(calm, NO_LIMITS, alone_s=6),
        rate_figures(entry(2.0, *late), NO_LIMITS, 0.1),
        rate_figures(calm | {"rate": INF}, NO_LIMITS, 0.1),
    ]
    assert [(one["follows"], one["unclear"]) for one in figures] == [(None, SHORT), (None, BEHIND), (None, None)]


# ---- servers ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rates") / "tokenizer"
    link_tokenizer(ROOT / "resources" / "demo" / "model", folder)
    return folder


@contextmanager
def timed_server(tokenizer, monkeypatch, seconds: float = 0.0, manner=VLLM, tokens=(5,)):
    """A server that answers one request at a time, each in so many seconds; and it as `speed` times it.

    tokens: what it answers, over and over.
    """
    one_at_a_time = threading.Lock()

    def steps(handler, prompt, body):
        with one_at_a_time:
            for place in range(body["max_tokens"]):
                time.sleep(seconds / body["max_tokens"])
                yield tokens[place % len(tokens)], None

    monkeypatch.setattr(stub.Handler, "steps", steps)
    monkeypatch.setattr(stub.Handler, "logprobs", lambda *_: None)
    model = SimpleNamespace(tokenizer=Tokenizer(tokenizer))
    with (
        serving(model, manner) as served,
        open_server(Settings(server=served.url, server_retries=0, max_seq_len=64), tokenizer) as server,
    ):
        yield served, Timed(server)


def test_a_server_of_a_known_rate_saturates_there(tokenizer, monkeypatch):
    """50 answers a second at most."""
    with timed_server(tokenizer, monkeypatch, seconds=0.02) as (served, timed):
        record = measure_rates(timed, [Case(1, 8, 2), Case(1, 64, 2, "too long")], [120, 12, INF], 24, seed=0)
    loaded = under_load(record, NO_LIMITS)
    assert [one["rate"] for one in loaded["rates"]] == [12, 120, INF]
    assert [one["answered"] for one in loaded["rates"]] == [24, 24, 24]
    assert loaded["rates"][0]["follows"]
    assert loaded["rates"][1]["growth"] > 0.3
    assert all(one["requests_per_s"] < 50 for one in loaded["rates"])
    assert loaded["rates"][0]["requests_per_s"] == pytest.approx(12, rel=0.2)
    assert loaded["follows"] == 12
    assert loaded["lengths"] == [(8, 2)]
    assert loaded["left_out"] == [asdict(Case(1, 64, 2, "too long"))]
    prompts = [tuple(body["prompt"]) for body in served.bodies if body.get("stream")]
    assert len(set(prompts)) == len(prompts) == 2 + 3 * 24  # nothing that a server may have kept


def test_what_is_refused_and_what_is_lost_is_counted_and_not_sent_again(tokenizer, monkeypatch):
    with timed_server(tokenizer, monkeypatch) as (served, timed):
        first = len(served.bodies) + 3  # two are asked alone
        served.faults = {first: stub.overloaded, first + 1: stub.broken, first + 2: stub.half}
        record = measure_rates(timed, [Case(1, 8, 2)], [INF], 10, seed=0)
        assert len(served.bodies) == first - 1 + 10
        (figures,) = under_load(record, NO_LIMITS)["rates"]
        assert [figures[key] for key in ("sent", "answered", "refused", "lost")] == [10, 7, 2, 1]
        assert sum(figures["reasons"].values()) == 3


def test_nothing_but_the_rates_own_requests_is_sent_under_load(tokenizer, monkeypatch):
    """To a server whose streams count no tokens, and hold a character back until all of its bytes are there."""
    tokens = Tokenizer(tokenizer).encode("\U0001f600A")
    with timed_server(tokenizer, monkeypatch, manner=LLAMA_CPP_PYTHON, tokens=tokens) as (served, timed):
        before = len(served.bodies) + 2 * 2  # asked alone twice, each time with a whole answer for the count
        record = measure_rates(timed, [Case(1, 8, len(tokens))], [INF], 10, seed=0)
    assert len(served.bodies) == before + 10
    (figures,) = under_load(record, NO_LIMITS)["rates"]
    assert (figures["answered"], figures["itl_s"]) == (10, None)


def test_a_rate_without_any_answer_is_one_line(tokenizer, monkeypatch):
    with timed_server(tokenizer, monkeypatch) as (served, timed):
        first = len(served.bodies) + 3
        served.faults = dict.fromkeys(range(first, first + 10), stub.gone)
        with pytest.raises(UserError, match=r"perf\.rate: at 8 a second no request was answered: engine\.server"):
            measure_rates(timed, [Case(1, 8, 2)], [8], 10, seed=0)


# ---- our own ---------------------------------------------------------------------------------------------

SERVER = f"""
import os, time
print("loading", flush=True)
print({LINE!r}.format(name="x", address="http://127.0.0.1:1/v1", process=os.getpid()), flush=True)
time.sleep(60)
"""


def test_a_started_server_ends_with_its_job():
    began = time.monotonic()
    with started([sys.executable, "-c", SERVER]) as address:
        assert address == "http://127.0.0.1:1/v1"
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(("code", "error"), [(1, SystemExit), (9, UserError)])
def test_a_server_that_does_not_start_says_so_once(code, error):
    """Itself, where it ends as our scripts do."""
    with pytest.raises(error), started([sys.executable, "-c", f"raise SystemExit({code})"]):
        pass


def test_an_artefact_on_two_ranks_is_served_for_the_job_alone(project, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(project, copy, symlinks=True)
    perf = "perf={case_pair: [[4, 2]], rounds: 1, repeats: 1, again: 0, rate: [8, inf], requests: 10}"
    done = snakemake(copy, "results/perf_quant", "--config", "parallel={world_size: 2}", perf)
    assert done.returncode == 0, done.stdout + done.stderr
    record = read_rates(copy / "results/records/rates_quant.json")
    assert record["environment"]["server_stated"]["precision"] == "w8a8"
    assert [one["lost"] or one["refused"] for entry in record["rates"] for one in entry["requests"]] == [None] * 20
    assert all(len(one["token_s"]) == 2 for entry in record["rates"] for one in entry["requests"])
    assert "Under load" in (copy / "results/perf_quant/summary.md").read_text(encoding="utf-8")
    assert "data:image/svg" in (copy / "results/perf_quant/summary.html").read_text(encoding="utf-8")
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(record["environment"]["server"])
    limits = perf[:-1] + ", goodput: {ttft_ms: 1, tpot_ms: null}}"
    again = snakemake(copy, "-n", "-p", "results/perf_quant", "--config", "parallel={world_size: 2}", limits)
    assert re.findall(r'_SCRIPTS/(\w+)\.py"', again.stdout + again.stderr) == ["tabulate_perf"]


# ---- tables ----------------------------------------------------------------------------------------------


def loaded_of(**environment) -> dict:
    """What a record of three rates gives: one that is followed, one that is not, and all at once."""
    record = {
        "requests": 20,
        "alone_s": 0.5,
        "environment": {"device_name": "stub 1.2.3"} | environment,
        "left_out": [asdict(Case(1, 64, 2, "too long"))],
        "rates": [queue(1.0, 0.5), FOUR, queue(4.0, 0.5) | {"rate": INF}],
    }
    return under_load(record, Limits(2000, 250))


def test_tables_say_what_the_figures_are(tmp_path):
    loaded = loaded_of()
    (tmp_path / "rates.csv").write_text(rates_csv(loaded))
    table = pandas.read_csv(tmp_path / "rates.csv", dtype={"rate": str})
    assert table["rate"].tolist() == ["1.0", "2.0", "inf"]
    assert table["answered"].tolist() == [20, 3, 20]
    assert table["itl_s.p99"].isna().tolist() == [True, False, True]
    assert table["ttft_s.p50"][1] == pytest.approx(0.3)
    assert table["reasons"][1] == "status 429: full"
    text = "\n".join(rate_parts(loaded, "github", "## "))
    assert "The highest rate that the server follows: 1 requests/s." in text
    assert "- 2 requests/s: 1 without an answer: status 429: full" in text
    assert "- Not under load: 64 -> 2: too long" in text
    assert "within TTFT 2000 ms and TPOT 250.0 ms" in text
    write_figure(tmp_path / "rates.svg", loaded, demo=False)
    figure = (tmp_path / "rates.svg").read_text()
    assert all(label in figure for label in ("TTFT ms", "TPOT ms", "goodput/s", "inf"))


def test_no_limits_and_no_rate_to_follow_are_said():
    loaded = loaded_of() | {"limits": {"ttft_ms": None, "tpot_ms": None}}
    assert "within no limit" in rate_parts(loaded, "github", "")[1]
    loaded |= {"follows": None, "loads": loaded["loads"][:2]}
    loaded["rates"] = [one | {"follows": None, "unclear": SHORT} for one in loaded["rates"][:2]]
    text = "\n".join(rate_parts(loaded, "github", ""))
    assert "No rate is known that the server follows." in text
    assert "an answer alone takes 0.500 s: 1, 2; raise perf.requests" in text
