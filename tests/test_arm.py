"""What an Arm machine runs, by emulation: the tests that need its processor, its instructions counted, its bytes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch

from baichuan2.devices import native
from helpers.models import ALIBI, ROPE
from helpers.projects import HELPERS, ROOT

HIDDEN = 5120  # 13B's
PATHS = [ROOT / "workflow" / "scripts", ROOT / "benchmarks", ROOT / "tests"]


@pytest.mark.parametrize("name", ["neon", "native", "screening"])
def test_the_tests_that_need_its_processor(arm64, tmp_path, name):
    """None is skipped, but those of what only x86 has."""
    done = arm64.python(
        "-m", "pytest", "--noconftest", "-p", "no:cacheprovider", "-rs", "--basetemp", tmp_path / "emulated",
        "-m", "not exhaustive", ROOT / "tests" / f"test_{name}.py", paths=PATHS, XDG_CACHE_HOME=str(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
    skipped = [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
    assert all("x86 alone" in line for line in skipped), skipped


@pytest.fixture(scope="module")
def program(arm64, tmp_path_factory):
    """count_linear.c, compiled as native.c is."""
    made = tmp_path_factory.mktemp("count") / "count"
    flags = [flag for flag in native.FLAGS["aarch64"] if flag not in ("-shared", "-fPIC")]
    arm64.compile(HELPERS / "count_linear.c", made, *flags, "-static", f'-DNATIVE="{native.SOURCE}"', "-lm")
    return made


@pytest.mark.parametrize(
    ("dtype", "rows", "most"),
    [
        *((torch.int8, rows, most) for rows, most in ((1, 0.2), (4, 0.1), (8, 0.1))),
        *((torch.bfloat16, rows, most) for rows, most in ((1, 0.75), (4, 0.5))),
        *((torch.float32, rows, most) for rows, most in ((1, 0.5), (4, 0.4))),
    ],
)
def test_instructions_a_multiplication(arm64, program, dtype, rows, most):
    outputs, kind = 512, native.KINDS[dtype]
    once, twice = (arm64.instructions(program, kind, rows, HIDDEN, outputs, calls) for calls in (1, 2))
    at_once = 16 if dtype == torch.int8 else 4  # multiplications of an instruction
    assert 1 / at_once < (twice - once) / (rows * HIDDEN * outputs) < most


@pytest.mark.parametrize("config", [ALIBI, ROPE], ids=["alibi", "rope"])
def test_the_same_bytes_as_on_x86(arm64, make_model, tmp_path, config):
    """Of a calibration, and of artefacts of both schemes."""
    arguments = ["-m", "helpers.artefact_of", make_model(config)]
    paths = os.pathsep.join(map(str, PATHS))
    here = subprocess.run(
        [sys.executable, *arguments, tmp_path / "here"], env=os.environ | {"PYTHONPATH": paths}, capture_output=True,
        text=True,
    )  # fmt: skip
    there = arm64.python(*arguments, tmp_path / "there", paths=PATHS, XDG_CACHE_HOME=str(tmp_path))
    assert (here.returncode, there.returncode) == (0, 0), here.stderr + there.stderr
    files = [
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("here", "there")
    ]
    assert len(files[0]) > 10
    assert [name for name in files[0] if files[0][name] != files[1].get(name)] == []
