"""Sweeps: the samplesheet's checks, which runs share what, and a sweep of the demo held against plain runs."""

from __future__ import annotations

import copy
import re
import shutil
from pathlib import Path

import pytest
import yaml

from baichuan2 import devices
from baichuan2.ceval.records import read_records
from baichuan2.configuration.schema import read_config_file, read_schema
from baichuan2.configuration.sweep import OF_ALL_RUNS, SECTIONS, Homes, Row, configs_of, decides, keys_of, read_sheet
from baichuan2.errors import UserError
from baichuan2.integrity import verify
from helpers.projects import ROOT, copy_project, snakemake

CONFIG = read_config_file(ROOT / "config/config.yaml")
SCHEMA = read_schema()


def sheet(folder: Path, *lines: str) -> Path:
    path = folder / "runs.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# ---- the sheet -------------------------------------------------------------------------------------------


def test_cells_are_yaml_and_empty_ones_are_config_yaml_s(tmp_path):
    path = sheet(
        tmp_path,
        "name,precision,model.source,parallel.world_size,quantize.rollback,quantize.anti_outlier",
        'a,float,"/data/模型, 13B",2,,',
        'b,quant,,,"[0, ""*.mlp.down_proj""]",smooth',
        "",
    )
    a, b = read_sheet(path, SCHEMA)
    assert a == Row("a", "float", {"model.source": "/data/模型, 13B", "parallel.world_size": 2})
    assert b.settings == {"quantize.rollback": [0, "*.mlp.down_proj"], "quantize.anti_outlier": "smooth"}
    config = b.over(CONFIG)
    assert config["quantize"]["rollback"] == [0, "*.mlp.down_proj"]
    assert config["model"] == CONFIG["model"]
    assert CONFIG["quantize"]["anti_outlier"] is None


def test_line_ends_of_any_kind(tmp_path):
    path = tmp_path / "runs.csv"
    for end in (b"\r", b"\r\n", b"\n"):
        path.write_bytes(end.join([b"name , precision", b"a,float", b" b , quant "]))
        assert [row.name for row in read_sheet(path, SCHEMA)] == ["a", "b"]


def test_the_sheet_of_the_repository_is_good():
    rows = read_sheet(ROOT / "config/runs.csv", SCHEMA)
    assert {row.precision for row in rows} == {"float", "quant"}


WRONG = {
    "an unknown column": (
        ["name,precision,engine.dtyp", "a,float,auto"],
        "no such column; did you mean engine.dtype?",
    ),
    "a column of all runs": (["name,precision,parallel.data", "a,float,2"], "is the same for all runs; set it in"),
    "a column twice": (["name,precision,name", "a,float,b"], "is there twice"),
    "no precision": (["name", "a"], "has no column precision"),
    "another precision": (["name,precision", "a,int4"], "row 2: precision 'int4'; it is float, quant, or of"),
    "a name with a slash": (["name,precision", "a/../b,float"], "row 2: name 'a/../b'; a name is up to 100 letters"),
    "a name twice": (["name,precision", "a,float", "a,quant"], "the name a is there twice"),
    "too many cells": (["name,precision", "a,float,2"], "row 2: has 3 cells for 2 columns"),
    "no YAML": (["name,precision,perf.seed", "a,float,[1"], "row 2: perf.seed: '[1' is not YAML"),
    "no run": (["name,precision"], "has no run; add a row"),
    "nothing": ([""], "has no column name"),
    "semicolons": (["name;precision", "a;float"], "names the columns, with commas between"),
    "an open quote": (
        ["name,precision,model.source", 'a,float,"demo', "b,float,demo"],
        "line 3: not csv (unexpected",
    ),
    "a very long cell": (["name,precision", f"{'a' * 140_000},float"], "line 2: not csv (field larger than"),
    "a very long name": (["name,precision", f"{'a' * 101},float"], "a name is up to 100 letters"),
    "a date of no month": (["name,precision,perf.seed", "a,float,2024-13-45"], "is not YAML"),
    "too many brackets": (["name,precision,perf.seed", f"a,float,{'[' * 5000}"], "is not YAML"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_sheet_is_refused(tmp_path, what):
    lines, expected = WRONG[what]
    path = sheet(tmp_path, *lines)
    with pytest.raises(UserError) as caught:
        read_sheet(path, SCHEMA)
    assert str(caught.value).startswith(str(path))
    assert expected in str(caught.value)


COLUMNS = "name,precision,engine.dtype,parallel.world_size,model.source,engine.device"


@pytest.mark.parametrize(
    ("line", "expected", "options", "target"),
    [
        ("a,float,int4,,,", "run a: engine.dtype: is 'int4'; it must be one of", (), "sweep"),
        ("a,float,,5,,", "run a: parallel.world_size: 5 does not divide", (), "sweep"),
        ("a,float,,,/data/none,", "run a: model.source: /data/none is not a directory", (), "sweep"),
        (
            "a,float,,4,,cuda",
            "run a: parallel.world_size: 4 cards, but profiles/host has 2",
            ("--resources", "cards=2"),
            "sweep",
        ),
        ("a,float,,,,", "error: results/runs/b: no such run in ", (), "results/runs/b/perf"),
    ],
)
def test_a_wrong_run_is_one_line(tmp_path, line, expected, options, target):
    path = sheet(tmp_path, COLUMNS, line)
    done = snakemake(ROOT, "-n", *options, "--config", f"sweep={{'runs': '{path}'}}", "--", target)
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if expected in line and line.startswith("error: ")]
    assert "Traceback" not in done.stderr


# ---- sharing ---------------------------------------------------------------------------------------------

QUANT = {"quant", "cut_quant", "ceval_quant", "perf_quant", "rates_quant"}
CHOICE = {"sensitivity", "rollback"}
RATES = {"rates", "rates_quant"}
RUN = {"ceval", "ceval_quant", "perf", "perf_quant"} | RATES
STAGES = ("model", "cut", "calibration", *sorted(QUANT | CHOICE), "ceval", "perf", "rates")
# Every key that a run may set: another value, and the stages whose artefacts are then others.
KEYS = {
    "model.source": ("/data/other", set(STAGES)),
    "model.adapter": ("/data/adapter", set(STAGES)),
    "model.name": ("other", set()),
    "engine.device": ("npu", RUN),
    "engine.dtype": ("float16", RUN),
    "engine.head": ("int8", RUN),
    "engine.graph": ("eager", RUN),
    "engine.max_seq_len": (2048, RUN),
    "engine.server": ("http://host:8000/v1", {"ceval", "perf", "rates"}),
    "engine.server_model": ("other", set()),  # without a server
    "engine.server_timeout": (60, set()),
    "engine.server_retries": (0, set()),
    "parallel.world_size": (2, {"cut", "cut_quant"} | RUN),
    "parallel.gres": ("gpu:a100", RUN),  # another kind of card
    "quantize.device": ("npu", {"calibration"} | CHOICE | QUANT),
    "quantize.scheme": ("dynamic", CHOICE | QUANT),
    "quantize.w_bit": (4, QUANT),
    "quantize.act_method": (1, CHOICE | QUANT),
    "quantize.pr": (0.5, set()),
    "quantize.mm_tensor": (True, CHOICE | QUANT),
    "quantize.disable_level": ("L1", QUANT),
    "quantize.disable_names": (["lm_head"], QUANT),
    "quantize.anti_outlier": ("smooth", {"calibration"} | CHOICE | QUANT),
    "quantize.seed": (1, set()),
    "quantize.calibration": ("other.jsonl", {"calibration"} | CHOICE | QUANT),
    "quantize.guide_arrays": (False, QUANT),
    "quantize.rollback": ([1], QUANT),
    "quantize.auto": ({"metric": "accuracy", "budget": 1, "spare": "bytes"}, CHOICE),
    "ceval.protocol": ("sdk", {"ceval", "ceval_quant"}),
    "ceval.shots": (0, {"ceval", "ceval_quant"}),
    "ceval.split": ("test", {"ceval", "ceval_quant"}),
    "ceval.subjects": (["law"], {"ceval", "ceval_quant"}),
    "ceval.batch_size": (4, {"ceval", "ceval_quant"}),
    "ceval.exact": (False, {"ceval", "ceval_quant"}),
    "perf.weights": ("random:baichuan2-7b", {"perf", "perf_quant"}),
    **{f"perf.{key}": (9, {"perf", "perf_quant"}) for key in
       ("mode", "batch_size", "warmup", "repeats", "rounds", "max_spread", "again")},
    **{f"perf.{key}": (9, {"perf", "perf_quant"} | RATES) for key in
       ("min_len_exp", "max_len_exp", "case_pair", "seed")},
    **{f"perf.{key}": (9, RATES) for key in ("rate", "requests")},
    "perf.goodput": ({"ttft_ms": 1, "tpot_ms": 1}, set()),
}  # fmt: skip


def test_every_key_of_a_run_is_here():
    assert set(KEYS) == set(keys_of(SCHEMA, SECTIONS)) - OF_ALL_RUNS


@pytest.mark.parametrize("key", KEYS)
def test_what_a_setting_decides(key):
    value, expected = KEYS[key]
    other = Row("other", "quant", {key: value}).over(CONFIG)
    assert {stage for stage in STAGES if decides(other, stage) != decides(CONFIG, stage)} == expected
    homes = Homes(CONFIG)
    for stage in STAGES:
        home = homes(other, stage)
        assert (home == "results") == (stage not in expected)
        if stage in expected:
            assert re.fullmatch(rf"results/shared/{stage}-[0-9a-f]{{12}}", home)
            assert homes.config(home) is other


def test_another_budget_is_no_other_measurement():
    """Of what int8 costs: the dearest step of `auto`."""
    config = copy.deepcopy(CONFIG)
    config["quantize"]["rollback"] = "auto"
    other = Row("other", "quant", {"quantize.auto": config["quantize"]["auto"] | {"budget": 0.5}}).over(config)
    differ = {stage for stage in STAGES if decides(other, stage) != decides(config, stage)}
    assert differ == {"rollback"} | QUANT


def test_one_thing_spelled_otherwise_is_the_same(monkeypatch):
    monkeypatch.setattr(devices, "detect", lambda: "cpu")
    spelled = {
        "model.source": "./resources/demo/model/",
        "engine.device": "cpu",
        "quantize.calibration": "./resources/demo/calibration.jsonl",
    }
    other = Row("other", "quant", spelled).over(CONFIG)
    assert [stage for stage in STAGES if Homes(CONFIG)(other, stage) != "results"] == []


def test_random_weights_are_measured_once_for_all_models():
    config = copy.deepcopy(CONFIG)
    config["perf"]["weights"] = "random:baichuan2-7b"
    other = Row("other", "quant", {"model.source": "/data/other", "quantize.act_method": 1}).over(config)
    assert [decides(other, stage) == decides(config, stage) for stage in ("perf", "perf_quant")] == [True, True]


# At the end of a copy's Snakefile: what the jobs of every run are given.
SHOWS = """
import os
from types import SimpleNamespace
for name, run in runs().items():
    given = SimpleNamespace(home=homes(run, "perf"), quant="")
    measured = workflow.get_rule("measure_perf")
    print(name, Path(measured.conda_env(given)).name, run_resources(run)["gres"], "HCCL" in str(os.environ))
"""


def test_what_a_run_sets_reaches_its_jobs(tmp_path):
    """The environment and the cards of its device, and the variables that any run's device wants."""
    copy = copy_project(tmp_path / "项目 kinds")
    with (copy / "Snakefile").open("a") as snakefile:
        snakefile.write(SHOWS)
    lines = ["cpu,cpu,,", "npu,npu,,", "a100,cuda,gpu:a100,", "two,cuda,gpu:h100,2"]
    columns = "name,engine.device,parallel.gres,parallel.world_size,engine.max_seq_len,precision"
    sheet(copy / "config", columns, *(f"{line},99,float" for line in lines))
    done = snakemake(copy, "-n", "sweep")
    assert done.returncode == 0, done.stdout + done.stderr
    found = [line for line in done.stdout.splitlines() if line.endswith(" True")]
    assert [line.split()[:-1] for line in found] == [
        ["cpu", "cpu.yaml"],
        ["npu", "npu.yaml", "npu:1"],
        ["a100", "cuda.yaml", "gpu:a100:1"],
        ["two", "cuda.yaml", "gpu:h100:2"],
    ]


def test_errors_of_a_run_name_it(tmp_path):
    def check(config):
        raise UserError("engine.dtype: no")

    with pytest.raises(UserError, match=r"^runs\.csv, run a: engine\.dtype: no$"):
        configs_of(Path("runs.csv"), [Row("a", "float", {})], CONFIG, check)


# ---- a sweep of the demo ---------------------------------------------------------------------------------

SHORT = {
    "ceval": {"subjects": ["law", "logic"]},
    "perf": {"case_pair": [[4, 2]], "repeats": 1, "rounds": 1, "warmup": 0},
    "sweep": {"runs": "runs.csv"},
}
LINES = (
    "name,precision,quantize.scheme,ceval.protocol,parallel.world_size",
    "float,float,,,",
    "cut,float,,,2",
    "static,quant,,,",
    "dynamic,quant,dynamic,,",
    "static-again,quant,static,,",
)


@pytest.fixture(scope="module")
def swept(project, tmp_path_factory) -> Path:
    """The demo, everything run once, then swept."""
    copy = tmp_path_factory.mktemp("sweep") / "项目 sweep"
    shutil.copytree(project, copy, symlinks=True)
    sheet(copy, *LINES)
    (copy / "overlay.yaml").write_text(yaml.safe_dump(SHORT), encoding="utf-8")
    done = run(copy, "--cores", "2", "sweep")
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


def run(project: Path, *arguments: str):
    return snakemake(project, *arguments, "--configfile", "overlay.yaml")


def jobs_of(project: Path, *arguments: str) -> dict[str, int]:
    """{rule: jobs} of a dry run."""
    done = run(project, "-n", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        name: int(count) for name, count in re.findall(r"^(\w+) +(\d+)$", done.stdout + done.stderr, re.MULTILINE)
    }


@pytest.mark.exhaustive
def test_what_runs_share_is_made_once(swept):
    made = sorted(path.name.partition("-")[0] for path in (swept / "results/shared").iterdir())
    # of cut and dynamic; the others' are config.yaml's own, in results/
    assert made == ["ceval", "ceval_quant", "cut", "perf", "perf_quant", "quant"]
    records = [path.name for path in (swept / "results/records").iterdir()]
    assert {"ceval.jsonl", "ceval_quant.jsonl", "perf.json", "perf_quant.json"} <= set(records)
    assert len(list(swept.glob("results/runs/*/*/summary.json"))) == 10


@pytest.mark.exhaustive
def test_runs_have_the_answers_of_plain_runs(swept):
    def answers(path: Path) -> list[tuple]:
        return [(record.subject, record.id, record.prediction) for record in read_records(path)[1]]

    shared = {
        path.parents[1].name.partition("-")[0]: path for path in swept.glob("results/shared/*/records/ceval*.jsonl")
    }
    assert answers(shared["ceval"]) == answers(swept / "results/records/ceval.jsonl")
    header = read_records(shared["ceval_quant"])[0]
    assert header["precision"] == "w8a8-dynamic"
    static, again = (swept / f"results/runs/{name}/ceval/summary.json" for name in ("static", "static-again"))
    assert static.read_bytes() == again.read_bytes()


@pytest.mark.exhaustive
def test_a_second_sweep_has_nothing_to_do_and_an_edited_row_is_all_that_runs(swept):
    assert jobs_of(swept, "sweep") == {}
    sheet(swept, *LINES[:-1], "static-again,quant,static,sdk,")
    try:
        assert jobs_of(swept, "sweep") == {"score_ceval": 1, "tabulate_run_ceval": 1, "sweep": 1, "total": 3}
        sheet(swept, *LINES[:1], *LINES[:0:-1])  # another order
        assert jobs_of(swept, "sweep") == {"sweep": 1, "total": 1}
    finally:
        sheet(swept, *LINES)


@pytest.mark.exhaustive
def test_verify_reads_what_runs_share(swept):
    assert verify(swept / "results")[1] == []
    (record,) = swept.glob("results/shared/ceval-*/records/ceval.jsonl")
    data = record.read_bytes()
    record.write_bytes(data.replace(b'"A"', b'"B"', 1))
    (problem,) = verify(swept / "results")[1]
    record.write_bytes(data)
    assert problem.startswith(str(record))


@pytest.mark.exhaustive
def test_a_plain_run_after_it_only_tabulates(swept):
    heavy = {"score_ceval", "measure_perf", "quantize_weights", "collect_ranges", "link_source"}
    assert not heavy & set(jobs_of(swept))
