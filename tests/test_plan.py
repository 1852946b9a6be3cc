"""docs/plan.md and the dry runs behind it: the page is what its inputs give, and the arithmetic is right."""

from __future__ import annotations

from dataclasses import replace

import pandas
import pytest
import yaml

import checkpoints
import dry_run
import harness
import plan
from baichuan2.configuration.settings import check_settings, read_config_file, read_schema
from baichuan2.configuration.sweep import read_sheet
from baichuan2.errors import UserError

SECONDS = plan.Input("calibrating", 100.0, "100 s", "measured", "here")
COUNTED = {
    "jobs": [{"link": 1, "score_shared": 2, "sweep": 1}, {"link": 2, "score_shared": 4, "sweep": 1}],
    "remote": ["score_shared"],
    "files": [{"results": 10}, {"results": 17}],
    "record_bytes": {"answer": 100.0, "time": 10.0},
    "exam": {"questions": 10, "batches": 2, "characters": 3000, "computed": 1000},
}


def card(first: float, later: float) -> plan.Card:
    return plan.Card("card", replace(SECONDS, value=first), replace(SECONDS, value=later))


# ---- the page --------------------------------------------------------------------------------------------


def test_the_page_is_what_its_inputs_give():
    assert plan.PAGE.read_text(encoding="utf-8") == plan.page(), "run: python benchmarks/plan.py"


def test_every_column_says_what_it_is():
    works = [plan.Work(number, COUNTED, SECONDS) for number in (1, 100)]
    kinds, *rows = plan.times(works, [card(0.1, 0.01)])
    assert len(rows) == 2 * len(plan.CARDS)
    assert all(row.keys() == kinds.keys() for row in rows)
    assert all(kinds.values())
    text = plan.page()
    assert "None of this was run on a card" in text
    inputs = text.partition("## Inputs")[2]
    for one in plan.ASSUMED.values():
        assert any(one.what in line and "assumed" in line for line in inputs.splitlines())


def test_counts_are_needed(tmp_path):
    with pytest.raises(UserError, match=r"plan\.json: has no counts .* run with --measure --exam DIR$"):
        plan.main(measure=False, exam=None, results=tmp_path, out=tmp_path / "plan.md")
    assert list(tmp_path.iterdir()) == []


# ---- the arithmetic --------------------------------------------------------------------------------------


def test_counts_grow_by_the_checkpoint():
    work = plan.Work(100, COUNTED, SECONDS)
    assert work.jobs == {"link": 100, "score_shared": 200, "sweep": 1}
    assert (work.remote, work.files("results")) == (200, 10 + 99 * 7)


def test_what_decides_the_time():
    one, many = (plan.Work(number, COUNTED, SECONDS) for number in (1, 100))
    fast = card(0.001, 0.0001)
    bounds = one.bounds(fast, 8)
    prompts = 1000 * plan.ASSUMED["tokens"].value * 0.001 / plan.ASSUMED["prompt"].value
    cases = plan.RUNS * sum(0.001 + (output - 1) * 0.0001 for _, output in plan.GRID)
    assert bounds["cards"] == pytest.approx(2 * (prompts + cases) / 8)
    assert bounds["the hosts' CPUs"] == 100
    assert many.bounds(fast, 64)["the hosts' CPUs"] == pytest.approx(100 * 100 / 8)
    float_bytes, int8_bytes = one.sizes["float"], one.sizes["W8A8"]
    assert bounds["reading weights"] == pytest.approx((5 * float_bytes + 3 * int8_bytes) / 1e9)
    assert one.read(*plan.READS) == 10 * float_bytes + 5 * int8_bytes
    steps = (3 * float_bytes + 2 * int8_bytes) / 1e9 + 100 + cases
    assert bounds["one checkpoint's steps"] == pytest.approx(steps)
    assert many.bounds(fast, 512)["one checkpoint's steps"] == pytest.approx(steps)


def test_sizes_of_13b():
    work = plan.Work(1, COUNTED, SECONDS)
    assert work.sizes["float"] == 2 * plan.numbers("baichuan2-13b") == 27_793_336_320
    # half of the layers' linears in 8 bits, which the guide's arrays hold once more
    saved = work.sizes["float"] - work.sizes["W8A8"]
    assert saved == pytest.approx(work.guide_arrays, rel=5e-3)


def test_the_plan_is_of_the_guides_settings():
    default, guide = (
        yaml.safe_load((harness.ROOT / "config" / name).read_text(encoding="utf-8"))
        for name in ("config.yaml", "baichuan2-13b-chat.yaml")
    )
    assert default["perf"]["warmup"] + default["perf"]["repeats"] == plan.RUNS
    assert plan.grid(guide["perf"]["min_len_exp"], guide["perf"]["max_len_exp"]) == plan.GRID
    assert guide["engine"]["max_seq_len"] == plan.SLOTS
    assert (default["ceval"]["protocol"], default["ceval"]["shots"]) == (plan.PROTOCOL, plan.SHOTS)


def test_published_speeds_are_the_tables_own():
    found = plan.Card.read("800t-a2")
    assert (found.name, 1 / found.first.value) == ("800T A2", pytest.approx(14.260809086490132))
    assert 1 / found.next.value == pytest.approx(31.69616807901823)


def test_planning_lies_between_what_was_measured(tmp_path):
    rows = [(100, 6.0, 100, 1), (100, 8.0, 100, 1), (1000, 25.0, 200, 2), (10000, 150.0, 900, 3)]
    pandas.DataFrame(rows, columns=["jobs", "seconds", "peak", "start"]).to_csv(tmp_path / "dry_run.csv")
    assert plan.planning(tmp_path, 550) == {"seconds": 16.0, "peak": 150.0, "start": 1.5}


def test_the_demos_prompts_are_counted():
    found = plan.count_exam(harness.ROOT / "resources/demo/exam")
    assert (found["questions"], found["batches"]) == (520, 52)
    assert found["computed"] < found["characters"]


# ---- copies of the project -------------------------------------------------------------------------------


def test_a_copy_has_a_good_sheet_and_config_and_goes():
    schema = read_schema()
    with checkpoints.project(3) as copy:
        config = read_config_file(copy / "config/config.yaml")
        check_settings(config, schema)
        rows = read_sheet(copy / config["sweep"]["runs"], schema)
        assert all((copy / row.settings["model.source"] / "config.json").is_file() for row in rows)
    assert len({row.settings["model.source"] for row in rows}) == 3
    assert {row.precision for row in rows} == {"float", "quant"}
    assert len(rows) == 6
    assert not copy.exists()


def test_jobs_are_read_from_a_dry_run(monkeypatch, tmp_path):
    said = "remote rules: score_shared other\nJob stats:\njob      count\nsweep   1\nscore_shared   4\ntotal   5\n"
    monkeypatch.setattr(checkpoints, "snakemake", lambda *_: said)
    assert checkpoints.jobs(tmp_path) == ({"sweep": 1, "score_shared": 4}, {"score_shared"})


def test_a_mistake_is_one_line():
    assert checkpoints.mistake("Building DAG\nerror: engine.dtype: no\nExiting") == "error: engine.dtype: no"


def test_dry_runs_are_tabled_by_size():
    runs = pandas.DataFrame(
        [(9, 100, 5.0, 1.0, 2**27), (9, 100, 7.0, 2.0, 2**27), (91, 1000, 20.0, 2.5, 2**28)],
        columns=["checkpoints", "jobs", "seconds", "start", "peak"],
    )
    first, second = dry_run.table(runs).to_dict("records")
    assert first == {
        "jobs": "100",
        "checkpoints": "9",
        "seconds": "6.0 (5.0 to 7.0)",
        "ms a job": "60.0 (50.0 to 70.0)",
        "a job's start, s": "1.5 (1.0 to 2.0)",
        "peak, MiB": "128 (128 to 128)",
    }
    assert second["ms a job"] == "20.0 (20.0 to 20.0)"
