"""The environments: conda families and .venv pin the same versions, and pip's packages resolve together."""

from __future__ import annotations

import ast
import re
import socket
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from baichuan2.devices import ascend_check
from baichuan2.jobs import code
from helpers.projects import ROOT

ENVS, SCRIPTS = ROOT / "envs", ROOT / "workflow" / "scripts"
FAMILIES = ("cpu", "cuda", "npu", "quantize", "openvino")
PLATFORMS = ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu")


def pins(family: str) -> dict[str, str]:
    """{package: version} of a conda file's pip section."""
    dependencies = yaml.safe_load((ENVS / f"{family}.yaml").read_text())["dependencies"]
    listed = next(entry["pip"] for entry in dependencies if isinstance(entry, dict))
    return dict(pin(entry) for entry in listed if not entry.startswith("-"))


def requirements() -> dict[str, str]:
    lines = (ENVS / "requirements.txt").read_text().splitlines()
    return dict(pin(line) for line in lines if line and not line.startswith("#"))


def pin(line: str) -> tuple[str, str]:
    """("typer", "0.29.2") of "typer==0.29.2", the name in its normal form."""
    name, version = line.split("==")
    return name.lower().replace("_", "-"), version


def indices(family: str) -> list[str]:
    """The URLs that a conda file's pip section names beside PyPI."""
    dependencies = yaml.safe_load((ENVS / f"{family}.yaml").read_text())["dependencies"]
    listed = next(entry["pip"] for entry in dependencies if isinstance(entry, dict))
    return [entry.split()[1] for entry in listed if entry.startswith("--extra-index-url ")]


def resolve(family: str, platform: str, folder: Path, *options: str) -> dict[str, str]:
    """{package: version} of all that pip would install of a family there."""
    listed = folder / "requirements.in"
    listed.write_text("".join(f"{name}=={version}\n" for name, version in pins(family).items()))
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--python-version", "3.11"]
    if family == "openvino":
        platform = platform.replace("aarch64-unknown-linux-gnu", "aarch64-manylinux_2_35")
    command += ["--python-platform", platform, *options, str(listed)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(pin(line) for line in done.stdout.splitlines() if "==" in line and "#" not in line)


@pytest.mark.network
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_family_resolves(family, platform, tmp_path):
    assert pins(family).items() <= resolve(family, platform, tmp_path).items()


@pytest.mark.network
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_only_cuda_takes_packages_of_nvidia(family, platform, tmp_path):
    """By its own indices, of which pip takes the best version, and so a build +cpu before one without a suffix."""
    for index in indices(family):
        try:
            socket.create_connection((urlsplit(index).hostname, 443), timeout=10).close()
        except OSError as error:
            pytest.skip(f"{index} cannot be reached here: {error}")
    options = [option for index in indices(family) for option in ("--extra-index-url", index)]
    resolved = resolve(family, platform, tmp_path, *options, "--index-strategy", "unsafe-best-match")
    of_nvidia = {name for name in resolved if name.startswith(("nvidia-", "cuda-")) or name == "triton"}
    assert bool(of_nvidia) == (family == "cuda")


@pytest.mark.parametrize("family", FAMILIES)
def test_only_cuda_takes_pypis_torch(family):
    assert indices(family) == ([] if family == "cuda" else ["https://download.pytorch.org/whl/cpu"])


@pytest.mark.parametrize("family", FAMILIES)
def test_family_pins_what_venv_pins(family):
    differing = {name for name, version in pins(family).items() if requirements().get(name, version) != version}
    assert differing <= ({"torch"} if family == "npu" else set())


# ---- what steps import -----------------------------------------------------------------------------------

OF_ONE_FAMILY = {"quantize_modelslim.py": "quantize", "export_openvino.py": "openvino"}
# of rules whose conda is run_environment or calibrate_environment, the launchers before them included
ON_CARDS = [f"{name}.py" for name in (
    "accept_device", "calibrate", "check_environment", "launch", "measure_perf", "measure_rates", "measure_recipes",
    "measure_sensitivity", "on_cards", "profile_perf", "run_inference", "score_ceval", "serve",
)]  # fmt: skip


def steps_of(family: str) -> list[str]:
    """The scripts that run in a family."""
    alone = [script for script, only in OF_ONE_FAMILY.items() if only == family]
    everywhere = [path.name for path in SCRIPTS.glob("*.py") if path.name not in OF_ONE_FAMILY]
    return alone or (everywhere if family == "cpu" else ON_CARDS)


def imports_of(scripts: list[str]) -> set[str]:
    """The packages of others that scripts import as they start, by themselves or by modules of ours."""
    pending, seen, packages = [SCRIPTS / script for script in scripts], set(), set()
    while pending:
        file = pending.pop()
        if file in seen:
            continue
        seen.add(file)
        for name in {name for node in ast.parse(file.read_text()).body for name in code._names(node, file)}:
            parents = [SCRIPTS.joinpath(*name.split(".")[:depth]) for depth in range(1, name.count(".") + 2)]
            pending += [path for parent in parents for path in (parent.with_suffix(".py"), parent / "__init__.py")
                        if path.is_file()]  # fmt: skip
            packages.add(name.partition(".")[0])
    return packages - {"baichuan2"} - sys.stdlib_module_names


def brought_by(family: str) -> set[str]:
    """The packages of a family, and those that they require, as far as .venv has them."""
    pending, brought = list(pins(family)), set()
    while pending:
        name = canonicalize_name(pending.pop())
        with suppress(PackageNotFoundError):
            if name not in brought:
                wanted = map(Requirement, requires(name) or [])
                pending += [each.name for each in wanted if not each.marker or each.marker.evaluate({"extra": ""})]
        brought.add(name)
    return brought


@pytest.mark.parametrize("family", FAMILIES)
def test_family_has_what_its_steps_import(family):
    brought, of_modules = brought_by(family), packages_distributions()
    for name in imports_of(steps_of(family)):
        assert not brought.isdisjoint(map(canonicalize_name, of_modules[name])), name


def test_npu_pairs_torch_by_the_vendors_table():
    """That of envs/npu.yaml, and those that its comment names for older CANN."""
    assert pins("npu")["torch-npu"] in ascend_check.PAIRS["9.1"]
    assert ascend_check.numbers(pins("npu")["torch-npu"]) == pins("npu")["torch"]
    comment = (ENVS / "npu.yaml").read_text().partition("name:")[0]
    older = re.findall(r"(?:CANN )?(\d+\.\d+\.\w+) (\d\.\d\.\d) \+ ([\w.]*\w)", comment)
    assert len(older) == 3
    for cann, torch, torch_npu in older:
        assert torch_npu in ascend_check.PAIRS[ascend_check.major_minor(cann)]
        assert ascend_check.numbers(torch_npu) == torch


def test_fixed_versions():
    assert requirements()["torch"] == "2.13.0"
    assert requirements()["msmodelslim"] == "26.1.0"
    assert requirements()["transformers"].startswith("5.")


def test_a_snakemake_without_slurm_does_not_pay_for_it():
    """Snakemake imports every executor that is installed."""
    assert not [name for name in requirements() if name.startswith("snakemake-executor-plugin-")]
