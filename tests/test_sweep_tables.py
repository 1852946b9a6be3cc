"""results/sweep: the figures of every run, ratios only where they are of the same questions and cases, safe names."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas
import pytest
from matplotlib.text import Text

from baichuan2.configuration.sweep import read_sheet
from baichuan2.errors import UserError
from baichuan2.report.choice import KINDS, Choice, run_files
from baichuan2.report.page import page
from baichuan2.report.sides import read_side
from baichuan2.report.sweep import Sweep, notes, read_sweep, run_row
from baichuan2.report.sweep_figures import tradeoff_figure, write_figures
from baichuan2.report.sweep_tables import markdown, runs_csv, terminal
from baichuan2.text.tables import cut
from helpers.projects import ROOT
from test_compare import SUBJECTS, write_ceval, write_perf
from test_rates import loaded_of

SCRIPT = ROOT / "workflow" / "scripts" / "tabulate_sweep.py"
TIMES = {(1, 32, 4): (0.1, 0.01), (1, 32, 8): (0.3, 0.03), (2, 32, 4): (0.5, 0.05)}
FASTER = {case: (first / 2, later / 4) for case, (first, later) in TIMES.items()}
W8A8 = {"precision": "w8a8"}


def swept(folder: Path, sheet: str, runs: dict[str, tuple[dict, dict]]) -> Sweep:
    """A sweep whose runs have {name: (arguments of write_ceval, (times and) arguments of write_perf)}."""
    for name, (ceval, perf) in runs.items():
        write_ceval(folder / "runs" / name / "ceval", **ceval)
        write_perf(folder / "runs" / name / "perf", **({"times": TIMES} | perf))
    (folder / "runs.csv").write_text(sheet, encoding="utf-8")
    return read_sweep(folder / "runs.csv", folder / "runs", SUBJECTS)


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> Sweep:
    """A float run and a W8A8 run, both set apart by one setting, and alike in another."""
    sheet = "name,precision,quantize.scheme,ceval.shots\nfloat,float,,5\nint8,quant,static,5\n"
    quant = (W8A8 | {"wrong": 6}, W8A8 | {"times": FASTER})
    return swept(tmp_path_factory.mktemp("两 runs"), sheet, {"float": ({"wrong": 2}, {}), "int8": quant})


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of the first table of some Markdown."""
    lines = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("|")]
    header, _, *rows = [[cell.strip() for cell in line] for line in lines]
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_a_speed_that_could_be_the_firsts_is_said(tmp_path):
    """b drifts as much as it differs; c is measured in turns with the first and always twice as fast."""
    drifting = {name: {(1, 32, 4): [(0.1 * k, later * k) for k in factors]} for name, later, factors in
                (("a", 0.01, (1, 1.3, 0.8)), ("b", 0.009, (1.2, 0.9, 1.1)), ("c", 0.005, (1, 1.3, 0.8)))}  # fmt: skip
    runs = {name: ({}, {"times": times, "began": k}) for k, (name, times) in enumerate(drifting.items())}
    sweep = swept(tmp_path, "name,precision\na,float\nb,float\nc,float\n", runs)
    text = " ".join(notes(sweep))
    assert "not distinguishable from that of a (the ratio's 95 % interval holds 1): b." in text
    assert "Noise: some cases have a figure that spreads over more than perf.max_spread: all runs." in text
    rows = sweep.table.set_index("name")
    assert rows.next_speed_to_first_low["a"] is None
    assert rows.next_speed_to_first_low["b"] < rows.next_speed_to_first["b"] < rows.next_speed_to_first_high["b"]
    assert rows.next_speed_to_first_low["c"] == pytest.approx(2)


# ---- figures ---------------------------------------------------------------------------------------------


def test_a_row_a_run_with_its_figures(two):
    first, second = rows_of(markdown(two))
    assert first == {
        "run": "float",
        "scheme": "",
        "precision": "float",
        "correct": "18/20",
        "accuracy": "0.900000000",
        "points": "0",
        "p": "1",
        "first ms": "200.0",
        "next ms": "20.00",
        "range": "20.00 to 20.00",
        "tok/s": "50.00",
        "x of float": "1.000",
    }
    assert (second["scheme"], second["precision"], second["correct"]) == ("static", "w8a8", "14/20")
    # 4 questions that float alone got right: p = 2 / 2^4
    assert (second["points"], second["p"]) == ("-20.00", "0.125")
    assert (second["first ms"], second["next ms"], second["tok/s"], second["x of float"]) == (
        "100.0",
        "5.000",
        "200.0",
        "4.000",
    )


def test_what_all_runs_have_in_common_is_one_line(two):
    assert "\nIn all runs: ceval.shots 5, model m, device cpu, dtype float32.\n" in markdown(two)
    assert "batch size 1, inputs of 32 and outputs of 4, 8 tokens" in markdown(two)


def test_precision_and_dtype_are_the_summaries_own(tmp_path):
    sheet = "name,precision,engine.dtype\na,float,float16\nb,quant,float16\n"
    dynamic = {"precision": "w8a8-dynamic", "dtype": "bfloat16", "world_size": 2}
    a, b = rows_of(markdown(swept(tmp_path, sheet, {"a": ({}, {}), "b": (dynamic, dynamic | {"dtype": "float32"})})))
    assert (a["dtype"], a["precision"], a["ranks"]) == ("float32", "float", "1")
    assert (b["precision"], b["ranks"]) == ("w8a8-dynamic", "2")
    assert b["dtype"] == "bfloat16 (C-Eval), float32 (speed)"


def test_the_range_is_that_of_the_repeats(two):
    files = run_files(two.sheet.parent / "runs" / "float")
    side = read_side(Choice("float", "run", files), KINDS, SUBJECTS)
    next_, output = side.cases["next"], side.cases.output
    spread = replace(side, cases=side.cases.assign(next_least=next_ - output, next_greatest=next_ + 2 * output))
    run = run_row(read_sheet(two.sheet)[0], spread, side, two.keys)
    assert (run["next_ms_least"], run["next_ms_greatest"]) == (20 - 6, 20 + 12)


def test_csv_has_all_digits_and_every_setting(tmp_path):
    sheet = 'name,precision,quantize.rollback\na,float,\nb,quant,"[1, ""*.模型|$x""]"\n'
    thirds = {case: (1 / 3, 1 / 7) for case in TIMES}
    sweep = swept(tmp_path, sheet, {"a": ({"count": 3, "wrong": 1}, {"times": thirds}), "b": ({}, W8A8)})
    path = tmp_path / "sweep.csv"
    path.write_text(runs_csv(sweep), encoding="utf-8")
    rows = pandas.read_csv(path).set_index("name")
    assert list(rows.index) == ["a", "b"]
    assert rows.accuracy["a"] == 2 / 3
    assert rows.next_tokens_per_s["a"] == pytest.approx(7, rel=1e-12)
    assert rows.next_ms["a"] == 1000 * (1 / 7)
    assert rows["quantize.rollback"].tolist()[1] == '[1, "*.模型|$x"]'
    assert (rows["accuracy.precision"]["b"], rows["speed.precision"]["b"]) == ("float", "w8a8")
    assert rows[["batch_size", "first_cases", "next_cases"]].loc["b"].tolist() == [1, 2, 2]
    assert pandas.isna(rows.points_to_first["b"])
    assert rows.next_speed_to_first["b"] == pytest.approx((1 / 7) / 0.02)


def test_figures_under_load_are_there_where_some_run_has_them(two, tmp_path):
    loaded = loaded_of()
    runs = {"a": ({}, {"under_load": loaded}), "b": ({}, {}), "c": ({}, {"under_load": loaded | {"requests": 5}})}
    sweep = swept(tmp_path, "name,precision\na,float\nb,float\nc,float\n", runs)
    rows = rows_of(markdown(sweep))
    columns = ("follows/s", "answers/s", "tok/s under load", "goodput/s")
    assert [rows[0][name] for name in columns] == ["1.000", "2.000", "4.500", "1.500"]
    assert [rows[1][name] for name in columns] == [""] * 4
    assert "Not all were asked alike under load." in notes(sweep)
    assert sweep.table["follows_per_s"].tolist() == [1.0, None, 1.0]
    assert "follows/s" not in rows_of(markdown(two))[0]


# ---- what is compared ------------------------------------------------------------------------------------

OTHERS = {
    "protocol": ({"protocol": "sdk"}, {}, "No points: protocol sdk, not official: b.", None),
    "shots": ({"shots": 0}, {}, "No points: number of shots 0, not 5: b.", None),
    "fewer questions": ({"count": 19}, {}, "No points: other questions: b.", None),
    "a demo": ({"demo": True}, {}, "No points: one of the two is the demo's: b.", None),
    "timing": ({}, {"mode": "normal"}, None, "No ratio: way of timing (perf.mode) normal, not detail: b."),
    "cases": ({}, {"times": {(1, 32, 4): (0.1, 0.01)}}, None, "No ratio: other cases: b."),
    "batch size": ({}, {"times": {(2, 32, 4): (0.1, 0.01)}}, None, "No ratio: other cases: b."),
    "one case out of memory": ({}, {"times": TIMES | {(1, 32, 8): (0, 0)}}, None, "No ratio: other cases: b."),
    "all out of memory": ({}, {"times": {(1, 32, 4): (0, 0)}}, None, "No ratio: no next token was timed in b: b."),
    "one token": ({}, {"times": {(1, 32, 1): (0.1, 0)}}, None, "No ratio: no next token was timed in b: b."),
    "another model": (W8A8 | {"model": "n"}, W8A8 | {"model": "n", "device": "npu"}, None, None),
}


@pytest.mark.parametrize("what", OTHERS)
def test_only_like_is_compared_with_like(tmp_path, what):
    ceval, perf, no_points, no_ratio = OTHERS[what]
    sweep = swept(tmp_path, "name,precision\na,float\nb,quant\n", {"a": ({}, {}), "b": (ceval, perf)})
    first, second = rows_of(markdown(sweep))
    assert (first["points"], first["x of a"]) == ("0", "1.000")
    assert [second["points"] == "", second["x of a"] == ""] == [no_points is not None, no_ratio is not None]
    said = [note for note in notes(sweep) if note.startswith(("No points", "No ratio"))]
    assert said == [note for note in (no_points, no_ratio) if note]
    assert [sweep.table[column][1] is None for column in ("points_to_first", "p")] == [no_points is not None] * 2


def test_a_first_run_without_times_is_named(tmp_path):
    none = {"times": {(1, 32, 4): (0, 0)}}
    sweep = swept(tmp_path, "name,precision\na,float\nb,float\n", {"a": ({}, none), "b": ({}, {})})
    assert [row["x of a"] for row in rows_of(markdown(sweep))] == ["", ""]
    assert "No ratio: no next token was timed in a: all runs." in notes(sweep)
    assert rows_of(markdown(sweep))[0]["next ms"] == "n/a"


def test_demos_and_machines_are_said(tmp_path):
    real = {"environment": {"device_name": "Ascend910B4", "cpu": "Kunpeng-920"}, "device": "npu"}
    demo = {"demo": True, "environment": {"device_name": "AMD EPYC", "cpu": "AMD EPYC"}}
    sheet = "name,precision\na,float\nb,float\nc,float\n"
    sweep = swept(tmp_path, sheet, {"a": (real, real), "b": (demo, demo), "c": (demo, demo)})
    text = "\n".join(notes(sweep))
    assert "b, c: the model or the exam is the demo's own: these are the demo's results, not C-Eval's." in text
    assert "b, c: these are the demo model's times, not Baichuan2's." in text
    assert "a: npu (Ascend910B4), host Kunpeng-920; b, c: cpu (AMD EPYC), host AMD EPYC." in text
    all_demos = swept(tmp_path, "name,precision\nb,float\nc,float\n", {})
    assert "All runs: these are the demo model's times" in "\n".join(notes(all_demos))
    assert "kind of machine" not in "\n".join(notes(all_demos))


def test_answers_that_a_server_gave_as_text_are_said(tmp_path):
    sweep = swept(tmp_path, "name,precision\na,float\nb,served\n", {"a": ({}, {}), "b": ({"generated": 3}, {})})
    sentence = "3 of 20 answers were read of a generated text: the server showed no option's score."
    assert f"b: {sentence}" in notes(sweep)
    assert "generated" not in runs_csv(sweep)


# ---- names -----------------------------------------------------------------------------------------------

HOSTILE = "/模型/a|b $x$ *.down_proj `_y_` <b>"


def test_any_name_is_shown_as_it_is(tmp_path):
    sheet = f'name,precision,model.source\na,float,"{HOSTILE}"\nb,float,c\n'
    named = {"model": "巴|$x$", "device": "$d|"}
    sweep = swept(tmp_path, sheet, {"a": (named, named), "b": ({}, {})})
    body = page(markdown(sweep))
    assert ">/模型/a|b $x$ *.down_proj `_y_` &lt;b&gt;</td>" in body
    assert ">巴|$x$</td>" in body
    assert body.count("<tr>") == 3
    assert HOSTILE in terminal(sweep)
    write_figures(tmp_path, sweep)


def test_many_and_long_names_are_shortened(tmp_path):
    names = [f"{'n' * 60}{k:02}" for k in range(12)]
    sheet = "name,precision\n" + "".join(f"{name},float\n" for name in names)
    runs = {name: ({"protocol": "sdk" if k else "official"}, {}) for k, name in enumerate(names)}
    sweep = swept(tmp_path, sheet, runs)
    assert [row["run"] for row in rows_of(markdown(sweep))] == [cut(name) for name in names]
    assert len({cut(name) for name in names}) == 12
    assert max(len(cut(name)) for name in names) <= 40
    assert next(note for note in notes(sweep) if note.startswith("No points")).endswith(" and 3 more.")


def test_a_terminal_of_120_columns_holds_it(two):
    table = terminal(two).split("\n\n")[2]
    assert max(map(len, table.splitlines())) <= 120
    assert table.splitlines()[0].split() == (
        ["run", "scheme", "precision", "accuracy", "points", "first", "ms", "next", "ms", "tok/s", "x", "of", "float"]
    )


# ---- figures and files -----------------------------------------------------------------------------------


def test_figures_are_the_same_bytes_and_text(two, tmp_path):
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        write_figures(tmp_path / folder, two)
    for name in ("accuracy.svg", "speed.svg", "tradeoff.svg"):
        svg = (tmp_path / "one" / name).read_bytes()
        assert svg == (tmp_path / "other" / name).read_bytes()
        assert b">int8</text>" in svg
    svg = (tmp_path / "one" / "speed.svg").read_text(encoding="utf-8")
    assert {">20</text>", ">next token (ms/token, lower is faster)</text>", ">w8a8</text>"} <= set(
        re.findall(r">[^<>]+</text>", svg)
    )


def test_the_tradeoff_names_each_run_that_has_both_beside_its_point(two):
    """At its speed and its accuracy; many runs in one place, with names that do not cover each other."""
    table = pandas.concat([two.table] * 6, ignore_index=True)
    table["name"] = [f"run {k}" for k in range(12)]
    table.loc[11, "next_tokens_per_s"] = None
    figure = tradeoff_figure(replace(two, table=table))
    (axes,) = figure.axes
    labels = {label.get_text(): label for label in axes.texts}
    assert set(labels) == {f"run {k}" for k in range(11)}
    for k in range(11):
        assert labels[f"run {k}"].xy == pytest.approx((200, 0.7) if k % 2 else (50, 0.9))
    figure.draw_without_rendering()
    boxes = [Text.get_window_extent(label) for label in labels.values()]
    assert all(not one.count_overlaps([box for box in boxes if box is not one]) for one in boxes)
    assert axes.get_xlim()[0] == 0


def test_a_figure_grows_with_its_runs(two, tmp_path):
    heights = []
    for times in (1, 30):
        write_figures(tmp_path, Sweep(two.sheet, two.keys, pandas.concat([two.table] * times, ignore_index=True)))
        svg = (tmp_path / "accuracy.svg").read_text(encoding="utf-8")
        heights.append(float(re.search(r'height="([\d.]+)pt"', svg)[1]))
    assert heights[1] - heights[0] == pytest.approx(58 * 0.3 * 72)


@pytest.fixture
def folder(two, tmp_path) -> Path:
    """A copy of the two runs' sheet and tables."""
    return shutil.copytree(two.sheet.parent, tmp_path / "of two")


def run_script(folder: Path) -> subprocess.CompletedProcess:
    options = ["--sheet", "runs.csv", "--runs", "runs", "--out", "results/sweep", "--subjects", str(SUBJECTS)]
    return subprocess.run([sys.executable, str(SCRIPT), *options], cwd=folder, capture_output=True, text=True)


def test_script_writes_everything_and_prints_the_table(folder):
    done = run_script(folder)
    assert (done.returncode, done.stderr) == (0, "")
    names = {"sweep.md", "sweep.html", "runs.csv", "accuracy.svg", "speed.svg", "tradeoff.svg"}
    assert {path.name for path in (folder / "results/sweep").iterdir()} == names
    assert "Sweep of runs.csv: 2 runs" in done.stdout
    assert (folder / "results/sweep/sweep.html").read_text(encoding="utf-8").count("data:image/svg+xml") == 3


@pytest.mark.parametrize(
    "missing",
    ["runs/int8/perf/summary.json", "runs/int8/ceval/summary.json", "runs/int8/ceval/test_result/cache0.csv"],
)
def test_a_missing_file_is_one_line(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(UserError) as caught:
        read_sweep(folder / "runs.csv", folder / "runs", SUBJECTS)
    assert str(caught.value) == f"{folder / missing}: no such file; run: snakemake sweep"


def test_what_is_wrong_ends_in_one_line_and_leaves_nothing(folder):
    summary = folder / "runs/int8/perf/summary.json"
    summary.write_text(summary.read_text().replace('"detail"', '"normal"'))
    done = run_script(folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: runs/int8/perf/summary.json: damaged or edited since it was written; delete it and run again\n"
    )
    assert not (folder / "results/sweep").exists()


def test_a_sheet_without_names_is_one_line(folder):
    (folder / "runs.csv").write_text("run,precision\na,float\n")
    done = run_script(folder)
    assert (
        done.stderr == "error: runs.csv: has no column name; the first row names the columns, with commas between\n"
    )
