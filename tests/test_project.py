"""The project's own papers: they agree with each other and with what they describe."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

from baichuan2.configuration import settings

ROOT = Path(__file__).parents[1]


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def actions(workflow: str) -> set[str]:
    return set(re.findall(r"uses: (.+)", read(f".github/workflows/{workflow}.yml")))


def test_one_version_and_one_licence():
    project, citation = tomllib.loads(read("pyproject.toml"))["project"], yaml.safe_load(read("CITATION.cff"))
    releases = re.findall(r"^## (\d\S*) - (\S+)$", read("CHANGELOG.md"), re.MULTILINE)
    assert releases[0] == (project["version"], str(citation["date-released"]))
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"] == "Apache-2.0"
    assert all((ROOT / name).is_file() for name in project["license-files"])
    assert "Apache License\n                           Version 2.0" in read("LICENSE")


def test_every_section_is_described():
    rows = re.findall(r"^\| `(\w+)` \|", read("config/README.md"), re.MULTILINE)
    assert rows == list(settings.read_schema()["properties"])


def test_hooks_run_what_make_lint_runs():
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", read("Makefile"), re.MULTILINE)[1].replace("$(BIN)", ".venv/bin")
    entries = [hook["entry"] for hook in yaml.safe_load(read(".pre-commit-config.yaml"))["repos"][0]["hooks"]]
    assert entries.pop() == "make lint"
    assert all(entry[entry.index(".venv/bin/") :] in recipe for entry in entries)


def test_every_push_is_linted_and_tested():
    github = yaml.safe_load(read(".github/workflows/tests.yml"))
    gitlab = yaml.safe_load(read(".gitlab-ci.yml"))
    assert github[True].keys() >= {"push"}  # YAML 1.1 reads `on` as true
    assert github["jobs"]["make"]["strategy"]["matrix"] == {"target": ["lint", "test"]}
    assert github["jobs"]["make"]["steps"][-1] == {"run": "make ${{ matrix.target }}"}
    assert gitlab["tests"]["parallel"]["matrix"] == [{"TARGET": ["lint", "test"]}]
    assert gitlab["tests"]["script"] == ["make $TARGET"]
    assert gitlab["tests"]["image"] == gitlab["results"]["image"]
    assert len(actions("tests")) == 2
    assert actions("tests") <= actions("results")  # whose pins test_ci_recipes.py holds


def test_every_file_of_the_configuration_is_described():
    files = {path.name + "/" * path.is_dir() for path in (ROOT / "config").iterdir()}
    assert {name for name in files if f"`{name}`" not in read("config/README.md")} == {"README.md"}
