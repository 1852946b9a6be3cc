"""The workflow end to end on the demo, in a copy of the project: what runs, what does not, what comes out."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from baichuan2.speed.rounds import in_turns
from helpers.projects import snakemake

TASKS = ("inference", "ceval", "perf")
GUIDE_ARRAYS = {
    f"{name}.npy"
    for name in (
        "deq_scale",
        "fp_bias",
        "input_offset",
        "input_scale",
        "quant_bias",
        "quant_weight",
        "weight_offset",
        "weight_scale",
    )
}
GUIDE_HEADER = (
    "batch_size,input_seq_len(Encoding),output_seq_len(Decoding),ResponseTime(s),forward_first_token_time(ms),"
    "forward_next_token_time(ms),pre_next_token_time(ms),post_next_token_time_post(ms)"
)


def jobs(project: Path, *arguments: str, **environment: str) -> set[str]:
    """The rules that snakemake would run."""
    done = snakemake(project, "--dry-run", *arguments, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    table = (done.stdout + done.stderr).partition("Job stats:")[2]
    lines = table.partition("\n\n")[0].splitlines()[3:]
    return {line.split()[0] for line in lines if line.strip()} - {"total"}


def read(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_everything_is_there(project):
    for task in TASKS:
        for precision in ("", "_quant"):
            assert any((project / "results" / f"{task}{precision}").iterdir())
    for precision in ("", "_quant"):
        found = {path.name for path in (project / f"results/ceval{precision}/test_result").iterdir()}
        assert found == {"device0.log", "cache0.csv", "result_0_subject_acc.json", "result_0_classes_acc.json"}
        table = next((project / f"results/perf{precision}").glob("performance_test_*.csv"))
        assert table.read_text().splitlines()[0] == GUIDE_HEADER
    assert {path.name for path in (project / "results/quant").glob("*.npy")} == GUIDE_ARRAYS
    assert (project / "results/quant/quant_model_description.json").exists()


def test_accuracies_show_what_the_roll_back_is_for(project):
    float_, quant = (read(project / f"results/ceval{q}/summary.json") for q in ("", "_quant"))
    assert float_["average"]["total"] == quant["average"]["total"] >= 450
    assert float_["average"]["accuracy"] >= 0.60
    assert abs(float_["average"]["accuracy"] - quant["average"]["accuracy"]) <= 0.01
    assert "demo" in (project / "results/ceval/summary.md").read_text(encoding="utf-8")


def test_float_and_w8a8_were_measured_in_turns(project):
    measured = [read(project / f"results/records/perf{quant}.json")["rounds"] for quant in ("", "_quant")]
    assert [one["round"] for one in measured[0]] == [1, 2, 3]
    assert in_turns(*measured)


def test_each_question_has_its_row(project):
    rows = list(csv.reader((project / "results/ceval/test_result/cache0.csv").open(encoding="utf-8")))
    exam = [
        row for path in (project / "resources/demo/exam/val").glob("*.csv") for row in csv.DictReader(path.open())
    ]
    assert len(rows) == len(exam)
    assert {row[0] for row in rows} == {
        path.stem[:-4] for path in (project / "resources/demo/exam/val").glob("*.csv")
    }


def test_nothing_changed_nothing_runs(project):
    start = time.monotonic()
    done = snakemake(project)
    assert done.returncode == 0
    assert "Nothing to be done" in done.stdout + done.stderr
    assert time.monotonic() - start < 10  # asked: 4 s on an idle machine


def test_a_snakemake_without_slurm_imports_no_pandas(project):
    """Snakemake imports it for its executor for Slurm, or else to see whether a parameter is a table."""
    code = (
        "import pkgutil, sys; listed = pkgutil.iter_modules; "
        "pkgutil.iter_modules = lambda *a: (m for m in listed(*a) if 'slurm' not in m.name); "
        "from snakemake.cli import parse_args, args_to_api; parser, args = parse_args(['--cores', '1']); "
        "print(args_to_api(args, parser), 'pandas.core' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True)
    assert "Nothing to be done" in done.stderr
    assert done.stdout.split() == ["True", "False"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"perf": {"repeats": 5}}, {"measure_perf", "merge_perf", "perf", "perf_quant", "compare"}),
        ({"ceval": {"shots": 4}}, {"score_ceval", "ceval", "ceval_quant", "compare"}),
        ({"inference": {"max_new_tokens": 8}}, {"run_inference", "inference", "inference_quant"}),
        ({"compare": {"to": "gpu"}}, {"compare"}),
        (
            {"quantize": {"act_method": 1}},
            {
                "quantize_weights",
                "run_inference",
                "score_ceval",
                "measure_perf",
                "merge_perf",
                "compare",
                *(f"{task}_quant" for task in TASKS),
            },
        ),
    ],
    ids=["perf", "ceval", "inference", "compare", "quantize"],
)
def test_a_changed_key_runs_what_reads_it(project, tmp_path, change, expected):
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(yaml.safe_dump(change))
    # The page of the configuration, in which every key is, goes with each.
    assert jobs(project, "--configfile", str(overlay)) == expected | {"all", "write_configuration"}


def test_max_seq_len_in_the_environment_is_a_change(project):
    assert "score_ceval" in jobs(project, MAX_SEQ_LEN="2048")
    assert jobs(project, MAX_SEQ_LEN="4096") == set()


def test_names_and_paths_are_the_same_targets(project):
    (project / "results/perf_quant").rename(project / "kept")
    by_path, by_name = jobs(project, "results/perf_quant"), jobs(project, "perf_quant")
    (project / "kept").rename(project / "results/perf_quant")
    assert by_path == by_name == {"perf_quant"}


def test_two_ranks_give_the_answers_of_one(project, tmp_path):
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(yaml.safe_dump({"parallel": {"world_size": 2}}))
    one = {q: read(project / f"results/ceval{q}/summary.json")["average"] for q in ("", "_quant")}
    answers = (project / "results/ceval/test_result/cache0.csv").read_text(encoding="utf-8")
    done = snakemake(project, "--configfile", str(overlay), "--", "results/ceval", "results/ceval_quant")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Tensor parallelism weights have been successfully saved.") == 2
    assert (project / "results/ceval/test_result/cache0.csv").read_text(encoding="utf-8") == answers
    two = {q: read(project / f"results/ceval{q}/summary.json")["average"] for q in ("", "_quant")}
    assert two == one


def test_without_the_roll_back_the_demo_loses_and_gains_it_back(project, tmp_path):
    """Last, since it quantizes anew: everything in int8 costs 5 points or more. Put back, the bytes are as before."""
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(yaml.safe_dump({"quantize": {"rollback": []}}))
    float_ = read(project / "results/ceval/summary.json")["average"]["accuracy"]
    before = artefact_and_answers(project)
    done = snakemake(project, "--configfile", str(overlay), "--", "results/ceval_quant")
    assert done.returncode == 0, done.stdout + done.stderr
    naive = read(project / "results/ceval_quant/summary.json")["average"]["accuracy"]
    assert naive <= float_ - 0.05
    assert artefact_and_answers(project) != before
    assert jobs(project, "results/ceval_quant") == {"quantize_weights", "score_ceval", "ceval_quant"}
    done = snakemake(project, "results/ceval_quant")
    assert done.returncode == 0, done.stdout + done.stderr
    assert artefact_and_answers(project) == before


def test_the_vendors_later_recipe_runs_through(project):
    """By ModelSlim, from the artefact to its score and to what MindIE reads. It leaves another artefact behind."""
    overlay = project / "config/mindie-baichuan2-w8a8.yaml"
    done = snakemake(project, "results/ceval_quant", "export_ascend", "--configfile", str(overlay))
    assert done.returncode == 0, done.stdout + done.stderr
    manifest = read(project / "results/quant/manifest.json")
    assert manifest["engine"] == "modelslim"
    assert [manifest["parameters"][key] for key in ("anti_outlier", "act_method", "pr")] == ["m2", 3, 1.0]
    assert {name.partition(".mlp.")[2] for name in manifest["float"]} == {"down_proj"}
    float_, quant = (read(project / f"results/ceval{q}/summary.json")["average"] for q in ("", "_quant"))
    assert quant["accuracy"] >= float_["accuracy"] - 0.01
    export = project / "results/export/ascend"
    config, kinds = read(export / "config.json"), read(export / "quant_model_description.json")
    assert (config["torch_dtype"], config["quantize"]) == ("float16", "w8a8")
    assert kinds["lm_head.weight"] == "FLOAT"  # MindIE reads the output layer so
    assert kinds["model.layers.0.mlp.down_proj.weight"] == "FLOAT"
    assert kinds["model.layers.0.mlp.up_proj.weight"] == "W8A8"


def artefact_and_answers(project: Path) -> dict[str, bytes]:
    files = [*(project / "results/quant").glob("*.safetensors"), *(project / "results/quant").glob("*.npy")]
    files.append(project / "results/ceval_quant/test_result/cache0.csv")
    return {path.name: path.read_bytes() for path in files}
