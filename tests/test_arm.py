"""What an Arm machine runs, by emulation: the tests that need its processor, and its instructions counted."""

from __future__ import annotations

import pytest

from baichuan2.devices import neon
from helpers.projects import HELPERS, ROOT

HIDDEN = 5120  # 13B's


def test_int8_linears(arm64, tmp_path):
    """tests/test_neon.py there: none is skipped."""
    done = arm64.python(
        "-m", "pytest", "--noconftest", "-p", "no:cacheprovider", "--basetemp", tmp_path / "emulated",
        ROOT / "tests" / "test_neon.py",
        paths=[ROOT / "workflow" / "scripts", ROOT / "benchmarks", ROOT / "tests"], XDG_CACHE_HOME=str(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


@pytest.fixture(scope="module")
def program(arm64, tmp_path_factory):
    """count_int8_linear.c, compiled as neon.c is."""
    made = tmp_path_factory.mktemp("count") / "count"
    flags = [flag for flag in neon.FLAGS if flag not in ("-shared", "-fPIC")]
    arm64.compile(HELPERS / "count_int8_linear.c", made, *flags, "-static", f'-DNEON="{neon.SOURCE}"')
    return made


@pytest.mark.parametrize(("rows", "most"), [(1, 0.2), (4, 0.1), (8, 0.1)])
def test_instructions_a_multiplication(arm64, program, rows, most):
    outputs = 512
    once, twice = (arm64.instructions(program, rows, HIDDEN, outputs, calls) for calls in (1, 2))
    assert 1 / 16 < (twice - once) / (rows * HIDDEN * outputs) < most  # sdot multiplies 16
