"""The project's own papers agree with each other, and its modules with what they say of themselves."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from baichuan2.configuration.schema import read_schema
from baichuan2.jobs.code import import_statements
from helpers.projects import ROOT


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
    assert rows == list(read_schema()["properties"])


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


def test_no_import_escapes_the_version_of_the_code():
    for file in (ROOT / "workflow/scripts").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert sorted(map(ast.unparse, import_statements(text))) == sorted(map(ast.unparse, imports)), file


def test_every_file_of_the_configuration_is_described():
    files = {path.name + "/" * path.is_dir() for path in (ROOT / "config").iterdir()}
    assert {name for name in files if f"`{name}`" not in read("config/README.md")} == {"README.md"}


# ---- what modules say that they do not import --------------------------------------------------------------

HEAVY = ("torch", "pandas", "matplotlib", "transformers", "numpy", "jinja2")
CLAIMS = {"Torch-free": ("torch",), "Imports no torch": ("torch",), "Imports nothing heavy": HEAVY}
LIBRARY = ROOT / "workflow" / "scripts"


def modules_that_say(claim: str) -> list[str]:
    files = [
        path for path in (LIBRARY / "baichuan2").rglob("*.py") if claim in (ast.get_docstring(tree_of(path)) or "")
    ]
    return [".".join(path.relative_to(LIBRARY).with_suffix("").parts) for path in sorted(files)]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("claim", CLAIMS)
def test_modules_import_no_more_than_they_say(claim):
    """And no step that makes tables alone loads torch."""
    modules = modules_that_say(claim)
    scripts = [path.stem for path in LIBRARY.glob("tabulate_*.py")] if claim == "Torch-free" else []
    assert modules
    code = f"import sys, {', '.join([*modules, *scripts])}; print([m for m in {CLAIMS[claim]} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=LIBRARY, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
