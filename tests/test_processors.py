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
AVX512 = {"avx512bw", "avx512vl", "avx512dq"}
# {what oneDNN may use: (flags of a processor that has VNNI there, flags of one that packs bfloat16 there)}
ISAS = {
    "AVX2": (None, None),
    "AVX512_CORE": (None, AVX512),
    "AVX2_VNNI": ({"avx_vnni"}, None),
    "AVX512_CORE_VNNI": ({"avx512_vnni"}, AVX512),
}
TESTS = ROOT / "tests"


def run(isa: str, *command: str) -> subprocess.CompletedProcess:
    """Python on such a processor: without a compiler there is no native.c, which needs AVX512 with VNNI."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment |= {"ONEDNN_MAX_CPU_ISA": isa, "CC": "/nowhere/cc"}
    environment["PYTHONPATH"] = os.pathsep.join(map(str, (ROOT / "workflow" / "scripts", TESTS)))
    return subprocess.run([sys.executable, *command], env=environment, cwd=ROOT, capture_output=True, text=True)


ASK = """
import json, logging, sys
import torch
from baichuan2.devices.cpu import CpuDevice
from baichuan2.devices.environment_check import computed_dtype
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.model.sizes import SHAPES
from helpers.models import ALIBI
logging.basicConfig(level="INFO", stream=sys.stderr, format="%(message)s")
SHAPES["tiny"] = ALIBI
device, dtypes, differences, IDS = CpuDevice(), {}, {}, [5 + (7 * k) % 300 for k in range(40)]
for requested in ("float32", "bfloat16", "float16", "auto"):
    for quant in (None, "w8a8"):
        with open_engine(Settings("cpu", requested, 64), "random:tiny", quant) as engine:
            tokens = engine.generate([[7, 8, 9]], 4, stop_ids=())[0]
            dtypes[f"{requested} {quant}"] = engine.environment()["dtype"], tokens
            assert computed_dtype("cpu", requested, ALIBI.dtype) == engine.environment()["dtype"]
            if requested == "float32":
                logits = engine.prefill(engine.cache_for(1, 64), [IDS])
                differences[quant] = (logits - torch.tensor(engine.score_exactly([IDS]))).abs().max().item()
print(json.dumps({"largest_u8": device.largest_u8, "dtypes": dtypes, "differences": differences}))
"""


@pytest.mark.parametrize("isa", sampled(ISAS, "AVX2"))
def test_an_engine_of_every_dtype_runs_and_logs_what_it_takes(isa):
    has_vnni, packs_bfloat16 = (needs is not None and needs <= FLAGS for needs in ISAS[isa])
    done = run(isa, "-c", ASK)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["largest_u8"] == (255 if has_vnni else 128)
    assert answer["differences"]["null"] < 1e-4
    assert answer["differences"]["w8a8"] < 0.05
    assert ("no VNNI: W8A8 goes through oneDNN in two halves" in done.stderr) == (not has_vnni)
    assert ("oneDNN has no bfloat16 for this CPU: computing in float32" in done.stderr) == (not packs_bfloat16)
    for form in ("None", "w8a8"):
        full = answer["dtypes"][f"float32 {form}"]
        assert full[0] == "float32"
        for requested in ("bfloat16", "float16"):
            dtype, tokens = answer["dtypes"][f"{requested} {form}"]
            assert dtype == ("bfloat16" if packs_bfloat16 else "float32")
            assert len(tokens) == 4
            assert packs_bfloat16 or tokens == full[1]


@pytest.mark.parametrize("isa", sampled(ISAS, "AVX2"))
def test_w8a8_is_int64s(isa):
    """Sums of the widest layers, of some of their outputs, and of the dynamic scheme, in each of its paths."""
    files = [str(TESTS / f"test_{name}.py") for name in ("w8a8", "dynamic")]
    names = "sums_of_the_widest_layers or every_cpu_path"
    passed(run(isa, "-m", "pytest", "-p", "no:cacheprovider", *files, "-k", names, "-m", "not exhaustive"))


@pytest.mark.exhaustive
@pytest.mark.parametrize("isa", ISAS)
def test_every_test_of_w8a8_passes(isa):
    """Of every output, of artefacts by both engines, of cut models and of the demo; and what memory is promised."""
    files = [str(TESTS / f"test_{name}.py") for name in ("w8a8", "dynamic", "exact", "check")]
    names = "test_w8a8 or test_dynamic or int8_head or takes_what_was_promised"
    passed(run(isa, "-m", "pytest", "-p", "no:cacheprovider", *files, "-k", names, "-m", "not workflow"))


def passed(done: subprocess.CompletedProcess) -> None:
    assert done.returncode == 0, done.stdout[-4000:]
