"""The engine on x86 processors that lack instructions of this one: oneDNN, torch and MKL are told to use no more."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from baichuan2 import host
from helpers import artefact_of, processors
from helpers.models import ALIBI, ROPE
from helpers.projects import ROOT
from helpers.tiers import sampled

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="ONEDNN_MAX_CPU_ISA is of x86 alone")
TESTS = ROOT / "tests"


@dataclass(frozen=True)
class Isa:
    """What torch and MKL may use beside what oneDNN may; a flag that this processor must have; those to be hidden."""

    torch: str
    mkl: str
    needs: str
    lacks: str


# {what oneDNN may use: ...}
ISAS = {
    "AVX2": Isa("avx2", "AVX2", "avx2", r"avx512\w+|avx_\w+|amx_\w+"),
    "AVX512_CORE": Isa("avx512", "AVX512", "avx512f", r"avx512_\w+|avx_\w+|amx_\w+"),
    "AVX2_VNNI": Isa("avx2", "AVX2", "avx_vnni", r"avx512\w+|avx_(?!vnni\b)\w+|amx_\w+"),
    "AVX512_CORE_VNNI": Isa("avx512", "AVX512", "avx512_vnni", r"avx512_(bf|fp)16|avx_\w+|amx_\w+"),
}
LEAST = {"SSE41": Isa("default", "COMPATIBLE", "sse4_1", r"avx\w*|amx_\w+")}
HERE = "here"  # all that this processor has
WITH_COMPILER = {"CC": os.environ.get("CC", "cc")}  # for a process that is told the flags of such a processor


def run(isa: str, *command: object, **variables: str) -> subprocess.CompletedProcess:
    """Python on such a processor: without a compiler there is no native.c, which needs AVX512 with VNNI."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment["PYTHONPATH"] = os.pathsep.join(map(str, (ROOT / "workflow" / "scripts", ROOT / "benchmarks", TESTS)))
    if isa != HERE:
        told = (ISAS | LEAST)[isa]
        if told.needs not in host.cpu_flags():
            pytest.skip(f"this CPU has no {told.needs} itself")
        environment |= {"ONEDNN_MAX_CPU_ISA": isa, "ATEN_CPU_CAPABILITY": told.torch, "MKL_CBWR": told.mkl}
        environment |= {"CC": "/nowhere/cc"}
    command = [sys.executable, *map(str, command)]
    return subprocess.run(command, env=environment | variables, cwd=ROOT, capture_output=True, text=True)


def run_tests(isa: str, files: tuple[str, ...], names: str, marks: str) -> None:
    """Run these tests of tests/test_<file>.py on such a processor; all must pass."""
    paths = [TESTS / f"test_{name}.py" for name in files]
    done = run(isa, "-m", "pytest", "-p", "no:cacheprovider", *paths, "-k", names, "-m", marks)
    assert done.returncode == 0, done.stdout[-4000:]


def cpuinfo(isa: str, folder: Path) -> Path:
    """What Linux says of this processor, or would of such a one."""
    if isa == HERE:
        return host.CPUINFO
    path = folder / "cpuinfo"
    path.write_text(re.sub(rf"\b({ISAS[isa].lacks})\b", "", host.CPUINFO.read_text(encoding="utf-8")))
    return path


@pytest.fixture
def record(isa, record_property) -> processors.Record:
    """record(column, text) of the processor's row."""
    return processors.recorder(record_property, processors.here() if isa == HERE else isa)


@pytest.mark.parametrize("isa", sampled([*ISAS, HERE], "AVX2"))
def test_an_engine_of_every_dtype_runs_and_logs_what_it_takes(isa, tmp_path, record):
    done = run(isa, "-m", "helpers.engine_of", cpuinfo(isa, tmp_path), **WITH_COMPILER)
    assert done.returncode == 0, done.stderr
    processors.check_engine(done.stdout, record)
    if isa != HERE:
        no_vnni = "no VNNI: W8A8 goes through oneDNN in two halves" in done.stderr
        assert no_vnni == (not isa.endswith("VNNI"))
        assert "no bfloat16 products: several rows go in float32" in done.stderr


@pytest.mark.parametrize("isa", sampled([*ISAS, HERE], "AVX2"))
def test_w8a8_is_int64s(isa, record):
    """Sums of the widest layers, of some of their outputs, and of the dynamic scheme, in each of its paths."""
    run_tests(isa, ("w8a8", "dynamic"), "sums_of_the_widest_layers or every_cpu_path", "not exhaustive")
    record(processors.SUMS, "int64's")


@pytest.mark.exhaustive
def test_every_test_of_w8a8_passes_without_vnni():
    """Of every output, of artefacts by both engines, of cut models and of the demo; and what memory is promised."""
    names = "test_w8a8 or test_dynamic or int8_head or takes_what_was_promised"
    run_tests("AVX512_CORE", ("w8a8", "dynamic", "exact", "check"), names, "not workflow")


@pytest.fixture(scope="module")
def made_here(make_model, tmp_path_factory) -> tuple[Path, dict[Path, str]]:
    """(what this processor makes of some models, {model: the folder of it therein})."""
    out = tmp_path_factory.mktemp("here")
    models = {make_model(config): config.position_embedding for config in (ALIBI, ROPE)}
    for model, name in models.items():
        artefact_of.main(model, out / name)
    return out, models


@pytest.mark.parametrize("isa", sampled([*LEAST, *ISAS], *LEAST))
def test_the_same_bytes(isa, made_here, tmp_path, record, record_property):
    """Of calibrations, and of artefacts of both schemes."""
    here, models = made_here
    arguments = [path for model, name in models.items() for path in (model, tmp_path / name)]
    done = run(isa, "-m", "helpers.artefact_of", *arguments)
    assert done.returncode == 0, done.stderr
    assert artefact_of.differing(here, tmp_path) == []
    record(processors.BYTES, "the same")
    processors.recorder(record_property, processors.here())(processors.BYTES, "what the others are held against")


@pytest.mark.exhaustive
@pytest.mark.parametrize("isa", [*ISAS, HERE])
def test_the_demos_exam(isa, demos_exam, tmp_path, record):
    """Every answer of the demo is this processor's own."""
    arguments = cpuinfo(isa, tmp_path), demos_exam.model, demos_exam.quant
    done = run(isa, "-m", "helpers.exam_of", *arguments, **WITH_COMPILER)
    assert done.returncode == 0, done.stderr
    processors.check_exam(done.stdout, demos_exam.answers, record)
