"""Killed, full, twice, damaged: the next run completes with the same bytes, or one line says what is wrong."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from baichuan2.integrity import read_sealed, read_sealed_lines, verify
from helpers.projects import ROOT, snakemake
from helpers.tiers import sampled

KILLS = int(os.environ.get("KILLS", "1"))  # of every job, and as many more of the whole workflow


# Every job of the chain, killed


def script_of(job: str) -> str:
    return "cut.py" if job.startswith("cut_") else f"{job}.py"


def chain(folder: Path) -> dict[str, tuple[Path, list[object]]]:
    """{job: (what it publishes, its command)}, each reading what those before it made in `folder`."""
    model, quant = folder / "model", folder / "quant"
    records, demo, subjects = folder / "records", ROOT / "resources/demo", ROOT / "resources/ceval_subjects.csv"
    ceval, perf, answers = records / "ceval.jsonl", records / "perf.json", records / "inference.jsonl"
    measured = records / "perf.round-1.json"
    small = ["--engine", "device=cpu,dtype=float32,max_seq_len=512,threads=1"]
    exam = ["--exam", demo / "exam", "--subjects", subjects, "--subject", "law", "--subject", "logic"]
    rollback = ["--quantize", 'rollback=["*.mlp.down_proj"],act_method=1']
    prompts = ROOT / "resources/calibration/guide-5.jsonl"
    ranges, sensitivity = records / "calibration.json", records / "sensitivity.json"
    chosen, recipes = records / "rollback.json", records / "recipes.json"
    streamed = ["--model", model, "--prompts", prompts, "--device", "cpu", "--threads", 1]
    name = ["--name", "demo", "--demo"]
    references = ["--references", ROOT / "config/references"]
    questions = ["--prompts", ROOT / "resources/inference/guide.jsonl", "--max-new-tokens", 4]
    case = ["--case-pair", "[[16, 8]]", "--warmup", 0, "--repeats", 2]
    return {
        "link_model": (model, ["--source", demo / "model", "--out", model]),
        "patch_config": (model, ["--source", demo / "model", "--out", model]),
        "cut_weights": (model / "part_model", ["--model", model, "--out", model / "part_model", "--world-size", 2]),
        "calibrate": (ranges, ["--out", ranges, *streamed]),
        "quantize": (
            quant,
            ["--model", model, "--calibration", ranges, "--out", quant, *rollback, "--guide-arrays"],
        ),
        "quantize_modelslim": (
            folder / "modelslim",
            ["--model", model, "--calibration", prompts, "--out", folder / "modelslim", *rollback],
        ),
        "cut_quant": (
            quant / "part_model",
            ["--model", model, "--quant", quant, "--out", quant / "part_model", "--world-size", 2],
        ),
        "export_quant": (
            folder / "export",
            ["--form", "compressed-tensors", "--model", model, "--quant", quant, "--out", folder / "export"],
        ),
        "run_inference": (answers, ["--model", model, "--out", answers, *questions, *small]),
        "score_ceval": (ceval, ["--model", model, "--quant", quant, "--out", ceval, *exam, *small]),
        "measure_sensitivity": (sensitivity, ["--calibration", ranges, "--out", sensitivity, *streamed]),
        "choose_rollback": (
            chosen,
            ["--sensitivity", sensitivity, "--out", chosen, "--metric", "kl", "--budget", 0.01, "--spare", "bytes"],
        ),
        "measure_recipes": (
            recipes,
            ["--calibration", ranges, "--chosen", chosen, "--out", recipes, *rollback, *streamed],
        ),
        "measure_perf": (measured, ["--model", model, "--out", measured, *case, *small]),
        "merge_perf": (perf, ["--round", measured, "--out", perf]),
        "tabulate_inference": (folder / "inference", ["--answers", answers, "--out", folder / "inference", *name]),
        "tabulate_ceval": (
            folder / "ceval",
            ["--records", ceval, "--subjects", subjects, "--out", folder / "ceval", *name],
        ),
        "tabulate_rollback": (
            folder / "rollback",
            [
                "--sensitivity",
                sensitivity,
                "--chosen",
                chosen,
                "--recipes",
                recipes,
                "--out",
                folder / "rollback",
                *name,
            ],
        ),
        "tabulate_perf": (folder / "perf", ["--measurement", perf, "--out", folder / "perf", *name]),
        "tabulate_compare": (
            folder / "compare",
            ["--of", folder, "--to", "gpu", "--subjects", subjects, "--out", folder / "compare", *references],
        ),
    }


@pytest.fixture(scope="module")
def undisturbed(guarded, tmp_path_factory) -> tuple[Path, dict[str, float]]:
    """The folder of a chain that nothing disturbed, and each job's seconds."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return folder, {job: run(guarded, folder, job) for job in chain(folder)}


def run(guarded, folder: Path, job: str, seconds: float = 60) -> float:
    """Run a job of the chain; the seconds it took."""
    done = guarded(script_of(job), *chain(folder)[job][1], seconds=seconds)
    assert done.code == 0, done
    return done.seconds


def kill(guarded, folder: Path, job: str, seconds: float) -> bool:
    """Start a job and kill it within `seconds`, at random; whether it came to that."""
    done = guarded(script_of(job), *chain(folder)[job][1], seconds=random.uniform(0, seconds))
    assert done.code in (0, -signal.SIGKILL), done
    return done.code != 0


@pytest.mark.parametrize("job", sampled(chain(Path()), "link_model", "calibrate", "quantize"))
def test_a_killed_job(guarded, undisturbed, tmp_path, record_property, job):
    """Killed at random moments, a job leaves nothing, or all; run again, it makes the same bytes."""
    whole, seconds = undisturbed
    folder = tmp_path / "chain"
    shutil.copytree(whole, folder, symlinks=True)
    published = chain(folder)[job][0]
    adds = job == "patch_config"  # to what is there; every other job makes all anew
    if not adds:
        remove(published)
    run(guarded, folder, job)
    expected = contents(published)
    killed = 0
    for _ in range(10 * KILLS):  # beside other work `seconds` was too long, and some come too late
        if not adds:
            remove(published)
        killed += kill(guarded, folder, job, seconds[job])
        left = contents(published)
        if job == "link_model":  # its manifest comes last
            assert left.items() <= expected.items()
            assert not (published / "manifest.json").exists() or left == expected
        elif not adds:
            assert left in ({}, expected)
        if killed == KILLS:
            break
    record_property("kills", killed)
    assert killed == KILLS
    run(guarded, folder, job)
    assert contents(published) == expected
    assert not list(folder.rglob("*.partial"))


def remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def contents(path: Path) -> dict[str, object]:
    """{file: its bytes}; of records what does not change with the time that things took."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    found = {str(file.relative_to(path.parent)): file for file in files if not hidden(file, path)}
    return {name: timeless(file) for name, file in found.items()}


def hidden(file: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(root.parent).parts)


def timeless(file: Path) -> object:
    if re.fullmatch(r"perf(_quant)?(\.round-\d+)?\.json", file.name):
        return [[case["input_len"], case["output_len"]] for case in read_sealed(file)["cases"]]
    if file.suffix == ".jsonl" and file.parent.name == "records":
        return [{key: row[key] for key in row if "seconds" not in key} for row in read_sealed_lines(file)[1:]]
    return file.read_bytes()


def test_scored_questions_are_not_lost(undisturbed, guarded, tmp_path):
    """Killed with some questions answered: the next run asks the others alone, and the answers are the same."""
    folder = tmp_path / "chain"
    shutil.copytree(undisturbed[0], folder, symlinks=True)
    out, options = chain(folder)["score_ceval"]
    more = ("accountant", "art_studies", "basic_medicine", "civil_servant", "college_chemistry", "marxism")
    options += [part for subject in more for part in ("--subject", subject)]
    command = [sys.executable, ROOT / "workflow/scripts/score_ceval.py", *options]
    expected = answers_of(guarded, options, out)
    journal = out.with_name(".ceval.journal")
    with subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL) as scoring:
        while scoring.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < 12):
            time.sleep(0.005)
        scoring.kill()
    assert scoring.returncode == -signal.SIGKILL
    kept = journal.read_bytes().count(b"\n") - 1
    assert 0 < kept < len(expected)
    done = guarded("score_ceval.py", *options, seconds=60)
    assert done.code == 0, done
    assert f"going on: {kept} of {len(expected)} questions were answered before" in done.stderr
    assert read_sealed_lines(out)[1:] == expected
    assert not journal.exists()


def answers_of(guarded, options: list[object], out: Path) -> list[dict]:
    out.unlink()
    done = guarded("score_ceval.py", *options, seconds=60)
    assert done.code == 0, done
    answers = read_sealed_lines(out)[1:]
    out.unlink()
    return answers


# Files damaged: what reads them says so


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.unlink()  # where it is a link, what it leads to stays
    path.write_bytes(data)


def truncate(path: Path) -> None:
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[: len(data) // 2])


SHARD = "pytorch_model-00001-of-00002.bin"
WEIGHTS = "quant_model_weight_w8a8.safetensors"
READERS = [
    (f"model/{SHARD}", "run_inference"),
    (f"model/{SHARD}", "cut_weights"),
    (f"model/{SHARD}", "calibrate"),
    (f"model/{SHARD}", "quantize"),
    (f"model/{SHARD}", "measure_sensitivity"),
    (f"model/{SHARD}", "measure_recipes"),
    ("model/tokenizer.model", "run_inference"),
    ("model/manifest.json", "cut_weights"),
    (f"quant/{WEIGHTS}", "score_ceval"),
    (f"quant/{WEIGHTS}", "cut_quant"),
    ("quant/fp_bias.npy", "score_ceval"),
    ("quant/quant_model_description.json", "cut_quant"),
    ("quant/manifest.json", "cut_quant"),
    ("records/calibration.json", "quantize"),
    ("records/sensitivity.json", "choose_rollback"),
    ("records/rollback.json", "measure_recipes"),
    ("records/recipes.json", "tabulate_rollback"),
    ("records/inference.jsonl", "tabulate_inference"),
    ("records/ceval.jsonl", "tabulate_ceval"),
    ("records/perf.round-1.json", "merge_perf"),
    ("records/perf.json", "tabulate_perf"),
    ("ceval/summary.json", "tabulate_compare"),
    ("perf/summary.json", "tabulate_compare"),
]


@pytest.mark.parametrize("damage", [flip, truncate], ids=["flipped", "truncated"])
@pytest.mark.parametrize(("name", "job"), READERS)
def test_a_damaged_file(refuse, undisturbed, tmp_path, name, job, damage):
    folder = tmp_path / "chain"
    shutil.copytree(undisturbed[0], folder, symlinks=True)
    damage(folder / name)
    out, options = chain(folder)[job]
    remove(out)
    refuse(f"damage: {Path(name).name} {damage.__name__}, {job}", Path(name).name, script_of(job), *options)
    assert contents(out) == {}


@pytest.mark.parametrize("damage", [flip, truncate], ids=["flipped", "truncated"])
def test_a_damaged_part(undisturbed, tmp_path, damage):
    """A rank's own weights: the run of two ranks names them."""
    folder = tmp_path / "chain"
    shutil.copytree(undisturbed[0], folder, symlinks=True)
    damage(folder / "model/part_model/1/model.safetensors")
    out, options = chain(folder)["run_inference"]
    script = str(ROOT / "workflow/scripts/run_inference.py")
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", script]
    out.unlink()
    done = subprocess.run([*launch, *map(str, options)], capture_output=True, text=True, timeout=120)
    said = [line for line in done.stderr.splitlines() if "error: " in line and "model.safetensors" in line]
    assert done.returncode != 0
    assert len(said) == 1
    assert not out.exists()


@pytest.mark.parametrize("damage", [flip, truncate], ids=["flipped", "truncated"])
def test_damaged_published_weights(refuse, tmp_path, damage):
    """A shard of the source: its own checksums tell, before anything is linked."""
    source = tmp_path / "source"
    shutil.copytree(ROOT / "resources/demo/model", source)
    damage(source / SHARD)
    refuse(f"damage: published {SHARD} {damage.__name__}", SHARD, "link_model.py", "--source", source, "--out",
           tmp_path / "model")  # fmt: skip
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("damage", [flip, truncate, remove], ids=["flipped", "truncated", "missing"])
def test_verify_names_all_that_is_damaged(undisturbed, guarded, tmp_path, damage):
    """Files that no step reads, too."""
    folder = tmp_path / "chain"
    shutil.copytree(undisturbed[0], folder, symlinks=True)
    assert guarded("verify_results.py", "--results", folder).code == 0
    damaged = [
        "quant/quant_weight.npy",
        "quant/quant_model_weight_w8a8.safetensors",
        "model/part_model/0/model.safetensors",
        "perf/summary.json",
    ]
    for name in damaged:
        damage(folder / name)
    done = guarded("verify_results.py", "--results", folder)
    assert (done.code, len(done.lines)) == (1, 1)
    if damage is remove:
        damaged.pop()  # nothing lists a summary
    assert f"{len(damaged)} files of " in done.lines[0]
    assert {line.partition(": ")[0] for line in verify(folder)[1]} == {str(folder / name) for name in damaged}


# The workflow as a whole


@pytest.fixture(scope="module")
def small_project(project, tmp_path_factory) -> Path:
    """The project with few questions, one short speed case and short answers, run whole."""
    copy = tmp_path_factory.mktemp("faults") / "项目 faults"
    shutil.copytree(project, copy, symlinks=True)
    config = copy / "config/config.yaml"
    text = config.read_text(encoding="utf-8")
    for old, new in {
        "subjects: all ": "subjects: [law, logic] ",
        "case_pair: null ": "case_pair: [[4, 2]] ",
        "max_new_tokens: 64": "max_new_tokens: 4",
    }.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    config.write_text(text, encoding="utf-8")
    done = snakemake(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


def fresh(project: Path, folder: Path) -> Path:
    """The project without any results."""
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("results", ".snakemake"))
    return folder


def results(project: Path) -> dict[str, object]:
    """What the workflow made, times aside."""
    made = {}
    for name in ("model", "quant", "records", "ceval/test_result/cache0.csv", "ceval_quant/test_result/cache0.csv"):
        made |= contents(project / "results" / name)
    answers = {name: value for name, value in made.items() if "/perf_quant." not in name}
    return answers


@contextmanager
def started(project: Path, *arguments: str) -> Iterator[subprocess.Popen]:
    """snakemake, begun; ended with all its children when the block is left."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    process = subprocess.Popen(
        ["snakemake", *arguments], cwd=project, env=os.environ | {"PATH": path}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            for child in [*psutil.Process(process.pid).children(recursive=True), process]:
                child.kill()
            process.wait()
        process.stdout.close()


def job_of(process: subprocess.Popen) -> psutil.Process | None:
    """A python process that runs one of our scripts."""
    if process.poll() is not None:
        return None
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            command = child.cmdline()
        except psutil.Error:
            continue
        if command[:1] and "python" in command[0] and any("workflow/scripts/" in part for part in command[1:2]):
            return child
    return None


@pytest.mark.exhaustive
def test_the_killed_workflow(small_project, tmp_path, record_property):
    """Jobs killed at random moments, then snakemake with all of them: each next run goes on, to the same end."""
    project = fresh(small_project, tmp_path / "项目 killed")
    killed = 0
    while killed < 2 * KILLS:
        with started(project) as process:
            victim = wait_for(lambda: job_of(process) or process.poll() is not None)
            assert process.poll() is None, process.communicate()[0]
            time.sleep(random.uniform(0, 2))
            if killed < KILLS:
                job = job_of(process) or victim
                killed += kill_one(job)
                process.wait(60)
            else:
                killed += 1
        if (project / ".snakemake/locks").exists() and any((project / ".snakemake/locks").iterdir()):
            refused = snakemake(project)
            assert refused.returncode == 1
            assert "--unlock" in refused.stdout + refused.stderr
            assert snakemake(project, "--unlock").returncode == 0
    record_property("kills", killed)
    done = snakemake(project)
    assert done.returncode == 0, done.stdout + done.stderr
    expected = results(small_project)
    # A part that was cut again and killed in between is not missed where all that is made of it is there.
    parts = [
        f"results/{file}" for file in expected.keys() - results(project).keys() if file.endswith("manifest.json")
    ]
    if parts:
        assert all("part_model" in part for part in parts)
        assert snakemake(project, *parts).returncode == 0
    assert results(project) == expected


def kill_one(job: psutil.Process) -> bool:
    try:
        job.kill()
    except psutil.NoSuchProcess:
        return False
    return True


def wait_for(condition, seconds: float = 60):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


@pytest.mark.exhaustive
def test_two_at_once(small_project, tmp_path):
    """The second says that the first is at work, and leaves it in peace."""
    project = fresh(small_project, tmp_path / "项目 twice")
    with started(project, "results/ceval") as first:
        wait_for(lambda: job_of(first))
        second = snakemake(project, "results/ceval")
        assert second.returncode == 1
        assert "lock" in second.stdout + second.stderr
        said, _ = first.communicate(timeout=120)
        assert first.returncode == 0, said
    made = json.loads((project / "results/ceval/summary.json").read_text())
    assert made["average"] == json.loads((small_project / "results/ceval/summary.json").read_text())["average"]


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A project's folder of results on a disk of its own, which is too small at first."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no tmpfs can be mounted here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.exhaustive
def test_a_full_disk(small_project, small_disk, tmp_path):
    project = fresh(small_project, tmp_path / "项目 full")
    (project / "results").symlink_to(small_disk)
    done = snakemake(project, "results/ceval_quant")
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("error: ")]
    assert done.returncode == 1
    assert len(said) == 1
    assert "No space left on device" in said[0] or "GB are to be written; free some" in said[0]
    assert not (small_disk / "quant/manifest.json").exists()
    subprocess.run(["mount", "-o", "remount,size=200m", small_disk], check=True)
    done = snakemake(project, "results/ceval_quant")
    assert done.returncode == 0, done.stdout + done.stderr
    assert contents(small_disk / "quant").items() == contents(small_project / "results/quant").items()
