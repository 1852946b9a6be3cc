"""The engine on x86 processors that lack instructions of this one: oneDNN is told so, and nothing is compiled."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys

import pytest

from baichuan2 import host
from helpers.projects import ROOT
from helpers.tiers import sampled

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="ONEDNN_MAX_CPU_ISA is of x86 alone")
FLAGS = host.cpu_flags()
# {what oneDNN may use: (a flag of processors that have VNNI then, one of those that have bfloat16, what torch uses)}
ISAS = {
    "AVX2": (None, None, "avx2"),
    "AVX512_CORE": (None, "avx512_bf16", "avx512"),
    "AVX2_VNNI": ("avx_vnni", None, "avx2"),
    "AVX512_CORE_VNNI": ("avx512_vnni", "avx512_bf16", "avx512"),
}
# of the largest logit; in W8A8 an activation that rounds the other way moves all logits by a step of its scale
BOUNDS = {
    ("float32", "float"): 1e-5, ("float32", "w8a8"): 0.03, ("bfloat16", "float"): 0.03, ("bfloat16", "w8a8"): 0.15,
}  # fmt: skip
TESTS = ROOT / "tests"


def run(isa: str, *command: str) -> subprocess.CompletedProcess:
    """Python on such a processor: without a compiler there is no native.c, which needs AVX512 with VNNI."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment |= {"ONEDNN_MAX_CPU_ISA": isa, "ATEN_CPU_CAPABILITY": ISAS[isa][2], "CC": "/nowhere/cc"}
    environment["PYTHONPATH"] = os.pathsep.join(map(str, (ROOT / "workflow" / "scripts", ROOT / "benchmarks", TESTS)))
    return subprocess.run([sys.executable, *command], env=environment, cwd=ROOT, capture_output=True, text=True)


ASK = """
import json, logging, sys
import torch
from baichuan2.devices.cpu import CpuDevice
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.model.sizes import SHAPES
from helpers.models import ALIBI
logging.basicConfig(level="INFO", stream=sys.stderr, format="%(message)s")
SHAPES["tiny"] = ALIBI
prompt, rows = [5 + (7 * k) % 300 for k in range(40)], {}
for dtype in ("float32", "bfloat16", "float16", "auto"):
    for quant in (None, "w8a8"):
        with open_engine(Settings("cpu", dtype, 64), "random:tiny", quant) as engine:
            exact = torch.tensor(engine.score_exactly([prompt]))
            cache = engine.cache_for(1, 64)
            errors = [engine.prefill(cache, [prompt]) - exact]
            engine.prefill(cache, [prompt[:-1]])
            decoder = engine.model.decoder(cache, [39])
            decoder.prepare()
            errors.append(decoder.step(prompt[-1:]) - exact)
            error = max(part.abs().max().item() for part in errors) / exact.abs().max().item()
            rows[f"{dtype} {engine.precision}"] = engine.environment()["dtype"], error
print(json.dumps({"largest_u8": CpuDevice().largest_u8, "rows": rows}))
"""


@pytest.mark.parametrize("isa", sampled(ISAS, "AVX2"))
def test_an_engine_of_every_dtype_runs_and_logs_what_it_takes(isa):
    has_vnni, has_bfloat16 = (flag in FLAGS for flag in ISAS[isa][:2])
    done = run(isa, "-c", ASK)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["largest_u8"] == (255 if has_vnni else 128)
    assert ("no VNNI: W8A8 goes through oneDNN in two halves" in done.stderr) == (not has_vnni)
    assert ("no bfloat16 products: several rows go in float32" in done.stderr) == (not has_bfloat16)
    for name, (dtype, error) in answer["rows"].items():
        requested, precision = name.split()
        assert dtype == ("float32" if requested in ("float32", "auto") else "bfloat16")
        assert error < BOUNDS[dtype, precision], name


@pytest.mark.parametrize("isa", sampled(ISAS, "AVX2"))
def test_w8a8_is_int64s(isa):
    """Sums of the widest layers, of some of their outputs, and of the dynamic scheme, in each of its paths."""
    files = [str(TESTS / f"test_{name}.py") for name in ("w8a8", "dynamic")]
    names = "sums_of_the_widest_layers or every_cpu_path"
    passed(run(isa, "-m", "pytest", "-p", "no:cacheprovider", *files, "-k", names, "-m", "not exhaustive"))


@pytest.mark.exhaustive
def test_every_test_of_w8a8_passes_without_vnni():
    """Of every output, of artefacts by both engines, of cut models and of the demo; and what memory is promised."""
    files = [str(TESTS / f"test_{name}.py") for name in ("w8a8", "dynamic", "exact", "check")]
    names = "test_w8a8 or test_dynamic or int8_head or takes_what_was_promised"
    passed(run("AVX512_CORE", "-m", "pytest", "-p", "no:cacheprovider", *files, "-k", names, "-m", "not workflow"))


def passed(done: subprocess.CompletedProcess) -> None:
    assert done.returncode == 0, done.stdout[-4000:]
