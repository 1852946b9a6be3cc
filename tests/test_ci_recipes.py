"""The CI recipes that people copy: their own commands, run in fresh checkouts over what their caches restore."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from baichuan2.integrity import read_sealed_lines
from helpers.projects import ROOT

GITHUB = ROOT / ".github" / "workflows" / "results.yml"
GITLAB = ROOT / ".gitlab-ci.yml"
NO_TABLES = {"model", "quant", "records", "logs", "download"}  # of the folders in results/


@dataclass(frozen=True)
class Recipe:
    """What a recipe runs, caches and uploads; like_zip: its archive keeps whole seconds, and no folder as such."""

    commands: list[str]
    cached: list[str]
    uploaded: list[str]
    environment: dict[str, str]
    like_zip: bool


def github_steps() -> list[dict]:
    return yaml.safe_load(GITHUB.read_text(encoding="utf-8"))["jobs"]["results"]["steps"]


def github_step(action: str) -> dict:
    return next(step for step in github_steps() if step.get("uses", "").startswith(f"{action}@"))


def github() -> Recipe:
    return Recipe(
        [step["run"] for step in github_steps() if "run" in step],
        github_step("actions/cache/restore")["with"]["path"].split(),
        github_step("actions/upload-artifact")["with"]["path"].split(),
        yaml.safe_load(GITHUB.read_text(encoding="utf-8"))["jobs"]["results"]["env"],
        like_zip=False,
    )


def gitlab() -> Recipe:
    job = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))["results"]
    return Recipe(job["script"], job["cache"]["paths"], job["artifacts"]["paths"], job["variables"], like_zip=True)


def checkout(project: Path) -> None:
    """The project anew at the same path, every file as young as now, with a .venv that make takes for ready."""
    shutil.rmtree(project, ignore_errors=True)
    ignored = shutil.ignore_patterns(".git", ".venv", "results", ".snakemake", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, project, ignore=ignored, copy_function=shutil.copyfile)
    (project / ".venv").mkdir()
    (project / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (project / ".venv" / "ready").touch()
    change_config(project, "subjects: all ", "subjects: [law, logic] ")
    change_config(project, "case_pair: null ", "case_pair: [[8, 8]] ")


def save(project: Path, recipe: Recipe, archive: Path) -> None:
    def as_in_zip(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.mtime = int(member.mtime)
        return member

    with tarfile.open(archive, "w") as tar:
        for path in (project / name for name in recipe.cached):
            if not recipe.like_zip:
                tar.add(path, path.relative_to(project))
                continue
            for file in sorted(path.rglob("*")):
                if file.is_symlink() or not file.is_dir():
                    tar.add(file, file.relative_to(project), filter=as_in_zip)


def restore(project: Path, archive: Path) -> None:
    with tarfile.open(archive) as tar:
        tar.extractall(project, filter="tar")


def change_config(project: Path, old: str, new: str) -> None:
    config = project / "config" / "config.yaml"
    text = config.read_text(encoding="utf-8")
    assert text.count(old) == 1
    config.write_text(text.replace(old, new), encoding="utf-8")


def answered(records: Path) -> list[str]:
    return [line["answer"] for line in read_sealed_lines(records)[1:]]


def start(project: Path, recipe: Recipe) -> subprocess.Popen:
    """The recipe's commands, as CI runs them, in a process group of their own."""
    # Threads that wait without spinning: on cores that other work shares, spinning takes three times as long.
    environment = os.environ | recipe.environment | {"OMP_WAIT_POLICY": "passive"}
    return subprocess.Popen(
        ["bash", "-e", "-c", "\n".join(recipe.commands)], cwd=project, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip


def run(project: Path, recipe: Recipe) -> dict[str, int]:
    """{rule: number of jobs} that the recipe's commands ran."""
    process = start(project, recipe)
    said = process.communicate(timeout=900)[0]
    assert process.returncode == 0, said
    table = said.partition("Job stats:")[2].partition("\n\n")[0]
    counts = {name: int(count) for name, count in re.findall(r"^(\w+) +(\d+)$", table, re.MULTILINE)}
    assert counts or "Nothing to be done" in said, said
    counts.pop("total", None)
    return counts


def kill_when(process: subprocess.Popen, reached: Callable[[], bool]) -> None:
    """Kill the whole group, as a runner that goes away does, once `reached`."""
    deadline = time.monotonic() + 300
    while not reached():
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("runner") / "builds" / "project"


@pytest.fixture(scope="module")
def first_run(project, tmp_path_factory) -> tuple[Path, dict[str, int]]:
    """A cache, and the jobs of the run that completed it.

    That is the second one: the first started from an empty cache, and was killed in the middle.
    """
    archive, recipe = tmp_path_factory.mktemp("cache") / "cache.tar", github()
    checkout(project)
    kill_when(start(project, recipe), (project / "results/model/config.json").exists)
    assert (project / ".snakemake/locks").is_dir()
    assert any((project / ".snakemake/locks").iterdir())
    save(project, recipe, archive)
    checkout(project)
    restore(project, archive)
    counts = run(project, recipe)
    save(project, recipe, archive)
    return archive, counts


@pytest.mark.exhaustive
def test_a_run_that_was_killed_is_gone_on_with(first_run):
    counts = first_run[1]
    assert "link_source" not in counts
    assert counts["score_ceval"] in (1, 2)  # that in float may have been done
    assert counts["all"] == 1


@pytest.mark.exhaustive
def test_everything_uploaded_exists_and_every_table_is_uploaded(project, first_run):
    tables = {f"results/{path.name}" for path in (project / "results").iterdir() if path.name not in NO_TABLES}
    for recipe in (github(), gitlab()):
        assert all((project / path).exists() for path in recipe.uploaded)
        assert set(recipe.uploaded) == tables


@pytest.mark.exhaustive
def test_weights_are_linked_within_the_project(project, first_run):
    links = [path for path in (project / "results/model").iterdir() if path.is_symlink()]
    assert {path.name for path in links} == {path.name for path in (ROOT / "resources/demo/model").glob("*.bin")}
    assert all(not os.readlink(path).startswith("/") and path.exists() for path in links)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("make_recipe", "old", "new", "expected"),
    [
        (
            github,
            "max_new_tokens: 64",
            "max_new_tokens: 8",
            {"run_inference": 2, "inference": 1, "inference_quant": 1},
        ),
        (
            gitlab,
            "repeats: 2",
            "repeats: 1",
            {"measure_perf": 6, "merge_perf": 2, "perf": 1, "perf_quant": 1, "compare": 1},
        ),
    ],
    ids=["github", "gitlab"],
)
def test_a_fresh_checkout_runs_only_what_a_changed_key_asks_for(
    project, first_run, tmp_path, make_recipe, old, new, expected
):
    recipe = make_recipe()
    checkout(project)
    restore(project, first_run[0])
    assert run(project, recipe) == {}
    save(project, recipe, tmp_path / "cache.tar")
    checkout(project)
    restore(project, tmp_path / "cache.tar")
    change_config(project, old, new)
    assert run(project, recipe) == {"all": 1, "write_configuration": 1, **expected}


@pytest.mark.exhaustive
def test_a_run_that_was_killed_under_another_key_leaves_nothing_behind(project, first_run, tmp_path):
    """Its answers are there, its metadata still that of the run before: only the mark of the unfinished job tells."""
    recipe, answers = github(), project / "results/records/inference.jsonl"
    checkout(project)
    restore(project, first_run[0])
    right = answered(answers)
    change_config(project, "max_new_tokens: 64", "max_new_tokens: 8")
    kill_when(start(project, recipe), lambda: answers.exists() and '"max_new_tokens": 8' in answers.read_text())
    save(project, recipe, tmp_path / "cache.tar")
    checkout(project)
    restore(project, tmp_path / "cache.tar")
    assert answered(answers) != right
    assert "run_inference" in run(project, recipe)
    assert answered(answers) == right


def test_both_caches_are_saved_whatever_happens_and_hold_the_same():
    restored, saved = github_step("actions/cache/restore"), github_step("actions/cache/save")
    assert saved["if"] == "always()"
    assert {key: restored["with"][key] for key in ("path", "key")} == saved["with"]
    assert saved["with"]["key"].startswith(restored["with"]["restore-keys"])
    assert gitlab().cached == github().cached
    assert yaml.safe_load(GITLAB.read_text(encoding="utf-8"))["results"]["cache"]["when"] == "always"


def test_what_comes_from_outside_is_pinned():
    used = re.findall(r"uses: (.+)", GITHUB.read_text(encoding="utf-8"))
    assert len(used) == 5
    assert all(re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line) for line in used)
    image = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))["results"]["image"]
    assert re.fullmatch(r"python:3\.1[12]\.\d+-bookworm", image)
