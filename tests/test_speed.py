"""The cases, the statistics of their times, and the tables, on an engine whose times are known."""

from __future__ import annotations

import csv
import json
import math
import platform
import re
import statistics
import subprocess
import sys
from itertools import cycle
from types import SimpleNamespace

import numpy
import pytest
import scipy.stats

from baichuan2.errors import PeerLostError, UserError
from baichuan2.integrity import write_sealed
from baichuan2.ranks.collectives import Ranks
from baichuan2.speed import load, measurement, tables
from baichuan2.speed.bootstrap import median_interval, ratio_interval, t_quantile
from baichuan2.speed.cases import Case, Run, grid, plan
from baichuan2.speed.noise import noisy_figures
from baichuan2.speed.rounds import FORMAT, in_turns, merge, read_measurement
from baichuan2.speed.statistics import case_statistics
from helpers.projects import ROOT

SCRIPTS = ROOT / "workflow" / "scripts"
HEADER = (
    "batch_size,input_seq_len(Encoding),output_seq_len(Decoding),ResponseTime(s),"
    "forward_first_token_time(ms),forward_next_token_time(ms),pre_next_token_time(ms),"
    "post_next_token_time_post(ms)"
)
RUN = {"model": "Baichuan2-13B", "model_name": "baichuan2_13b", "precision": "float", "dtype": "float16"}
NPU = RUN | {"device": "npu"}


class FakeDevice:
    resets = 0
    bandwidths = cycle([0.5e9, 1e9])  # before the cases, and after them

    def reset_peak_memory(self) -> None:
        self.resets += 1

    def peak_memory(self) -> int:
        return 3 << 30

    def read_bandwidth(self) -> float:
        return next(self.bandwidths)


class FakeEngine:
    """Prefill of 100 ms; next tokens of 10, 20, 30, ... ms; 1 ms before and 2 ms after each."""

    world_size = 1
    ranks = Ranks()
    max_seq_len = 64
    read = 2_000_000  # bytes of weights
    device = FakeDevice()

    def __init__(self, rank: int = 0, memory: int = 10**9, slower: float = 1.0):
        self.rank, self.memory, self.slower = rank, memory, slower
        self.asked: list[tuple] = []

    def measure(self, batch_size, input_len, output_len, mode, seed) -> Run:
        self.asked.append((batch_size, input_len, output_len, mode, seed))
        if batch_size * (input_len + output_len) > self.memory:
            raise RuntimeError("NPU out of memory. Tried to allocate 1 GiB")
        forward = [0.1, *(0.01 * index for index in range(1, output_len))]
        total = sum(forward) + 0.003 * output_len
        if mode == "normal":
            return Run(total, first_s=0.103, total_s=total)
        return Run(total, [0.001] * output_len, forward, [0.002] * output_len)

    def max_over_ranks(self, values):
        return [value * self.slower for value in values]

    def weight_bytes(self, batch_size=1) -> int:
        return self.read

    def head_rows(self) -> None:
        return None

    def kv_bytes(self, batch_size, length) -> int:
        return 1000 * batch_size * length

    def drop_cache(self) -> None:
        pass

    def environment(self) -> dict:
        return {"torch": "2.13", "threads": 2}


def measure_cases(engine, *arguments, **options) -> dict:
    return measurement.measure_cases(engine, lambda engine, *case: engine.measure(*case), *arguments, **options)


def measured_of(engine, cases, *arguments, rounds: int = 1, **kwargs) -> dict:
    """The measurement of one round, or of several that the engine ran."""
    numbers = range(1, rounds + 1)
    return merge({str(k): measure_cases(engine, cases, *arguments, number=k, **kwargs) for k in numbers})


def only_case(engine, case, **kwargs) -> dict:
    return measured_of(engine, [case], run=NPU, **kwargs)["cases"][0]


def figure(value: float, least: float | None = None, greatest: float | None = None) -> dict:
    """A figure of one round."""
    ends = {"min": value if least is None else least, "max": value if greatest is None else greatest}
    return {"median": value, **ends, "low": None, "high": None}


# The cases


def test_the_default_grid_has_36_rows_in_order():
    cases = plan([1], max_seq_len=2048)
    assert len(cases) == 36
    assert cases[0] == Case(1, 32, 32)
    assert cases[1] == Case(1, 32, 64)
    assert cases[-1] == Case(1, 1024, 1024)
    assert {case.reason for case in cases} == {None}


def test_grid_and_pairs_at_every_batch_size():
    assert grid(0, 1) == [(1, 1), (1, 2), (2, 1), (2, 2)]
    cases = plan([1, 4], 100, case_pair=[[3, 5], [7, 1]])
    assert cases == [Case(1, 3, 5), Case(1, 7, 1), Case(4, 3, 5), Case(4, 7, 1)]


def test_a_case_over_the_context_is_kept_with_its_reason():
    cases = plan([1], 96, 5, 6)
    assert [case.reason is None for case in cases] == [True, True, True, False]
    assert cases[3].reason == "128 tokens are over max_seq_len 96"


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"batch_sizes": []}, r"perf\.batch_size"),
        ({"batch_sizes": [0]}, r"perf\.batch_size"),
        ({"batch_sizes": [True]}, r"perf\.batch_size"),
        ({"batch_sizes": [1, 1]}, r"perf\.batch_size.*twice"),
        ({"min_len_exp": 6, "max_len_exp": 5}, r"perf\.min_len_exp"),
        ({"min_len_exp": -1}, r"perf\.min_len_exp"),
        ({"case_pair": [[1]]}, r"perf\.case_pair: \[1\]"),
        ({"case_pair": [[1, 0]]}, r"perf\.case_pair: \[1, 0\]"),
        ({"case_pair": [[1, 2.5]]}, r"perf\.case_pair"),
    ],
)
def test_impossible_settings_name_their_key(kwargs, message):
    with pytest.raises(UserError, match=message):
        plan(**{"batch_sizes": [1], "max_seq_len": 2048, **kwargs})


# The measurement


def test_the_largest_case_warms_up_then_each_case_its_own_times():
    engine = FakeEngine()
    engine.device = FakeDevice()
    cases = plan([1, 2], 64, case_pair=[[8, 4], [2, 2], [60, 5]])
    measure_cases(engine, cases, "normal", warmup=1, repeats=2, seed=7, run=NPU)  # a round
    small, large = (2, 2, "normal", 7), (8, 4, "normal", 7)
    one = [(1, *large)] * 3 + [(1, *small)] * 3
    two = [(2, *large)] * 3 + [(2, *small)] * 3
    assert engine.asked == [(2, *large), *one, *two]
    assert engine.device.resets == 4  # peak memory is each case's own, where the device can


def test_detail_figures():
    case = only_case(FakeEngine(), Case(2, 8, 4), repeats=3)
    assert case["ttft_s"] == figure(pytest.approx(0.103))
    assert case["tpot_s"]["median"] == pytest.approx(0.023)  # mean of 10, 20, 30 ms, and 3 ms around each
    assert case["first"]["forward_s"]["median"] == pytest.approx(0.1)
    assert [case["next"][key]["median"] for key in ("pre_s", "forward_s", "post_s")] == pytest.approx(
        [0.001, 0.02, 0.002]
    )
    assert case["response_s"]["median"] == pytest.approx(0.172)
    tokens = [0.013, 0.023, 0.033] * 3
    assert case["token_s"] == pytest.approx(
        {
            "mean": 0.023,
            "std": statistics.pstdev(tokens),
            "min": 0.013,
            "p50": 0.023,
            "p90": 0.033,
            "p99": 0.033,
            "count": 9,
        }
    )
    for rate, tokens, seconds in (("prefill", 8, 0.103), ("decode", 1, 0.023)):
        rates = case[f"{rate}_tokens_per_s"]
        assert [rates["sequence"], rates["total"]] == pytest.approx([tokens / seconds, 2 * tokens / seconds])
    assert case["peak_memory_bytes"] == 3 << 30
    assert case["kv_bytes"] == 1000 * 2 * (8 + 2)
    assert case["bandwidth_share"] == pytest.approx((2_000_000 + 20_000) / 0.023 / 1e9)
    assert len(case["runs"]) == 3
    assert case["runs"][0]["forward_s"] == [0.1, 0.01, 0.02, 0.03]


def test_a_share_above_the_whole_bandwidth_has_its_reason():
    engine = FakeEngine()
    engine.read = 46_000_000  # in 23 ms: twice 1 GB/s
    cases = [Case(2, 8, 4), Case(1, 1, 1)]
    merged = measured_of(engine, cases, run=NPU)
    (note,) = tables.bandwidth_notes(merged)
    assert "2 x 8 -> 4: 200%" in note
    assert "1 x 1" not in note
    assert "(1.0 to 1.0 GB/s over the rounds)" in note
    assert note in tables.markdown(merged)
    merged["cases"][0]["bandwidth_share"] = 1.0
    assert tables.bandwidth_notes(merged) == []


def test_normal_figures_are_differences():
    case = only_case(FakeEngine(), Case(1, 8, 4), mode="normal", repeats=1)
    assert case["ttft_s"]["median"] == pytest.approx(0.103)
    assert case["tpot_s"]["median"] == pytest.approx((0.172 - 0.103) / 3)
    assert case["response_s"]["median"] == pytest.approx(0.172)
    assert (case["token_s"], case["first"], case["next"]) == (None, None, None)


@pytest.mark.parametrize("mode", ["detail", "normal"])
def test_one_token_has_no_next_one(mode):
    case = only_case(FakeEngine(), Case(1, 8, 1), mode=mode)
    nothing = [case[key] for key in ("tpot_s", "token_s", "next", "decode_tokens_per_s", "bandwidth_share")]
    assert nothing == [None] * 5
    assert case["ttft_s"]["median"] == pytest.approx(0.103)
    assert case["reason"] is None


def test_spread_is_over_repeats_and_the_middle_one_counts():
    runs = [Run(1.0, [0.0] * 2, [first, 0.1], [0.0] * 2) for first in (0.3, 0.1, 0.2)]
    assert case_statistics(Case(1, 4, 2), runs, "detail")["ttft_s"] == figure(0.2, 0.1, 0.3)


def test_noise_gives_no_negative_time():
    found = case_statistics(Case(1, 4, 2), [Run(0.1, first_s=0.2, total_s=0.1)], "normal")
    assert found["tpot_s"] is None
    assert "no longer" in found["note"]


def test_times_are_the_slowest_ranks():
    case = only_case(FakeEngine(slower=2.0), Case(1, 8, 4), repeats=1)
    assert case["ttft_s"]["median"] == pytest.approx(0.206)
    assert case["runs"][0]["forward_s"] == pytest.approx([0.2, 0.02, 0.04, 0.06])
    assert case["response_s"]["median"] == pytest.approx(0.344)


def test_out_of_memory_is_a_reason_not_an_end():
    measured = measured_of(FakeEngine(memory=20), plan([1, 4], 64, case_pair=[[8, 4]]), run=NPU)
    assert [case["reason"] for case in measured["cases"]] == [None, "out of memory"]
    assert "runs" not in measured["cases"][1]


def test_out_of_memory_on_another_rank_counts_here_too():
    engine = FakeEngine()
    engine.ranks = SimpleNamespace(on_any=lambda found: True)
    assert only_case(engine, Case(1, 8, 4))["reason"] == "out of memory"


def test_out_of_memory_on_one_rank_alone_is_its_error():
    """The others wait for it, and do not come to say how they fared."""

    def nobody_comes(found):
        raise PeerLostError("monitored_barrier", RuntimeError("timed out"))

    engine = FakeEngine(rank=1, memory=8)
    engine.ranks = SimpleNamespace(on_any=nobody_comes)
    with pytest.raises(UserError, match=r"^out of memory on rank 1 and not on all, in the case 1 x 8 -> 4; lower"):
        only_case(engine, Case(1, 8, 4))
    engine.memory = 100
    with pytest.raises(PeerLostError):
        only_case(engine, Case(1, 8, 4))


@pytest.mark.parametrize("error", [RuntimeError("shapes differ"), ValueError("no"), KeyError("x")])
def test_any_other_error_ends_the_run(error):
    engine = FakeEngine()

    def fail(*_):
        raise error

    engine.measure = fail
    with pytest.raises(type(error)):
        only_case(engine, Case(1, 8, 4))


def test_a_case_that_stopped_early_is_an_error():
    engine = FakeEngine()
    engine.measure = lambda *_: Run(0.1, [0.0] * 3, [0.0] * 3, [0.0] * 3)
    with pytest.raises(ValueError, match="3"):
        only_case(engine, Case(1, 8, 4))


@pytest.mark.parametrize("kwargs", [{"mode": "fast"}, {"repeats": 0}, {"warmup": -1}])
def test_settings_that_measure_nothing_are_refused(kwargs):
    with pytest.raises(UserError, match=r"perf\."):
        only_case(FakeEngine(), Case(1, 8, 4), **kwargs)


# Noise


class NoisyEngine(FakeEngine):
    """A FakeEngine whose runs are slowed down, each by its factor: the first token, or the last one alone."""

    def __init__(self, factors: list[float], last: bool = False):
        super().__init__()
        self.factors, self.last = factors, last

    def measure(self, *case) -> Run:
        run, factor = super().measure(*case), self.factors[len(self.asked) - 1]
        token = -1 if self.last else 0
        run.forward_s = list(run.forward_s)
        run.forward_s[token] *= factor
        return run


@pytest.mark.parametrize(
    ("factors", "attempts", "noise"),
    [
        ([1, 1], [1, 1], []),
        ([1, 1.1], [1, 1], []),  # within 10 %
        ([1, 2, 1, 1], [1, 1, 2, 2], []),  # the disturbed run stays among the others
        ([1, 2, 1, 2, 1, 1], [1, 1, 2, 2, 3, 3], []),
        ([1, 2, 3, 4, 5, 6], [1, 1, 2, 2, 3, 3], ["ttft_s"]),  # and no further
    ],
)
def test_a_noisy_case_is_measured_again_up_to_again_times(factors, attempts, noise):
    engine = NoisyEngine([1, *factors])  # after the warm-up
    case = only_case(engine, Case(1, 8, 5), repeats=2, warmup=0, again=2)
    assert [run["attempt"] for run in case["runs"]] == attempts
    assert case["noise"] == noise
    assert len(engine.asked) == 1 + len(factors)


def test_a_mean_that_few_tokens_carry_is_noise_and_the_median_is_not():
    """As on a busy host: 9.67 ms of mean, run after run, where the median of single tokens is 0.30."""
    engine = FakeEngine()
    forward = [0.01, *[0.0003] * 30, 0.29]
    engine.measure = lambda *_: Run(1.0, [0.0] * 32, forward, [0.0] * 32)
    case = only_case(engine, Case(1, 8, 32), again=0)
    assert case["tpot_s"]["median"] == pytest.approx(0.00964, rel=0.01)
    assert case["token_median_s"]["median"] == pytest.approx(0.0003)
    assert case["noise"] == ["tpot_s"]
    assert case["spread"]["tpot_s"] == pytest.approx(31, rel=0.02)


def test_a_round_apart_from_the_others_is_noise():
    runs = [Run(1.0, [0.0], [first], [0.0], round=k) for k, first in ((1, 0.1), (1, 0.1), (2, 0.15), (3, 0.1))]
    assert case_statistics(Case(1, 4, 1), runs, "detail", 0.1)["spread"] == {"ttft_s": pytest.approx(0.5)}
    assert noisy_figures(Case(1, 4, 1), runs, "detail", 0.6) == []


def test_a_negative_time_is_measured_again():
    engine = FakeEngine()
    times = iter([Run(0.2, first_s=0.2, total_s=0.2)] + [Run(0.1, first_s=0.2, total_s=0.1)] * 4)
    engine.measure = lambda *_: next(times)
    case = only_case(engine, Case(1, 4, 2), mode="normal", warmup=0, repeats=2, again=1)
    assert [run["attempt"] for run in case["runs"]] == [1, 1, 2, 2]
    assert (case["tpot_s"], case["noise"]) == (None, ["tpot_s"])


# Rounds


def test_rounds_are_merged_in_their_order_with_when_and_where():
    engine = FakeEngine()
    first, second = (measure_cases(engine, [Case(1, 8, 4)], run=NPU, number=k) for k in (1, 2))
    merged = merge({"b": second, "a": first})
    assert [one["round"] for one in merged["rounds"]] == [1, 2]
    assert {one["host"] for one in merged["rounds"]} == {platform.node()}
    runs = merged["cases"][0]["runs"]
    assert [run["round"] for run in runs] == [1, 1, 2, 2]
    assert all(first["began"] <= run["began"] <= second["ended"] for run in runs)
    assert merged["cases"][0]["by_round"]["first_s"] == [[0.1, 0.1], [0.1, 0.1]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mode": "normal"}, "^b: its mode is not that of a; delete both and run again$"),
        ({"environment": {"torch": "2.13", "threads": 4}}, r"^b: its environment\.threads is not that of a"),
        ({"round": 1}, "^a: a round is there twice"),
        ({"cases": []}, "^b: its list of cases is not that of a"),
    ],
)
def test_rounds_of_other_settings_are_not_merged(change, message):
    one, two = (measure_cases(FakeEngine(), [Case(1, 8, 4)], run=NPU, number=k) for k in (1, 2))
    with pytest.raises(UserError, match=message):
        merge({"a": one, "b": two | change})


def test_a_round_out_of_memory_leaves_the_case_without_figures():
    one = measure_cases(FakeEngine(), [Case(1, 8, 4)], run=NPU)
    two = measure_cases(FakeEngine(memory=4), [Case(1, 8, 4)], run=NPU, number=2)
    (case,) = merge({"a": one, "b": two})["cases"]
    assert case == {"batch_size": 1, "input_len": 8, "output_len": 4, "reason": "out of memory"}


def rounds_at(*times: float, host: str = "h") -> list[dict]:
    return [{"began": time, "ended": time + 1, "host": host} for time in times]


@pytest.mark.parametrize(
    ("of", "to", "turns"),
    [
        (rounds_at(0, 2), rounds_at(1, 3), True),
        (rounds_at(1, 2), rounds_at(0, 3), True),  # round by round; which comes first does not matter
        (rounds_at(0, 1), rounds_at(2, 3), False),  # one after the other
        (rounds_at(0, 2), rounds_at(1, 3, host="other"), False),
        (rounds_at(0), rounds_at(1), False),  # nothing alternates
        (rounds_at(0, 2), rounds_at(1, 3, 4), False),
        ([], [], False),
    ],
)
def test_turns(of, to, turns):
    assert in_turns(of, to) is turns


# Intervals


def test_t_is_scipys():
    for freedom in (1, 2, 3, 4, 9, 30):
        assert t_quantile(freedom) == pytest.approx(scipy.stats.t.ppf(0.975, freedom), rel=1e-9)


@pytest.mark.parametrize(
    ("rounds", "runs", "between", "within"), [(3, 1, 0.05, 0), (3, 2, 0, 0.05), (5, 2, 0.05, 0.03), (8, 1, 0.02, 0)]
)
def test_an_interval_holds_the_truth_in_95_percent(rounds, runs, between, within):
    """Of times that drift from round to round, and differ from run to run, around a known one."""
    random = numpy.random.default_rng(0)
    logarithms = random.normal(0, between, (400, rounds, 1)) + random.normal(0, within, (400, rounds, runs))
    ends = [median_interval(times.tolist()) for times in 0.3 * numpy.exp(logarithms)]
    assert 0.93 <= numpy.mean([low <= 0.3 <= high for low, high in ends]) <= 1


def test_many_runs_of_few_rounds_do_not_narrow_an_interval_that_rounds_drift():
    drifting = [[0.1] * 50, [0.2] * 50, [0.15] * 50]
    low, high = median_interval(drifting)
    assert low < 0.1
    assert high > 0.2
    assert median_interval(drifting[:1]) is None


def test_turns_take_out_of_a_ratio_what_the_host_did_to_both():
    of, to = [[[1.0], [2.0], [4.0]]], [[[2.0], [4.0], [8.0]]]
    assert ratio_interval(of, to, in_turns=True) == pytest.approx((0.5, 0.5))
    low, high = ratio_interval(of, to, in_turns=False)
    assert low < 0.1
    assert high > 2


def test_the_coverage_of_a_ratios_interval():
    random = numpy.random.default_rng(1)
    hits = 0
    for _ in range(300):
        host = random.normal(0, 0.3, (3, 1))  # loads both sides of a round alike
        of, to = (numpy.exp(host + random.normal(0, 0.05, (3, 2))) for _ in range(2))
        low, high = ratio_interval([(0.4 * of).tolist()], [to.tolist()], in_turns=True)
        hits += low <= 0.4 <= high
    assert hits / 300 >= 0.93


# The tables


def test_noise_and_the_host_are_in_every_table(tmp_path, monkeypatch):
    busy = {"seconds": 2.0, "others": 0.48, "steal": 0.03, "throttled_s": 0.1, "throttlings": 7, "thermal": 0}
    monkeypatch.setattr(load, "between", lambda first, last, alone: busy | {"mhz": 2500.0, "load": 4.1})
    engine = NoisyEngine([1, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 7, 1, 1, 2, 3, 4, 5, 6])
    noisy = measured_of(engine, [Case(1, 8, 5)], run=NPU, rounds=3, warmup=0)
    tables.write_tables(tmp_path, noisy)
    text = (tmp_path / "summary.md").read_text()
    for shown in (text, tables.speed_table(noisy)):
        assert re.search(r"\(perf\.max_spread\), though .* up to 2 times again: 1 x 8 -> 5: TTFT \d+%\.", shown)
        assert "Round 1: other processes took 48% of the processors, the hypervisor stole 3%, the CPU quota" in shown
    (row,) = csv.DictReader((tmp_path / "cases.csv").open())
    assert row["noise"] == "ttft_s"
    assert [row["load.others"], row["load.throttlings"]] == ["0.48", "21"]
    low, high = float(row["ttft_s.low"]), float(row["ttft_s.high"])
    assert low < float(row["ttft_s.median"]) < high
    rate = float(row["decode_tokens_per_s.sequence_high"])
    assert rate == pytest.approx(1 / float(row["tpot_s.low"]), rel=1e-6)
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["means"]["1"]["noise"] == 1
    assert (tmp_path / "performance_test_npu_baichuan2_13b_float16_bs1.csv").read_text().startswith(HEADER + "\n")


@pytest.fixture
def measured() -> dict:
    cases = plan([1], 64, case_pair=[[8, 4], [16, 1], [60, 5]])
    return measured_of(FakeEngine(), cases, repeats=2, run=NPU)


def test_guide_csv(measured):
    assert tables.GUIDE_HEADER == HEADER
    assert tables.guide_csv(measured) == (
        HEADER + "\n"
        "1,8,4,0.172000,100.000000,20.000000,1.000000,2.000000\n"
        "1,16,1,0.103000,100.000000,,,\n"
        "1,60,5,,,,,\n"
    )


def test_guide_csv_in_mode_normal():
    measured = measured_of(FakeEngine(), [Case(1, 8, 4)], "normal", run=NPU)
    assert tables.guide_csv(measured).splitlines()[1] == "1,8,4,0.172000,103.000000,23.000000,,"


def test_modeltests_table_of_each_batch_size():
    """Its own columns, and means over the cases in the last row: what it writes for [[8, 4], [8, 1]]."""
    measured = measured_of(FakeEngine(), plan([1, 2], 64, case_pair=[[8, 4], [8, 1], [60, 5]]), run=NPU)
    texts = tables.modeltest_csvs(measured)
    assert list(texts) == [f"performance_pa_batch{size}_tp1_result.csv" for size in (1, 2)]
    assert texts["performance_pa_batch2_tp1_result.csv"] == (
        "Model,Batchsize,In_seq,Out_seq,Total time(s),First token time(ms),Non-first token time(ms),"
        "Non-first token Throughput(Tokens/s),E2E Throughput(Tokens/s),Non-first token Throughput Average(Tokens/s),"
        "E2E Throughput Average(Tokens/s)\n"
        "baichuan2_13b,2,8,4,0.172000,103.000000,23.000000,86.956522,46.511628,,\n"
        "baichuan2_13b,2,8,1,0.103000,103.000000,,,19.417476,,\n"
        "baichuan2_13b,2,60,5,,,,,,86.956522,32.964552\n"
    )
    of_server = tables.modeltest_csvs(measured | {"world_size": None})
    assert list(of_server) == [f"performance_pa_batch{size}_result.csv" for size in (1, 2)]


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({}, "performance_test_npu_baichuan2_13b_float16_bs1.csv"),
        ({"device": "cuda"}, "performance_test_cuda_baichuan2_13b_float16_bs1.csv"),
        ({"precision": "w8a8"}, "performance_test_npu_baichuan2_13b_w8a8_bs1.csv"),
        ({"precision": "w8a8-dynamic"}, "performance_test_npu_baichuan2_13b_w8a8-dynamic_bs1.csv"),
        (
            {"cases": [{"batch_size": 4}, {"batch_size": 1}]},
            "performance_test_npu_baichuan2_13b_float16_bs1-4.csv",
        ),
        ({"model_name": "../x"}, "performance_test_npu_..-x_float16_bs1.csv"),
    ],
)
def test_guide_csv_name(measured, more, name):
    assert tables.guide_csv_name(measured | more) == name


def test_means_over_the_grid():
    measured = measured_of(FakeEngine(), plan([1, 2], 64, case_pair=[[8, 4], [8, 2], [8, 1]]), run=NPU)
    mean = tables.summarise(measured)["means"]["1"]
    assert mean.pop("cases") == [3, 2]  # one token has no next one
    assert mean.pop("noise") == 0
    ends = [mean.pop(key) for key in list(mean) if key.endswith(("_low", "_high"))]
    assert ends == [None] * 12  # one round
    assert mean == pytest.approx(
        {
            "first_ms": 100.0,
            "next_ms": (20 + 10) / 2,
            "next_median_ms": (20 + 10) / 2,
            "first_tokens_per_s": 10.0,
            "next_tokens_per_s": 1000 / 15,
            "next_median_tokens_per_s": 1000 / 15,
        }
    )


def test_tables_are_written_and_strict_json(measured, tmp_path):
    tables.write_tables(tmp_path, measured)
    tabled = ["performance_pa_batch1_tp1_result.csv", "performance_test_npu_baichuan2_13b_float16_bs1.csv"]
    names = ["cases.csv", *tabled, "summary.json", "summary.md"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    summary = json.loads((tmp_path / "summary.json").read_text(), parse_constant=pytest.fail)
    assert "runs" not in summary["cases"][0]
    assert summary["run"]["environment"] == {"torch": "2.13", "threads": 2}
    text = (tmp_path / "summary.md").read_text()
    assert "n/a: 1 x 60 -> 5: 65 tokens are over max_seq_len 64" in text
    assert "Baichuan2-13B, float, float16, npu" in text
    assert "environment.threads" in text
    assert "demo" not in text
    rows = list(csv.DictReader((tmp_path / "cases.csv").open()))
    assert [row["reason"] for row in rows] == ["", "", "65 tokens are over max_seq_len 64"]
    assert math.isclose(float(rows[0]["tpot_s.median"]), 0.023)
    assert [rows[1]["tpot_s.median"], rows[2]["ttft_s.median"]] == ["", ""]


def test_nothing_measured_still_makes_tables(tmp_path):
    measured = measured_of(FakeEngine(), plan([1], 8, case_pair=[[8, 8]]), run=NPU | {"demo": True})
    tables.write_tables(tmp_path, measured)
    assert "demo model's times" in (tmp_path / "summary.md").read_text()
    assert tables.guide_csv(measured).splitlines()[1] == "1,8,8,,,,,"


def test_tabulate_perf_script(measured, tmp_path):
    write_sealed(tmp_path / "m.json", measured)
    assert read_measurement(tmp_path / "m.json") == measured
    command = [sys.executable, SCRIPTS / "tabulate_perf.py", "--name", "x"]
    command += ["--out", tmp_path / "perf", "--measurement"]
    done = subprocess.run([*command, tmp_path / "m.json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "TPOT ms" in done.stdout
    assert (tmp_path / "perf" / "summary.md").is_file()
    write_sealed(tmp_path / "other.json", {**FORMAT, "version": 1})
    done = subprocess.run([*command, tmp_path / "other.json"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {tmp_path}/other.json: version 1, read is 2")
    assert done.stderr.count("\n") == 1
