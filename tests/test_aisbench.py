"""Results in AISBench's layout: file by file, and figure by figure as its own definitions have them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from baichuan2.ceval.exam import read_subjects
from baichuan2.ceval.records import Record
from baichuan2.integrity import check_files
from baichuan2.report.aisbench import export_aisbench
from helpers.projects import ROOT

SUBJECTS = read_subjects(ROOT / "resources/ceval_subjects.csv")
HEADER = {"protocol": "official", "precision": "w8a8", "shots": 5, "split": "val"}
# Two runs of 4 tokens each for 2 sequences: the first token takes 100 and 120 ms, the others 10, 20, 30 ms.
RUNS = [
    {"response_s": first + 0.06, "pre_s": [0.0] * 4, "forward_s": [first, 0.01, 0.02, 0.03], "post_s": [0.0] * 4}
    for first in (0.1, 0.12)
]
CASES = [
    {"batch_size": 2, "input_len": 8, "output_len": 4, "reason": None, "runs": RUNS},
    {"batch_size": 2, "input_len": 60, "output_len": 4, "reason": "64 tokens are over max_seq_len 32"},
]
MEASURED = {"precision": "w8a8", "mode": "detail", "cases": CASES}


def records(right: dict[str, tuple[int, int]]) -> list[Record]:
    """Of each subject so many questions, of which so many were answered correctly."""
    return [
        Record(subject, str(k), "B", "B" if k < correct else "D", 5, 100, False, scores=[0.0] * 4)
        for subject, (correct, total) in right.items()
        for k in range(total)
    ]


def export(out: Path, answers: list[Record], measured: dict = MEASURED, **header) -> None:
    export_aisbench(out, "baichuan2_13b", HEADER | header, answers, SUBJECTS, measured)


def test_the_layout(tmp_path):
    answers = records({"law": (3, 4), "logic": (1, 2)})
    export(tmp_path / "out", answers)
    check_files(tmp_path / "out")
    model = "baichuan2_13b-w8a8"
    files = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")}
    assert files == {
        "manifest.json",
        *(f"predictions/{model}/ceval-{name}.jsonl" for name in ("law", "logic")),
        *(f"results/{model}/ceval-{name}.json" for name in ("law", "logic")),
        *(f"summary/summary_ceval.{form}" for form in ("csv", "md")),
        *(f"performances/{model}/batch2-input8-output4.{form}" for form in ("csv", "json")),
    }
    lines = (tmp_path / f"out/predictions/{model}/ceval-law.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [0, 1, 2, 3]
    assert json.loads(lines[3]) == {
        "data_abbr": "ceval-law",
        "id": 3,
        "success": True,
        "uuid": "ceval-law-3",
        "origin_prompt": "",
        "prediction": "D",
        "gold": "B",
    }
    result = json.loads((tmp_path / f"out/results/{model}/ceval-law.json").read_text())
    assert result["accuracy"] == 75.0
    assert result["details"]["type"] == "GEN"
    assert [result["details"][str(k)]["correct"] for k in range(4)] == [True, True, True, False]


def rows(out: Path) -> list[list[str]]:
    return list(csv.reader((out / "summary/summary_ceval.csv").open()))


def test_groups_are_aisbenchs(tmp_path):
    """Means over subjects, and one weighted by questions; a group that was not asked as a whole has no row."""
    export(tmp_path / "two", records({"law": (3, 4), "logic": (1, 2)}))
    assert rows(tmp_path / "two") == [
        ["dataset", "version", "metric", "mode", "baichuan2_13b-w8a8"],
        ["ceval-logic", "-", "accuracy", "ppl", "50.00"],
        ["ceval-law", "-", "accuracy", "ppl", "75.00"],
    ]
    other = [subject.name for subject in SUBJECTS if subject.class_name == "Other"]
    export(tmp_path / "class", records({name: (1, 2) for name in other[1:]} | {other[0]: (10, 10)}))
    expected = 100 * (1 + (len(other) - 1) / 2) / len(other)
    assert ["ceval-other", "-", "naive_average", "ppl", f"{expected:.2f}"] in rows(tmp_path / "class")
    assert not any(row[0] == "ceval" for row in rows(tmp_path / "class"))
    every = {subject.name: (1, 2) for subject in SUBJECTS} | {"law": (30, 30)}
    export(tmp_path / "all", records(every), protocol="sdk")
    found = {(row[0], row[2]): row[3:] for row in rows(tmp_path / "all")}
    assert found["ceval", "naive_average"] == ["gen", f"{100 * (51 / 2 + 1) / 52:.2f}"]
    assert found["ceval-weighted", "weighted_average"] == ["gen", f"{100 * (51 + 30) / (2 * 51 + 30):.2f}"]
    assert found["ceval-hard", "naive_average"] == ["gen", "50.00"]


@pytest.mark.parametrize(
    ("header", "prefix"), [({"demo": True}, "demo"), ({"exam": "own", "subjects": {"a": "x", "b": "x"}}, "own")]
)
def test_what_is_not_c_eval_is_not_called_so(tmp_path, header, prefix):
    export(tmp_path / "out", records({"a": (1, 1), "b": (0, 1)} if prefix == "own" else {"law": (1, 1)}), **header)
    assert {row[0].partition("-")[0] for row in rows(tmp_path / "out")[1:]} == {prefix}


def test_a_text_is_a_prediction_too(tmp_path):
    export(tmp_path / "out", [Record("law", "0", "B", "B", 5, 9, False, continuation="B. 法学")], precision="float")
    (line,) = (tmp_path / "out/predictions/baichuan2_13b/ceval-law.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["prediction"] == "B. 法学"


def figures(out: Path) -> tuple[dict[str, dict[str, str]], dict[str, dict]]:
    (table,), (common,) = (list((out / "performances").rglob(f"*.{form}")) for form in ("csv", "json"))
    by_name = {row["Performance Parameters"]: row for row in csv.DictReader(table.open())}
    return by_name, json.loads(common.read_text())


def test_times_are_of_requests(tmp_path):
    export(tmp_path / "out", records({"law": (1, 1)}))
    table, common = figures(tmp_path / "out")
    assert list(table["E2EL"]) == [
        "Performance Parameters", "Stage", "Average", "Min", "Max", "Median", "P75", "P90", "P99", "N",
    ]  # fmt: skip
    assert list(table) == ["E2EL", "TTFT", "TPOT", "ITL", "InputTokens", "OutputTokens", "OutputTokenThroughput"]
    assert {row["Stage"] for row in table.values()} == {"total"}
    assert {row["N"] for row in table.values()} == {"4"}
    assert [table["TTFT"][name] for name in ("Average", "Min", "Max")] == ["110.0 ms", "100.0 ms", "120.0 ms"]
    assert [table[name]["Average"] for name in ("E2EL", "TPOT", "ITL")] == ["170.0 ms", "20.0 ms", "20.0 ms"]
    assert table["ITL"]["Max"] == "30.0 ms"
    assert [table[name]["Average"] for name in ("InputTokens", "OutputTokens")] == ["8.0", "4.0"]
    assert table["OutputTokenThroughput"]["Max"] == "25.0 token/s"
    assert table["TTFT"]["P75"] == "120.0 ms"  # of 100, 100, 120 and 120: a request for each sequence
    assert {name: value["total"] for name, value in common.items()} == {
        "Benchmark Duration": "340.0 ms",
        "Total Requests": 4,
        "Failed Requests": 0,
        "Success Requests": 4,
        "Concurrency": 2.0,
        "Max Concurrency": 2,
        "Request Throughput": "11.7647 req/s",
        "Total Input Tokens": 32,
        "Prefill Token Throughput": "72.7273 token/s",
        "Total Generated Tokens": 16,
        "Input Token Throughput": "94.1176 token/s",
        "Output Token Throughput": "47.0588 token/s",
        "Total Token Throughput": "141.1765 token/s",
    }


def test_times_of_mode_normal_and_of_one_token(tmp_path):
    run = {"response_s": 0.16, "first_s": 0.1, "total_s": 0.16}
    normal = CASES[0] | {"runs": [run]}
    export(tmp_path / "normal", records({"law": (1, 1)}), MEASURED | {"mode": "normal", "cases": [normal]})
    table, _ = figures(tmp_path / "normal")
    assert "ITL" not in table
    assert [table[name]["Average"] for name in ("TTFT", "TPOT")] == ["100.0 ms", "20.0 ms"]
    one = {"response_s": 0.1, "pre_s": [0.0], "forward_s": [0.1], "post_s": [0.0]}
    single = CASES[0] | {"output_len": 1, "runs": [one]}
    export(tmp_path / "one", records({"law": (1, 1)}), MEASURED | {"cases": [single]})
    assert not {"ITL", "TPOT"} & figures(tmp_path / "one")[0].keys()


def test_times_of_a_servers_requests_are_each_ones_own(tmp_path):
    """Of a batch of two at once, the second begun 0.01 s after the first; in groups their mean is what there is."""
    tokens = [[0.1, 0.02, 0.02, 0.02], [0.2, 0.05, 0.05, 0.05]]
    run = {"response_s": 0.36, "first_s": 0.2, "total_s": 0.305, "token_s": tokens}
    served = MEASURED | {"precision": "served", "mode": "stream", "cases": [CASES[0] | {"runs": [run]}]}
    export(tmp_path / "out", records({"law": (1, 1)}), served)
    table, common = figures(tmp_path / "out")
    expected = {"E2EL": ("160.0 ms", "350.0 ms"), "TTFT": ("100.0 ms", "200.0 ms"), "TPOT": ("20.0 ms", "50.0 ms"),
                "ITL": ("20.0 ms", "50.0 ms")}  # fmt: skip
    assert {name: (table[name]["Min"], table[name]["Max"]) for name in expected} == expected
    assert common["Concurrency"]["total"] == round(0.51 / 0.36, 4)
    assert common["Prefill Token Throughput"]["total"] == "53.3333 token/s"
    in_groups = CASES[0] | {"runs": [run | {"token_s": []}]}
    export(tmp_path / "groups", records({"law": (1, 1)}), served | {"cases": [in_groups]})
    table, _ = figures(tmp_path / "groups")
    assert "ITL" not in table
    assert [table[name]["Average"] for name in ("E2EL", "TTFT", "TPOT")] == ["360.0 ms", "200.0 ms", "35.0 ms"]
