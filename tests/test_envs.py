"""The environments: conda families and .venv pin the same versions, and pip's packages resolve together."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from baichuan2.devices import ascend_check
from helpers.projects import ROOT

ENVS = ROOT / "envs"
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
