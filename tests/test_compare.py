"""Comparisons: the published tables digit for digit, every kind of side, and what is said not to be comparable."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import asdict
from pathlib import Path

import pandas
import pytest
import yaml
from scipy.stats import binomtest

from baichuan2.ceval.exam import read_subjects
from baichuan2.ceval.records import GENERATED, Record
from baichuan2.ceval.results import write_results
from baichuan2.errors import UserError
from baichuan2.integrity import read_sealed, write_sealed
from baichuan2.report.choice import Choice, choose, reference_rows, shared_kinds
from baichuan2.report.comparison import (
    Difference,
    accuracy_table,
    compare,
    distinguishable,
    pair_answers,
    printed_ratio,
    sign_test,
)
from baichuan2.report.figures import accuracy_figure, write_figures
from baichuan2.report.intervals import paired_difference, unpaired_difference, wilson
from baichuan2.report.page import page
from baichuan2.report.sides import AVERAGE, Side, Tally, answers_of, read_side, tallied
from baichuan2.report.tables import accuracy_csv, markdown, speed_csv, terminal, write_comparison
from baichuan2.speed.cases import Case, Run
from baichuan2.speed.statistics import case_statistics
from baichuan2.speed.tables import GUIDE_HEADER, write_tables
from baichuan2.text.tables import cut
from helpers.projects import ROOT

SCRIPT = ROOT / "workflow" / "scripts" / "tabulate_compare.py"
SUBJECTS = ROOT / "resources" / "ceval_subjects.csv"
REFERENCES = str(ROOT / "config" / "references")
CLASSES = ("STEM", "Social Science", "Humanities", "Other")
ASKED = (430, 275, 257, 384)
PUBLISHED = ("0.472093023", "0.661818182", "0.630350195", "0.567708333", "0.568350669")
CEVAL_RUN = {"model": "m", "precision": "float", "dtype": "float32", "device": "cpu", "demo": False}
CEVAL_RUN |= {"protocol": "official", "shots": 5, "split": "val", "world_size": 1}


def side(right: tuple[int, ...], asked: tuple[int, ...] = ASKED, name: str = "one") -> Side:
    counts = zip(right, asked, strict=True)
    return Side(name, "run", {"accuracy": {}}, accuracy=tallied(dict(zip(CLASSES, counts, strict=True))))


def compared(of: str, to: str):
    choices = tuple(choose(text, f"compare.{key}", REFERENCES) for key, text in (("of", of), ("to", to)))
    return compare(choices, lambda choice, kinds: read_side(choice, kinds, SUBJECTS))


def write_ceval(folder: Path, wrong: int = 0, first: int = 0, count: int = 20, generated: int = 0, **run) -> Path:
    """A ceval directory of `count` questions of two classes, the first `wrong` of them answered wrongly.

    generated: how many of them a server answered by a text.
    """
    subjects = ("law", "computer_network")
    records = [
        Record(subjects[k % 2], str(first + k), "A", "B" if k < wrong else "A", 5, 9, False,
               way=GENERATED if k < generated else None)
        for k in range(count)
    ]  # fmt: skip
    write_results(folder, CEVAL_RUN | run, records, read_subjects(SUBJECTS))
    return folder


QUIET = {"others": 0.0, "steal": 0.0, "throttled_s": None, "throttlings": None, "thermal": None, "mhz": None}
QUIET |= {"seconds": 1.0, "load": 0.1}


def write_perf(
    folder: Path, times: dict[tuple[int, int, int], tuple | list[tuple]], began: float = 0, load: dict = QUIET, **run
) -> Path:
    """A perf directory: {(batch, input, output): (first, next) in seconds, or a list of such, one a round}.

    A first of 0 is a case not run; next may be a list of each token's. Round k runs from began + 10 * k on.
    """
    cases, numbers = [], set()
    for key, rounds in times.items():
        rounds = rounds if isinstance(rounds, list) else [rounds]
        numbers |= set(range(1, len(rounds) + 1))
        case = Case(*key, reason=None if rounds[0][0] else "out of memory")
        runs = []
        for number, (first, later) in enumerate(rounds, 1):
            steps = later if isinstance(later, list) else [later] * (case.output_len - 1)
            parts = [0.0] * case.output_len, [first, *steps], [0.0] * case.output_len
            runs.append(Run(1.0, *parts, round=number))
        first = rounds[0][0]
        measured = case_statistics(case, runs, "detail") if first else {}
        more = {"peak_memory_bytes": 1, "weight_bytes": 1, "kv_bytes": 1, "bandwidth_share": None}
        cases.append(asdict(case) | (measured | more if first else {}))
    measurement = {"model": "m", "model_name": "m", "precision": "float", "dtype": "float32", "device": "cpu"}
    measurement |= {
        "demo": False,
        "mode": "detail",
        "warmup": 1,
        "repeats": 1,
        "world_size": 1,
        "read_bandwidth": 1e9,
        "max_spread": 0.1,
        "again": 2,
        "rounds": [
            {
                "round": k,
                "began": began + 10 * k,
                "ended": began + 10 * k + 1,
                "host": "h",
                "load": load,
                "read_bandwidth": 1e9,
            }
            for k in sorted(numbers)
        ],
    }
    write_tables(folder, measurement | run | {"cases": cases})
    return folder


def write_sdk(folder: Path, rows: str, cache: str = "law,0,A,A\nlaw,1,A,B\nphysician,0,C,C\n") -> Path:
    result = folder / "test_result"
    result.mkdir(parents=True)
    accuracies = {"STEM": 0.0, "Social Science": 0.0, "Humanities": 0.5, "Other": 1.0, "Avg": 2 / 3}
    (result / "result_0_classes_acc.json").write_text(json.dumps(accuracies))
    (result / "cache0.csv").write_text(cache)
    (folder / "performance_test_npu_baichuan2_13b_x.csv").write_text(f"{GUIDE_HEADER}\n{rows}")
    return folder


def test_published_accuracies_digit_for_digit():
    table = accuracy_table(side((203, 182, 162, 218)), side((203, 181, 162, 220)))
    printed = [row[3] for row in csv.reader(accuracy_csv(table).splitlines()[1:])]
    assert tuple(printed) == PUBLISHED
    comparison = compared("800t-a2", "gpu")
    for name, accuracy in zip(comparison.accuracy["class"], PUBLISHED, strict=True):
        line = next(line for line in markdown(comparison).splitlines() if line.startswith(f"| {name} "))
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert (cells[2], cells[4], cells[5]) == (accuracy, accuracy, "1")


def test_published_ratios_digit_for_digit():
    table = compared("300i-duo", "gpu").accuracy.set_index("class")
    assert table.ratio.to_dict() == dict(zip(CLASSES, ("1", "0.994505494", "1", "1.009174313"), strict=True)) | {
        AVERAGE: "1.001307189"
    }
    assert table.loc[AVERAGE, ["of_correct", "of_total"]].tolist() == [766, 1346]
    rows = csv.DictReader(speed_csv(compared("800t-a2", "gpu").speed).splitlines())
    shown = [(row["of"], row["to"], row["ratio"]) for row in rows if row["unit"] == "tokens/s"]
    assert shown == [
        ("14.260809086490132", "15.642417690338782", "0.911675508"),
        ("31.69616807901823", "36.41638939692089", "0.870381952"),
    ]


def test_published_milliseconds_and_a_side_without_accuracy():
    comparison = compared("300i-duo-w8a8", "300i-duo")
    text = markdown(comparison)
    assert "No accuracy table: 300i-duo-w8a8 has no accuracy figures." in text
    assert "accuracy.svg" not in text
    rows = [(row.token, row.of and row.of.shown_in(row.unit), row.to.shown_in(row.unit), row.ratio)
            for row in comparison.speed.itertuples() if row.unit == "ms/token"]  # fmt: skip
    assert rows == [("first token", None, "327", None), ("next token", "75", "103", "0.728155340")]
    assert "n/a" in terminal(comparison)


def test_ratios_of_nothing_and_of_nearly_equals():
    assert printed_ratio(0.5, 0) is None
    assert printed_ratio(0.5, 0.5) == "1"
    assert printed_ratio(1.0000000001, 1) == "1.000000000"


@pytest.mark.parametrize(("only_of", "only_to"), [(0, 0), (1, 0), (0, 6), (3, 3), (5, 15), (120, 90), (600, 700)])
def test_sign_test_is_scipys(only_of, only_to):
    trials = only_of + only_to
    expected = binomtest(only_of, trials, 0.5).pvalue if trials else 1.0
    assert sign_test(only_of, only_to) == pytest.approx(expected, rel=1e-9)


def frame(answers: dict[tuple[str, str], tuple[str, str]]):
    return answers_of([["Humanities", *question, *letters] for question, letters in answers.items()])


def test_pairs_are_questions_of_one_exam():
    answers = [
        {("law", "0"): ("A", "A"), ("law", "1"): ("B", "C"), ("law", "3"): ("D", "-1")},
        {("law", "0"): ("A", "A"), ("law", "1"): ("B", "B"), ("law", "9"): ("A", "A")},
    ]
    of, to = (Side(name, "run", {}, answers=frame(found)) for name, found in zip("ab", answers, strict=True))
    paired = pair_answers(of, to)
    assert (paired.questions, paired.both, paired.only_of, paired.only_to, paired.neither) == (2, 1, 0, 1, 0)
    assert pair_answers(of, Side("c", "reference", {})) is None
    # Another exam with the same numbers, told by its right letters, its name or by being the demo's.
    assert pair_answers(of, Side("x", "run", {"accuracy": {"exam": "own"}}, answers=frame(answers[1]))) is None
    assert pair_answers(of, Side("d", "run", {}, answers=frame(answers[1] | {("law", "3"): ("A", "A")}))) is None
    assert pair_answers(of, Side("e", "run", {"accuracy": {"demo": True}}, answers=frame(answers[1]))) is None


@pytest.mark.parametrize(("correct", "total"), [(0, 20), (20, 20), (1, 29), (81, 263), (1345, 1346)])
def test_wilsons_interval_is_scipys(correct, total):
    expected = binomtest(correct, total).proportion_ci(0.95, "wilson")
    assert wilson(correct, total) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize(
    ("of", "to", "ends"),
    [((56, 70), (48, 80), (0.0524, 0.3339)), ((9, 10), (3, 10), (0.1705, 0.8090)),
     ((5, 56), (0, 29), (-0.0381, 0.1926)), ((10, 10), (0, 10), (0.6075, 1))],
)  # fmt: skip
def test_unpaired_intervals_are_newcombes_table(of, to, ends):
    """R. G. Newcombe, Stat. Med. 17, 1998, p. 873, table II, method 10."""
    assert unpaired_difference(of, to) == pytest.approx(ends, abs=5e-5)


@pytest.mark.parametrize(
    ("counts", "ends"), [((59, 6, 16, 80), (-0.1186, -0.0046)), ((1, 1, 7, 12), (-0.5069, -0.0256))]
)
def test_paired_intervals_are_those_of_r(counts, ends):
    """Of the package contingencytables, Newcombe_square_and_add_CI_paired_2x2: cavo_2012 and bentur_2009."""
    assert paired_difference(*counts) == pytest.approx(ends, abs=5e-5)


def test_intervals_pair_the_same_questions_alone(tmp_path):
    for name, arguments in {"a": {"wrong": 3}, "b": {"wrong": 6}, "c": {"wrong": 6, "first": 1}}.items():
        write_ceval(tmp_path / name / "ceval", **arguments)
    same, others, published = (compared(str(tmp_path / "a"), to).differences
                               for to in (str(tmp_path / "b"), str(tmp_path / "c"), "gpu"))  # fmt: skip
    assert same[AVERAGE] == Difference(pytest.approx(0.15), paired_difference(14, 3, 0, 3), "paired")
    assert same["STEM"] == Difference(pytest.approx(0.2), paired_difference(7, 2, 0, 1), "paired")
    assert set(same) == {"STEM", "Humanities", AVERAGE}
    assert others[AVERAGE] == Difference(pytest.approx(0.15), unpaired_difference((17, 20), (14, 20)), "unpaired")
    assert published["STEM"].method == "unpaired"


def test_two_runs(tmp_path):
    old = tmp_path / "旧 results"
    write_ceval(old / "ceval")
    write_ceval(old / "ceval_quant", wrong=6, precision="w8a8", protocol="sdk")
    write_perf(old / "perf", {(1, 32, 4): (0.1, 0.01), (1, 64, 1): (0.3, 0), (2, 32, 4): (0.2, 0.02)})
    write_perf(old / "perf_quant", {(1, 32, 4): (0.05, 0.02), (1, 64, 1): (0.1, 0), (1, 128, 4): (0.9, 0.9)},
               precision="w8a8")  # fmt: skip
    comparison = compared(f"{old}:quant", str(old))
    assert (comparison.paired.only_of, comparison.paired.only_to, comparison.paired.p) == (0, 6, 2 / 2**6)
    right = comparison.accuracy.set_index("class").of_correct
    assert (right["Humanities"], right["STEM"], right["Other"]) == (7, 7, None)
    speeds = {(row.token, row.unit): row for row in comparison.speed.itertuples()}
    assert set(comparison.speed.batch_size) == {"1"}
    # Only the two cases that both have, of which one has a next token.
    first, later = speeds["first token", "ms/token"], speeds["next token", "ms/token"]
    assert (first.of.value, first.to.value, (first.of_cases, first.to_cases)) == (
        pytest.approx(75),
        pytest.approx(200),
        (2, 2),
    )
    assert (later.of.value, later.to.value, (later.of_cases, later.to_cases)) == (
        pytest.approx(20),
        pytest.approx(10),
        (1, 1),
    )
    assert speeds["next token", "tokens/s"].ratio == "0.500000000"
    text = markdown(comparison)
    assert "the 2 cases (batch, input, output) that both sides measured" in text
    assert f"Different protocol: {old}:quant sdk, {old} official." in text
    assert re.search(r"\| precision +\| w8a8 +\| float", text)


def rounds_of(*factors: float, next_s: float = 0.01) -> dict:
    """The times of rounds that the host slowed down by these factors."""
    return {(1, 32, 4): [(0.1 * factor, next_s * factor) for factor in factors]}


def test_a_ratio_that_could_be_1_is_not_distinguishable(tmp_path):
    write_perf(tmp_path / "a/perf", rounds_of(1, 1.3, 0.8))
    write_perf(tmp_path / "b/perf", rounds_of(1.2, 0.9, 1.1), began=5)
    comparison = compared(str(tmp_path / "a"), str(tmp_path / "b"))
    text = markdown(comparison)
    assert text.count(": not distinguishable") == 6
    assert terminal(comparison).count(": not distinguishable") == 6
    rows = list(csv.DictReader(speed_csv(comparison.speed).splitlines()))
    assert {row["distinguishable"] for row in rows} == {"no"}
    for row in rows:
        assert float(row["ratio_low"]) < float(row["ratio"]) < float(row["ratio_high"])
    first = {row["unit"]: row for row in rows if row["token"] == "first token"}
    assert float(first["tokens/s"]["ratio_low"]) == pytest.approx(1 / float(first["ms/token"]["ratio_high"]))


def test_turns_tell_apart_what_one_after_the_other_does_not(tmp_path):
    """The host's load falls on both in turns; the ratio is 0.8 in every round."""
    write_perf(tmp_path / "a/perf", rounds_of(1, 1.3, 0.8, next_s=0.008))
    write_perf(tmp_path / "b/perf", rounds_of(1, 1.3, 0.8), began=5)
    write_perf(tmp_path / "c/perf", rounds_of(1, 1.3, 0.8), began=1000)
    turns, after = (compared(str(tmp_path / "a"), str(tmp_path / to)) for to in "bc")
    of_next = [c.speed.query("token == 'next token' and unit == 'ms/token'").iloc[0] for c in (turns, after)]
    assert [row.ratio for row in of_next] == ["0.800000000"] * 2
    assert [distinguishable(row.interval) for row in of_next] == [True, False]
    assert tuple(of_next[0].interval) == pytest.approx((0.8, 0.8))
    assert not any("in turns" in note for note in turns.notes["speed"])
    assert any(note.startswith("Not measured in turns") for note in after.notes["speed"])


def test_a_ratio_of_medians_is_not_that_of_delayed_tokens(tmp_path):
    """The means say 0.39, the medians of single tokens 0.97."""
    delayed = [(0.1, [0.00030, 0.00030, 0.0284]) for _ in range(3)]
    write_perf(tmp_path / "a/perf", {(1, 32, 4): delayed})
    write_perf(tmp_path / "b/perf", {(1, 32, 4): [(0.1, [0.00031, 0.00031, 0.01063])] * 3}, began=5)
    comparison = compared(str(tmp_path / "b"), str(tmp_path / "a"))
    ratios = {row.token: row.ratio for row in comparison.speed.itertuples() if row.unit == "ms/token"}
    assert ratios["next token"].startswith("0.38")
    assert ratios["next token, median"] == "1.033333333"
    noted = [note for note in comparison.notes["speed"] if "noise" in note]
    assert [note.split(": ")[1][:12] for note in noted] == ["1 of 1 cases"] * 2


def test_a_busy_host_is_said_beside_the_ratio(tmp_path):
    write_perf(tmp_path / "a/perf", rounds_of(1, 1), load=QUIET | {"others": 0.5})
    notes = compared(str(tmp_path / "a"), "gpu").notes["speed"]
    assert f"{tmp_path / 'a'}: Round 2: other processes took 50% of the processors." in notes


def test_published_figures_and_one_round_have_no_interval(tmp_path):
    write_perf(tmp_path / "a/perf", rounds_of(1, 1, 1))
    write_perf(tmp_path / "b/perf", rounds_of(1))
    for of, to in (("300i-duo", "gpu"), (str(tmp_path / "a"), "gpu"), (str(tmp_path / "a"), str(tmp_path / "b"))):
        rows = list(csv.DictReader(speed_csv(compared(of, to).speed).splitlines()))
        assert {(row["ratio_low"], row["ratio_high"], row["distinguishable"]) for row in rows} == {("", "", "")}


def test_summaries_of_an_earlier_version_are_compared_as_before(tmp_path):
    """They have neither rounds nor medians of single tokens."""
    folder = write_perf(tmp_path / "a/perf", rounds_of(1))
    summary = read_sealed(folder / "summary.json")
    del summary["run"]["rounds"]
    for case in summary["cases"]:
        del case["by_round"], case["noise"], case["spread"], case["next"]["forward_median_s"]
    write_sealed(folder / "summary.json", summary)
    write_perf(tmp_path / "b/perf", rounds_of(1, 1, 1, next_s=0.02))
    comparison = compared(str(tmp_path / "a"), str(tmp_path / "b"))
    rows = [(row.token, row.ratio, row.interval) for row in comparison.speed.itertuples() if row.unit == "ms/token"]
    assert rows == [("first token", "1", None), ("next token", "0.500000000", None)]
    assert any(note.startswith("Not measured in turns") for note in comparison.notes["speed"])


def test_grids_without_a_common_case(tmp_path):
    write_perf(tmp_path / "a/perf", {(1, 32, 4): (0.1, 0.01), (4, 32, 4): (0.4, 0.04)})
    write_perf(tmp_path / "b/perf", {(4, 64, 4): (0.2, 0.02), (4, 64, 8): (0, 0)}, device="npu", mode="normal")
    comparison = compared(str(tmp_path / "a"), str(tmp_path / "b"))
    rows = comparison.speed[::2].itertuples()
    assert [(row.batch_size, round(row.of.value), round(row.to.value)) for row in rows] == [
        ("4", 400, 200),
        ("4", 40, 20),  # the medians
        ("4", 40, 20),
    ]
    text = " ".join(comparison.notes["speed"])
    assert "each side's own grid of cases: the two have no case" in text
    assert "Different device" in text
    assert "Different way of timing" in text
    published = compared(str(tmp_path / "a"), "gpu")
    assert published.speed.loc[0, ["batch_size", "of_cases", "to_cases"]].tolist() == ["1 and not stated", 1, None]
    assert "batch size: 1 and not stated" in published.notes["speed"][0]


def test_nothing_measured_is_said(tmp_path):
    write_perf(tmp_path / "a/perf", {(1, 32, 4): (0, 0)})
    comparison = compared(str(tmp_path / "a"), "gpu")
    assert comparison.speed.of.tolist() == [None] * 4
    assert "n/a" in markdown(comparison)
    write_figures(tmp_path, comparison)
    assert "n/a" in (tmp_path / "speed.svg").read_text()


def test_different_questions_and_demo_are_said(tmp_path):
    write_ceval(tmp_path / "a/ceval", demo=True)
    write_ceval(tmp_path / "b/ceval", first=6, demo=True)
    notes = compared(str(tmp_path / "a"), str(tmp_path / "b")).notes["accuracy"]
    assert f"{tmp_path / 'a'} and {tmp_path / 'b'}: the model or the exam is the demo's own" in notes[0]
    assert notes[1].startswith("Different questions: 14 are the same; 6 that only")
    notes = compared(str(tmp_path / "a"), "gpu").notes["accuracy"]
    assert any(f"Different questions: asked were {tmp_path / 'a'} 20, gpu 1346." in note for note in notes)


def test_the_sdks_folder(tmp_path):
    rows = "1,32,32,0.5,100.0,10.0,0,0\n1,32,64,0.5,300,30,0,0\n1,64,32,0.5,0,0,0,0\n"
    folder = write_sdk(tmp_path / "sdk 输出", rows)
    comparison = compared(str(folder), "gpu")
    assert comparison.accuracy[["class", "of_correct", "of_total"]].values.tolist() == [
        ["STEM", None, None], ["Social Science", None, None], ["Humanities", 1, 2], ["Other", 1, 1], [AVERAGE, 2, 3]
    ]  # fmt: skip
    assert [round(rate.value) for rate in comparison.speed.of[::2]] == [200, 20]
    assert any("1 rows of" in note and "TIMEIT=1" in note for note in comparison.notes["speed"])
    assert "Not stated: model of" in " ".join(comparison.notes["speed"])
    (folder / "test_result/cache0.csv").unlink()
    assert compared(str(folder), "gpu").of.accuracy["Humanities"] == Tally(None, None, 0.5)


def test_the_sdks_files_that_differ_are_said(tmp_path):
    folder = write_sdk(tmp_path / "sdk", "1,32,32,0.5,1,1,0,0\n", cache="law,0,A,B\n")
    assert any("differ; the table counts" in note for note in compared(str(folder), "gpu").notes["accuracy"])


@pytest.mark.parametrize(
    ("rows", "cache", "message"),
    [
        ("1,32,32,1,1,1,0,0\n1,32,32,1,1,1,0,0\n", "law,0,A,A\n", "was measured twice"),
        ("1,32,x,1,1,1,0,0\n", "law,0,A,A\n", "x.csv: line 2: not the numbers"),
        ("1,32,32,1,1,-1,0,0\n", "law,0,A,A\n", "x.csv: line 2: not the numbers"),
        ("1,32,32,1,1,1,0,0\n", "law,0,A,A\nlaw,0,A,B\n", "cache0.csv: line 2: law question 0 stands twice"),
        ("1,32,32,1,1,1,0,0\n", "alchemy,0,A,A\n", "cache0.csv: line 1: not a C-Eval subject"),
        ("1,32,32,1,1,1,0,0\n", "", "cache0.csv: no answers"),
        (None, "law,0,A,A\n", "x.csv: not the SDK's header"),
    ],
)
def test_broken_sdk_files_are_named(tmp_path, rows, cache, message):
    folder = write_sdk(tmp_path / "sdk", rows, cache)
    if rows is None:
        (folder / "performance_test_npu_baichuan2_13b_x.csv").write_text("")
    with pytest.raises(UserError, match=re.escape(message)):
        compared(str(folder), "gpu")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "qant",
            "compare.of: 'qant' is no such name or folder; it may be float, quant, .*did you mean quant",
        ),
        ("300I-DUO", "did you mean 300i-duo"),
        ("/no/such", "'/no/such' is no such name or folder; it may be float"),
        ("EMPTY", "holds no results"),
        ("QUANT", "has no float results; it may be .*:quant$"),
    ],
)
def test_wrong_sides_are_one_line(tmp_path, text, message):
    (tmp_path / "EMPTY").mkdir()
    write_ceval(tmp_path / "QUANT/ceval_quant")
    given = str(tmp_path / text) if text in ("EMPTY", "QUANT") else text
    with pytest.raises(UserError, match=message) as error:
        choose(given, "compare.of", REFERENCES)
    assert "\n" not in str(error.value)


def test_references_that_a_spreadsheet_saved_are_the_same(tmp_path):
    """With a mark in front, other line ends and an empty row; a row that is cut short is refused."""
    names = ("accuracy.csv", "speed.csv")
    published = {file: (Path(REFERENCES) / file).read_text(encoding="utf-8") for file in names}
    for file, text in published.items():
        saved = (text + "," * text.split("\n")[0].count(",") + "\n").replace("\n", "\r\n")
        (tmp_path / file).write_bytes(saved.encode("utf-8-sig"))
        assert reference_rows(str(tmp_path / file)) == reference_rows(f"{REFERENCES}/{file}")
    (tmp_path / "speed.csv").write_text(published["speed.csv"] + "mine,x\n")
    with pytest.raises(UserError, match=r"speed\.csv: a row has no name, or not as many cells"):
        choose("gpu", "compare.of", str(tmp_path))


@pytest.mark.parametrize(
    ("kind", "row", "message"),
    [
        ("accuracy", "mine,m,float,gpu,sdk,5,val,STEM,7,5,x", "more is correct than asked"),
        ("accuracy", "gpu,m,float,gpu,sdk,5,val,STEM,4,5,x", "a class stands twice"),
        ("speed", "gpu,{speed}", "a batch size stands twice"),
    ],
)
def test_references_that_cannot_be_are_named(tmp_path, kind, row, message):
    published = {
        name: (Path(REFERENCES) / f"{name}.csv").read_text(encoding="utf-8") for name in ("accuracy", "speed")
    }
    speed = next(line for line in published["speed"].splitlines() if line.startswith("gpu,"))
    published[kind] += row.format(speed=speed.removeprefix("gpu,")) + "\n"
    for name, text in published.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    choice = choose(row.partition(",")[0], "compare.of", str(tmp_path))
    with pytest.raises(UserError, match=message):
        read_side(choice, [kind], SUBJECTS)


def test_an_accuracy_in_percent_is_refused(tmp_path):
    folder = write_sdk(tmp_path / "sdk", "1,32,32,1,1,1,0,0\n")
    file = folder / "test_result/result_0_classes_acc.json"
    for value in ("47.2", "NaN"):
        file.write_text(json.dumps(json.loads(file.read_text()) | {"STEM": float(value)}))
        with pytest.raises(UserError, match="not an accuracy in 0 to 1"):
            compared(str(folder), "gpu")


def test_a_side_asks_for_what_it_needs():
    assert choose("quant", "compare.of", REFERENCES).files == {
        "accuracy": ("results/ceval_quant/summary.json", "results/ceval_quant/test_result/cache0.csv"),
        "speed": ("results/perf_quant/summary.json",),
    }
    with pytest.raises(UserError, match="nothing to compare"):
        shared_kinds(choose("300i-duo-w8a8", "compare.of", REFERENCES), Choice("x", "sdk", {"accuracy": ("x",)}))


def dry_run(tmp_path: Path, of: str, to: str) -> subprocess.CompletedProcess:
    """snakemake's plan for results/compare, whatever is there already."""
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(yaml.safe_dump({"compare": {"of": of, "to": to}}))
    command = [sys.executable, "-m", "snakemake", "-n", "-F", "results/compare", "--configfile", str(overlay)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


def planned(tmp_path: Path, of: str, to: str) -> set[str]:
    """The rules of that plan."""
    done = dry_run(tmp_path, of, to)
    assert done.returncode == 0, done.stdout + done.stderr
    table = (done.stdout + done.stderr).partition("Job stats:")[2].partition("\n\n")[0]
    return {line.split()[0] for line in table.splitlines()[3:] if line.strip()} - {"total"}


def test_the_workflow_runs_only_what_both_sides_need(tmp_path):
    assert planned(tmp_path, "800t-a2", "gpu") == {"compare"}
    speed_only = planned(tmp_path, "quant", "300i-duo-w8a8")
    assert {"compare", "perf_quant", "quantize_weights"} <= speed_only
    assert not {"score_ceval", "ceval_quant", "perf"} & speed_only
    # An earlier run's folder is only read.
    write_ceval(tmp_path / "旧 results/ceval")
    assert planned(tmp_path, str(tmp_path / "旧 results"), "gpu") == {"compare"}


def test_snakemake_refuses_a_wrong_side_in_one_line(tmp_path):
    done = dry_run(tmp_path, "quant", "flaot")
    assert done.returncode == 1
    said = [line for line in (done.stdout + done.stderr).splitlines() if "error" in line.lower()]
    assert len(said) == 1
    assert said[0].startswith("error: compare.to: 'flaot' is no such name or folder; it may be ")
    assert said[0].endswith("did you mean float?")


@pytest.mark.parametrize("mode", ["stream", "normal"])
def test_a_servers_answers_are_paired_and_its_times_are_those_of_whole_tokens(tmp_path, mode):
    """Of our own engine then, too, whose forward alone would be shorter."""
    served = {"precision": "served", "dtype": None, "device": "server", "environment": {"device_name": "vllm"}}
    write_ceval(tmp_path / "own/ceval", wrong=6)
    write_ceval(tmp_path / "theirs/ceval", wrong=1, generated=2, **served)
    for name, run in (("own", {}), ("theirs", served | {"mode": mode})):
        write_perf(tmp_path / name / "perf", {(1, 32, 4): (0.1, 0.01)}, **run)
    comparison = compared(*(str(tmp_path / name) for name in ("own", "theirs")))
    assert (comparison.paired.only_of, comparison.paired.only_to, comparison.paired.p) == (0, 5, 2 / 2**5)
    assert any(note.startswith(f"{tmp_path / 'theirs'}: 2 of 20 answers") for note in comparison.notes["accuracy"])
    assert any(note.startswith("Times are of whole tokens") for note in comparison.notes["speed"])
    pandas.testing.assert_frame_equal(comparison.of.cases, comparison.of.whole_cases)


def test_figures_are_svg_with_names_in_any_script(tmp_path, recwarn):
    folder = write_ceval(tmp_path / "旧 $结果$/ceval", demo=True).parent
    write_perf(folder / "perf", {(1, 32, 4): (0.1, 0.01), (8, 32, 4): (0.2, 0.02)})
    write_figures(tmp_path, compared(str(folder), "gpu"))
    for name, labels in {
        "accuracy.svg": (
            "STEM",
            "Avg acc",
            "accuracy (correct / asked)",
            "gpu",
            f"{cut(str(folder))} (demo)",
            "+43.16",
        ),
        "speed.svg": ("first token (ms/token, lower is faster)", "batch size (sequences)", "100", "27.46"),
    }.items():
        texts = [element.text for element in ElementTree.parse(tmp_path / name).iter() if element.text]
        assert set(labels) <= set(texts), texts
    assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]


def test_a_legend_of_long_names_stays_in_its_figure(tmp_path):
    folders = [write_ceval(tmp_path / ("a-long-name-" * 12 + end) / "ceval").parent for end in "ab"]
    figure = accuracy_figure(compared(*map(str, folders)))
    figure.draw_without_rendering()
    (legend,) = figure.legends
    assert figure.bbox.x0 <= legend.get_window_extent().x0 < legend.get_window_extent().x1 <= figure.bbox.x1
    assert len({text.get_text() for text in legend.get_texts()}) == 2


def test_a_page_has_no_markup_of_others_and_loads_nothing(tmp_path):
    (tmp_path / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    text = page(
        "# Title <b>\n\n<script>alert(1)</script>\n\n![a](a.svg) ![far](https://example.org/x.png)\n\n"
        "![up](../secret.svg)\n\n| a | b |\n|--:|---|\n| <i> | 旧 |\n\n```text\n</pre><script>\n```\n",
        tmp_path,
    )
    assert "<script" not in text
    assert "<title>Title &lt;b&gt;</title>" in text
    assert '<td style="text-align:right">&lt;i&gt;</td>' in text
    assert re.findall(r'src="([^"]{0,25})', text) == ["data:image/svg+xml;base64"]
    assert "example.org" not in text


def test_columns_of_numbers_stand_to_the_right():
    text = page("| class | right | note |\n|---|---|---|\n| law | 12/20 | 5 |\n| all | n/a | 9 and up |\n")
    cells = re.findall(r"<t[hd]([^>]*)>([^<]*)", text)
    assert {label for style, label in cells if "right" in style} == {"right", "12/20", "n/a"}


def run_script(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, SCRIPT, "--subjects", SUBJECTS, "--references", REFERENCES, *arguments]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True)


def test_script_writes_all_and_prints_the_tables(tmp_path):
    done = run_script("--of", "800t-a2", "--to", "gpu", "--out", tmp_path / "比较 1")
    assert done.returncode == 0, done.stderr
    names = {"compare.md", "compare.html", "accuracy.csv", "accuracy.svg", "speed.csv", "speed.svg"}
    assert {path.name for path in (tmp_path / "比较 1").iterdir()} == names
    for figure in (*PUBLISHED, "203/430", "765/1346", "0.911675508", "14.260809086490132"):
        assert figure in done.stdout
    html = (tmp_path / "比较 1/compare.html").read_text(encoding="utf-8")
    assert html.count("data:image/svg+xml") == 2


def test_script_refuses_in_one_line_and_leaves_nothing(tmp_path):
    done = run_script("--of", "gpus", "--to", "gpu", "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("error: compare.of: 'gpus'")
    assert list(tmp_path.iterdir()) == []


def test_csv_and_markdown_hold_the_same_rows(tmp_path):
    write_comparison(tmp_path, compared("300i-duo", "gpu"))
    cells = (tmp_path / "compare.md").read_text(encoding="utf-8")
    for row in csv.DictReader((tmp_path / "accuracy.csv").open()):
        assert f"{row['of_correct']}/{row['of_total']}" in cells
        assert row["of_accuracy"] in cells
        assert row["ratio"] in cells
