"""Faults put into the library one by one: python tests/helpers/mutants.py [--only NUMBER ...] [--out FILE]

Each is an edit of one line in a copy of the project. The tests of `make test` run until one fails: those of the files
named with the fault first, then all. Where none fails, the others of `make test-all` run. A table says who found it.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml
from projects import ROOT

LIBRARY = Path("workflow/scripts/baichuan2")
FAULTS = Path(__file__).with_suffix(".yaml")
TIERS = {"make test": "not ({})", "make test-all": "{}"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=int, nargs="+", metavar="NUMBER", help="these faults, from 1")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table there")
    options = parser.parse_args()
    beyond = re.search(r"^BEYOND := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1]
    lines = ["| fault | found by | test | seconds |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        project = Path(folder)
        listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], stdout=subprocess.PIPE, check=True)
        for name in listed.stdout.decode().strip("\0").split("\0"):
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, project / name)
        for name in (".venv", ".torch-npu"):
            (project / name).symlink_to(ROOT / name)
        for number, mutant in enumerate(yaml.safe_load(FAULTS.read_text(encoding="utf-8")), 1):
            if options.only is None or number in options.only:
                what = mutant.pop("fault")
                lines.append(f"| {what} | {' | '.join(hunt(project, beyond, **mutant))} |")
                print(lines[-1], flush=True)
    if options.out:
        head = [
            "# Faults that the tests find",
            "",
            f"Written by `python tests/helpers/mutants.py --out {options.out}`.",
            "",
        ]
        options.out.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


def hunt(project: Path, beyond: str, file: str, old: str, new: str, tests: list[str]) -> tuple[str, str, str]:
    """(who found the fault, the test, seconds)."""
    path, start = project / LIBRARY / file, time.monotonic()
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file}: {old!r} stands there {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")
    files = [f"tests/test_{name}.py" for name in tests]
    try:
        for tier, expression in TIERS.items():
            for chosen in (files, []):
                failed = first_failure(project, expression.format(beyond), chosen)
                if failed:
                    return tier, f"`{failed}`", f"{time.monotonic() - start:.0f}"
        return "**nobody**", "", f"{time.monotonic() - start:.0f}"
    finally:
        path.write_text(text, encoding="utf-8")


def first_failure(project: Path, expression: str, files: list[str]) -> str | None:
    """The first test that fails, or None."""
    command = [
        sys.executable, "-m", "pytest", "-x", "--no-header", "-rfE", "-m", expression,
        "--numprocesses", "2", "--dist", "loadfile", "--no-loadscope-reorder", *files,
    ]  # fmt: skip
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 1, 2, 5), done.stdout[-3000:] + done.stderr[-3000:]
    failed = re.search(r"^(?:FAILED|ERROR) tests/(.+?)(?: - |$)", done.stdout, re.MULTILINE)
    assert bool(failed) == (done.returncode in (1, 2)), done.stdout[-3000:]
    return failed and failed[1]


if __name__ == "__main__":
    main()
