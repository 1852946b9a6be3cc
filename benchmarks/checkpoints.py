"""A copy of this project with a samplesheet of many checkpoints, each run in float and in W8A8; and its jobs counted.

Every checkpoint is a folder of its own, a link to the demo's. `snakemake sweep` shares nothing between folders, so
that the jobs, their graph and their files are those of as many other models.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

import harness
from baichuan2.configuration.settings import read_config_file
from baichuan2.errors import UserError

PARTS = ("Snakefile", "config", "envs", "profiles", "resources", "workflow")
SHEET = "checkpoints.csv"
RUNS = ("float", "quant")  # of each checkpoint
# At the end of the copy's Snakefile: which rules' jobs go to a cluster, where there is one; told as localrules there.
SAYS_REMOTE = """
print("remote rules:", *(rule.name for rule in workflow.rules if "cards" in rule.resources))
"""
COUNT = re.compile(r"^(\w+) +(\d+)$", re.MULTILINE)


@contextmanager
def project(checkpoints: int) -> Iterator[Path]:
    """The copy; it goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="checkpoints-") as folder:
        copy = Path(folder) / "project"
        copy.mkdir()
        for name in PARTS:
            source = harness.ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, copy / name)
        with open(copy / "Snakefile", "a", encoding="utf-8") as snakefile:
            snakefile.write(SAYS_REMOTE)
        _write_sheet(copy, checkpoints)
        config = read_config_file(copy / "config/config.yaml")
        config["sweep"]["runs"] = SHEET
        (copy / "config/config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
        yield copy


def _write_sheet(copy: Path, checkpoints: int) -> None:
    models = copy / "models"
    models.mkdir()
    rows = ["name,precision,model.source,model.name"]
    for number in range(1, checkpoints + 1):
        name = f"step-{number}"
        (models / name).symlink_to(copy / "resources/demo/model", target_is_directory=True)
        rows += [f"{name}-{precision},{precision},models/{name},{name}" for precision in RUNS]
    (copy / SHEET).write_text("\n".join(rows) + "\n", encoding="utf-8")


def snakemake(copy: Path, *arguments: str) -> str:
    """What it printed. Raises UserError where it failed."""
    command = [sys.executable, "-m", "snakemake", *arguments]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    said = done.stdout + done.stderr
    if done.returncode:
        raise UserError(f"snakemake {' '.join(arguments)}: failed in a copy of the project: {mistake(said)}")
    return said


def mistake(said: str) -> str:
    """The line of snakemake's that names a mistake."""
    return next((line for line in said.splitlines() if "error" in line.lower()), "it said no error")


def jobs(copy: Path) -> tuple[dict[str, int], set[str]]:
    """{rule: its jobs} of a dry run of the sweep, and the rules whose jobs go to a cluster."""
    said = snakemake(copy, "-n", "sweep")
    counts = {name: int(count) for name, count in COUNT.findall(said)}
    counts.pop("total")
    remote = re.search(r"^remote rules:(.*)$", said, re.MULTILINE)[1].split()
    return counts, set(remote) & counts.keys()
