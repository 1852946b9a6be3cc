"""What an Arm machine runs, by emulation: the tests that need its processor, its instructions counted, its bytes."""

from __future__ import annotations

import pytest
import torch

from baichuan2 import host
from baichuan2.devices import native
from helpers import artefact_of, processors
from helpers.models import ALIBI, ROPE
from helpers.projects import HELPERS, ROOT

HIDDEN = 5120  # 13B's
PATHS = [ROOT / "workflow" / "scripts", ROOT / "benchmarks", ROOT / "tests"]
SUBJECTS = ("law", "logic")  # of the demo's exam


@pytest.fixture
def record(record_property) -> processors.Record:
    """record(column, text) of Arm's row."""
    return processors.recorder(record_property, "ARM")


@pytest.mark.parametrize("name", ["neon", "native", "screening"])
def test_the_tests_that_need_its_processor(arm64, tmp_path, name, record):
    """None is skipped, but those of what only x86 has."""
    done = arm64.python(
        "-m", "pytest", "--noconftest", "-p", "no:cacheprovider", "-rs", "--basetemp", tmp_path / "emulated",
        "-m", "not exhaustive", ROOT / "tests" / f"test_{name}.py", paths=PATHS, XDG_CACHE_HOME=str(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
    skipped = [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
    assert all("x86 alone" in line for line in skipped), skipped
    if name == "neon":
        record(processors.SUMS, "int64's")


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
    """Of more outputs: what a call does to its rows once is little beside as many as 13B's layers have."""
    fewer, more = 512, 1024
    counts = [arm64.instructions(program, native.KINDS[dtype], rows, HIDDEN, outputs) for outputs in (fewer, more)]
    at_once = 16 if dtype == torch.int8 else 4  # multiplications of an instruction
    assert 1 / at_once < (counts[1] - counts[0]) / (rows * HIDDEN * (more - fewer)) < most


def test_an_engine_of_every_dtype(arm64, tmp_path, record):
    done = arm64.python("-m", "helpers.engine_of", host.CPUINFO, paths=PATHS, XDG_CACHE_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    processors.check_engine(done.stdout, record)


def test_the_same_bytes_as_on_x86(arm64, make_model, tmp_path, record):
    """Of calibrations, and of artefacts of both schemes."""
    here, there, arguments = tmp_path / "here", tmp_path / "there", []
    for config in (ALIBI, ROPE):
        model, name = make_model(config), config.position_embedding
        artefact_of.main(model, here / name)
        arguments += [model, there / name]
    done = arm64.python("-m", "helpers.artefact_of", *arguments, paths=PATHS, XDG_CACHE_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert artefact_of.differing(here, there) == []
    record(processors.BYTES, "the same")


def test_the_demos_answers(arm64, demos_exam, tmp_path, record):
    """Of two subjects: emulation takes its time."""
    arguments = ["-m", "helpers.exam_of", host.CPUINFO, demos_exam.model, demos_exam.quant, *SUBJECTS]
    done = arm64.python(*arguments, paths=PATHS, XDG_CACHE_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    processors.check_exam(done.stdout, demos_exam.answers, record)
