"""The report's first page: every figure is a summary's, and what is not there is left out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from baichuan2.report.overview import markdown, read_summaries
from baichuan2.text.tables import short
from helpers.projects import snakemake
from test_compare import write_ceval, write_perf
from test_sweep_tables import rows_of

CONFIG = {"model": {"source": "hf:a/b@c", "adapter": "my-lora", "name": "named"}, "ceval": {"source": "exam.zip"}}
HOST = {"cpu": "Kunpeng|920", "cpu_cores": 8, "memory_bytes": 2**35, "system": "Linux", "device_name": "910B4"}
PAGES = [f"{task}{quant}/summary.html" for task in ("ceval", "perf") for quant in ("", "_quant")]


@pytest.fixture
def results(tmp_path) -> Path:
    """A float and a W8A8 run of both tasks, the latter on another device."""
    quant = {"precision": "w8a8-dynamic", "environment": HOST}
    write_ceval(tmp_path / "ceval", wrong=2, environment=HOST)
    write_ceval(tmp_path / "ceval_quant", wrong=6, **quant)
    times = {(1, 32, 4): (0.1, 0.01), (2, 32, 4): (0.2, 0.02)}
    write_perf(tmp_path / "perf", times, environment=HOST)
    write_perf(tmp_path / "perf_quant", times | {(2, 64, 4): (0.3, 0.02)}, device="npu", **quant)
    return tmp_path


def shown(results: Path, *pages: str) -> str:
    return markdown(read_summaries(results, [str(results / page) for page in pages]), CONFIG)


def tables_of(text: str) -> list[list[dict[str, str]]]:
    return [rows_of(part) for part in text.split("\n\n") if part.startswith("|")]


def test_figures_are_the_summaries(results):
    run, accuracy, speed = tables_of(shown(results, *PAGES))
    read = {name: json.loads((results / name / "summary.json").read_text()) for name in ("ceval", "perf_quant")}
    tallies = {row["accuracy"]: row["float"] for row in accuracy}
    for name, tally in (read["ceval"]["classes"] | {"Avg acc": read["ceval"]["average"]}).items():
        assert tallies[name] == f"{tally['accuracy']:.4f} ({tally['correct']}/{tally['total']})"
    means = read["perf_quant"]["means"]
    assert [row["W8A8 dynamic"] for row in speed] == [
        short(means[size][f"{token}_ms"]) for size in ("1", "2") for token in ("first", "next_median", "next")
    ]
    assert [row["cases"] for row in speed] == ["1"] * 3 + ["1 and 2"] * 3
    facts = {next(iter(row.values())): list(row.values())[1] for row in run}
    assert facts["exam"] == "exam.zip: val, protocol official, 5-shot"
    speeds = "cpu (910B4) (C-Eval float, C-Eval W8A8 dynamic, speed float); npu (910B4) (speed W8A8 dynamic)"
    assert facts["device"] == speeds
    assert facts["host"] == "Kunpeng\\|920, 8 cores, 32 GiB, Linux"
    assert (facts["source"], facts["adapter"], facts["ranks"]) == ("hf:a/b@c", "my-lora", "1")
    assert facts["precision"] == "float, W8A8 dynamic"


def test_what_is_not_in_the_report_is_left_out(results):
    _, accuracy = tables_of(shown(results, "ceval_quant/summary.html", "compare/compare.html"))
    assert list(accuracy[0]) == ["accuracy", "W8A8 dynamic"]
    (run,) = tables_of(shown(results, "inference/answers.html"))
    assert run == [{"model": "source", "named": "hf:a/b@c"}, {"model": "adapter", "named": "my-lora"}]


def test_the_demos_sentence_comes_first(results):
    write_perf(results / "perf", {(1, 32, 4): (0.1, 0.01)}, demo=True)
    assert shown(results, *PAGES).startswith("**These are the demo model's times, not Baichuan2's.**\n")
    assert "demo" not in shown(results, *PAGES[:2])


@pytest.mark.workflow
def test_an_edited_summary_is_one_line(project, tmp_path):
    copy = shutil.copytree(project, tmp_path / "edited", symlinks=True)
    summary = copy / "results/ceval/summary.json"
    summary.write_text(summary.read_text().replace('"official"', '"sdk"'))
    done = snakemake(copy, "--report", "results/report.html")
    assert done.returncode == 1
    assert "error: results/ceval/summary.json: damaged or edited since it was written" in done.stdout + done.stderr
