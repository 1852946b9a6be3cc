"""The Ascend path, by torch_npu's own code on a fake CANN (fake_cann): numbers, operators, mistakes."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import torch
import yaml

from baichuan2.acceptance.model import SMALL, random_engine
from baichuan2.devices import open_device
from baichuan2.devices.ascend import UNKNOWN, soc_of
from baichuan2.integrity import check_files
from helpers import ascend_bytes, ascend_operators
from helpers.projects import HELPERS, ROOT, copy_project, snakemake

HERE = Path(__file__).parent
A2, A3, DUO, OTHER = "Ascend910B4", "Ascend910_9391", "Ascend310P3", "Ascend910A"
# Largest difference from the CPU's float32, relative to the largest logit. Random weights of int8 saturate their
# inputs, and an input that rounds the other way is a whole step; the CPU's own bfloat16 is as far away.
BOUNDS = {
    ("float", "float16"): 3e-3,
    ("float", "bfloat16"): 2e-2,
    ("w8a8", "float16"): 0.15,
    ("w8a8", "bfloat16"): 0.15,
    ("dynamic", "float16"): 0.04,
    ("dynamic", "bfloat16"): 0.05,
}


def run(environment: dict[str, str], script: str, *arguments: object) -> subprocess.CompletedProcess:
    """A script on the fake card, which must end well and leave nothing to the CPU."""
    command = [sys.executable, HELPERS / script, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    assert_on_the_card(done.stderr)
    return done


def assert_on_the_card(log: str) -> None:
    for words in ("fall back to run on the CPU", "no reference for", "refused its arguments"):
        assert words not in log, log[max(0, log.index(words) - 500) :][:1000]


@pytest.fixture(scope="module")
def probe(fake_cards, tmp_path_factory):
    """probe(soc, queue) is what npu_probe.py found."""

    @cache
    def found(soc: str, queue: str) -> dict:
        out = tmp_path_factory.mktemp("probe") / "found.pt"
        run(fake_cards(soc, TASK_QUEUE_ENABLE=queue), "npu_probe.py", out)
        return torch.load(out, weights_only=True)

    return found


@pytest.mark.parametrize(
    ("soc", "queue"),
    [
        (A2, "0"),
        pytest.param(A2, "1", marks=pytest.mark.short),
        (DUO, "0"),
        pytest.param(DUO, "1", marks=pytest.mark.short),
        (OTHER, "1"),
        pytest.param(A3, "1", marks=pytest.mark.exhaustive),
    ],
)
def test_agrees_with_the_cpu(probe, soc, queue, record_property):
    """Prefill and decode of every case of npu_probe.py."""
    found = probe(soc, queue)
    assert len(found) == {A2: 40, A3: 40, DUO: 16, OTHER: 8}[soc] + (2 if (soc, queue) == (A2, "0") else 0)
    for case, parts in found.items():
        _, precision, dtype, *_ = case.split()
        if case.endswith("packed") and precision == "float":
            assert parts["npu answers"] == parts["cpu answers"], case
        for step, (npu, cpu) in enumerate(zip(parts["npu"], parts["cpu"], strict=True)):
            difference = ((npu - cpu).abs().max() / cpu.abs().max()).item()
            assert difference < BOUNDS[precision, dtype], (case, step)
            record_property(f"{soc}, {case}, step {step}: relative difference", difference)


@pytest.mark.parametrize("precision", ["float", "w8a8"])
@pytest.mark.parametrize("soc", [A2, DUO])
def test_operators_are_these(probe, soc, precision):
    parts = probe(soc, "0")[f"13b {precision} float16 1"]
    for part in ("prefill", "decode"):
        of_layer = {index: [name for at, name in parts[part] if at == index] for index in (None, 0, 1, 2)}
        expected = [name for name, _ in ascend_operators.LAYERS[soc, precision, part]]
        assert of_layer[1] == of_layer[2] == expected
        assert of_layer[0] == ascend_operators.first_layer(soc, precision, part)
        assert of_layer[None] == ascend_operators.around(soc, part)


def test_a_layer_of_w8a8_decode_is_twelve_operators(probe):
    decode = probe(A2, "0")["13b w8a8 float16 1"]["decode"]
    assert sum(layer == 1 for layer, _ in decode) == 12


@pytest.mark.parametrize("queue", ["0", "1"])
@pytest.mark.parametrize("soc", [A2, DUO])
def test_a_decode_step_copies_the_token_alone(probe, soc, queue):
    for case, parts in probe(soc, queue).items():
        if not case.endswith(("captured", "packed")):
            copies = {"host to host": 0, "host to device": 1, "device to host": 1, "device to device": 0}
            assert parts["decode copies"] == copies, case


def test_operators_are_documented(request):
    path = request.config.getoption("--operators")
    if path:
        Path(path).write_text(ascend_operators.document(), encoding="utf-8")
    assert (ROOT / "docs" / "generated" / "operators.md").read_text(encoding="utf-8") == ascend_operators.document()


@pytest.fixture(scope="module")
def moved(fake_cards) -> list[dict]:
    """What npu_bytes.py counted on each chip."""
    return [
        json.loads(line)
        for soc in (A2, DUO)
        for line in run(
            fake_cards(soc, TASK_QUEUE_ENABLE="0", FAKE_NPU_SIZES="1"), "npu_bytes.py"
        ).stdout.splitlines()
        if line.startswith("{")
    ]


def test_bytes_are_documented(moved, request):
    path = request.config.getoption("--bytes")
    if path:
        Path(path).write_text(ascend_bytes.document(moved), encoding="utf-8")
    assert (ROOT / "docs" / "generated" / "bytes.md").read_text(encoding="utf-8") == ascend_bytes.document(moved)


def test_decode_moves_little_more_than_the_least(moved):
    for record in moved:
        assert not record["step"].startswith("decode") or 1 <= ascend_bytes.ratio(record) <= 1.1, record


def test_documented_tests_are_there():
    named = re.findall(r"tests/(test_\w+)\.py::(\w+)", (ROOT / "docs" / "ascend.md").read_text(encoding="utf-8"))
    assert len(named) > 10
    for file, name in named:
        assert f"def {name}(" in (HERE / f"{file}.py").read_text(encoding="utf-8"), (file, name)


def test_published_sizes_pass_the_checks_of_shapes(fake_cards):
    """Both models, float and W8A8, 1 to 8 ranks, float16 and bfloat16, prefill and decode."""
    lines = run(fake_cards(), "npu_shapes.py").stdout.splitlines()
    found = [json.loads(line) for line in lines if line.startswith("{")]
    assert len(found) == 32
    assert all(line["logits"] == [[2, 125696]] * 2 for line in found)


# ---- mistakes --------------------------------------------------------------------------------------------------

GOOD = """
torch.npu.set_compile_mode(jit_compile=False)
x = torch.ones(4, 64).half().npu()
scale, zero = torch.ones(1).half().npu(), torch.zeros(1).half().npu()
q = torch.ones(4, 64, dtype=torch.int8).npu()
weight = torch.ones(64, 96, dtype=torch.int8).npu()
deq = torch.ones(96).npu()
packed = torch_npu.npu_trans_quant_param(deq)
bias = torch.ones(96, dtype=torch.int32).npu()
keys = torch.ones(2, 4, 32, 16).half().npu()
product = lambda **changed: torch_npu.npu_quant_matmul(
    *({"q": q, "weight": weight, "deq": packed} | changed).values(), bias=bias, output_dtype=torch.float16)
attend = lambda q=keys[:, :, :1].contiguous(), k=keys, **more: torch_npu.npu_fused_infer_attention_score(
    q, k, keys, num_heads=4, num_key_value_heads=4, scale=0.25, input_layout="BNSD", **more)
"""
MISTAKES = {
    "scale of another dtype than x": "torch_npu.npu_quantize(x, torch.ones(1).npu(), None, torch.qint8, -1, False)",
    "deq_scale in float16": "torch_npu.npu_trans_quant_param(deq.half())",
    "packed deq_scale for bfloat16": "torch_npu.npu_quant_matmul(q, weight, packed, output_dtype=torch.bfloat16)",
    "weight on the CPU": "product(weight=weight.cpu())",
    "weight as [O, I]": "product(weight=weight.t().contiguous())",
    "x not quantized": "product(q=x)",
    "deq_scale of other outputs": "product(deq=torch_npu.npu_trans_quant_param(torch.ones(95).npu()))",
    "keys that are a strided view": "attend(k=keys[:, :, :16])",
    "a query that is a strided view": "attend(q=torch.ones(2, 1, 4, 32).half().npu().transpose(1, 2)[..., :16])",
    "pse_shift in float32": "attend(pse_shift=torch.zeros(1, 4, 1, 32).npu())",
    "pse_shift of one head": "attend(pse_shift=torch.zeros(1, 1, 1, 32).half().npu())",
    "pse_shift of fewer keys": "attend(pse_shift=torch.zeros(1, 4, 1, 16).half().npu())",
    "a length over the cache": "attend(actual_seq_lengths_kv=[33, 1])",
    "an index over the cache": "torch_npu.scatter_update_(keys, torch.tensor([3, 32]).npu(), keys[:, :, :1], -2)",
    "an operator without a reference": "x.erfinv()",
}


def attempt(environment: dict[str, str], line: str, before: str = GOOD) -> subprocess.CompletedProcess:
    program = f"import torch, torch_npu\n{before}\n{line}\ntorch.npu.synchronize()\n"
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=120
    )


def refusals(lines: dict[str, str]) -> str:
    """A program that prints which of the lines are refused; the fake card goes on after an error."""
    listed = "\n".join(f"    ({name!r}, lambda: {line})," for name, line in lines.items())
    return f"""
refused = []
for name, line in [
{listed}
]:
    try:
        line()
        torch.npu.synchronize()
    except (RuntimeError, NotImplementedError, TypeError, ValueError):
        refused.append(name)
print("refused:", *refused, sep="\\n")
"""


def test_mistakes_are_caught(fake_cards):
    """And what is right goes on behind them."""
    right = """
product(), attend(), attend(actual_seq_lengths_kv=[32, 1], pse_shift=torch.zeros(1, 4, 1, 32).half().npu())
torch_npu.npu_quantize(x, scale, zero, torch.qint8, -1, False)
"""
    done = attempt(fake_cards(TASK_QUEUE_ENABLE="0"), refusals(MISTAKES) + right)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split("refused:\n")[1].splitlines() == list(MISTAKES)


LACKING_ON_310P = {
    "the fused attention": "attend()",
    "scatter_update_": "torch_npu.scatter_update_(keys, torch.tensor([3, 3]).npu(), keys[:, :, :1], -2)",
    "index_put_": "keys.__setitem__((slice(None), slice(None), torch.tensor([1, 2]).npu()), keys[:, :, :2])",
}


@pytest.mark.parametrize(("soc", "refused"), [(DUO, list(LACKING_ON_310P)), (A2, [])])
def test_the_310p_lacks_what_it_lacks(fake_cards, soc, refused):
    """And 910B has it: a test of the fake chip itself."""
    done = attempt(fake_cards(soc, TASK_QUEUE_ENABLE="0"), refusals(LACKING_ON_310P))
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split("refused:\n")[1].splitlines() == refused
    assert done.stderr.count(f"is not there on {soc}") == len(refused)


def test_chips_are_known_by_their_names():
    assert [soc_of(name).name for name in ("Ascend910B4", "Ascend910B2C", "Ascend910_9391", "Ascend310P3")] == [
        "Ascend910B", "Ascend910B", "Ascend910_93", "Ascend310P",
    ]  # fmt: skip
    assert soc_of("Ascend910B") is soc_of("Ascend910A") is soc_of("Ascend950PR") is UNKNOWN


# ---- what a chip does by its documents, and what the engine makes of it ---------------------------------------

CHIP = """
import json
from baichuan2.devices import open_device
from baichuan2.errors import UserError
from baichuan2.w8a8.arithmetic import folded

def refused(action):
    try:
        action()
    except (RuntimeError, NotImplementedError, UserError) as error:
        return str(error).splitlines()[0]

facts = {}
x = torch.ones(16, 16).half().npu()
facts["just in time"] = not torch.npu.is_jit_compile_false()
facts["before the engine"] = refused(lambda: torch.npu.synchronize((x @ x).device))
device = open_device("npu")
facts["after it"] = refused(lambda: torch.npu.synchronize((x @ x).device))
facts["beyond float16"] = ((300 * x) * (300 * x))[0, 0].item()
fine = torch.full((16, 16), 1 + 2**-12).npu()
facts["float32 digits"] = (fine @ torch.eye(16).npu())[0, 0].item() != 1
facts["float32"] = refused(lambda: device.dtype("float32", "float32"))
facts["bfloat16"] = str(device.dtype("auto", "bfloat16"))
torch.manual_seed(0)
a, b, gamma = torch.randn(64, 512).half(), torch.randn(64, 512).half(), torch.rand(512).half()
result = torch_npu.npu_add_rms_norm(a.npu(), b.npu(), gamma.npu(), 1e-6)[0].cpu()

def norm(total, dtype):
    scaled = total * torch.rsqrt(total.square().mean(-1, keepdim=True) + 1e-6)
    return (scaled.to(dtype).float() * gamma.float()).half()

facts["norm in steps"] = torch.equal(result, norm((a + b).float(), torch.float16))
facts["norm at once"] = torch.equal(result, norm(a.float() + b.float(), torch.float32))
weight = torch.randint(-127, 128, (32, 64), dtype=torch.int8)
layer = folded(weight, torch.rand(32, 1), torch.tensor([0.03]), torch.tensor([3.0]))
facts["int8"] = refused(lambda: device.int8_linear(layer, torch.float16)(torch.ones(2, 64).half().npu()).cpu())
facts["int8 head"] = refused(
    lambda: device.int8_weight_linear(weight, torch.rand(32, 1))(torch.ones(2, 64).half().npu()).cpu())
print(json.dumps(facts))
"""


@pytest.mark.parametrize("soc", [A2, A3, DUO, OTHER])
def test_each_chip_does_what_its_documents_say_and_the_engine_knows(fake_cards, soc):
    done = attempt(fake_cards(soc, TASK_QUEUE_ENABLE="0"), CHIP, before="")
    assert done.returncode == 0, done.stderr[-3000:]
    facts = json.loads(done.stdout)
    new = soc in (A2, A3)
    expected = {"just in time": not new, "float32 digits": new, "norm in steps": new, "norm at once": not new}
    assert {name: facts[name] for name in expected} == expected
    assert ("MatMul" in (facts["before the engine"] or "")) != new
    assert facts["after it"] is None
    assert facts["beyond float16"] == (float("inf") if new else 65504)
    assert facts["bfloat16"] == ("torch.bfloat16" if new else "torch.float16")
    assert (facts["float32"] is None) == new
    if not new:
        assert f"engine.dtype: float32: {soc} multiplies in float16 alone" in facts["float32"]
    assert (facts["int8"] is facts["int8 head"] is None) == (soc != OTHER)
    if soc == OTHER:
        assert "has no int8 product" in facts["int8"]
        assert "engine.head: int8: Ascend910A has no product" in facts["int8 head"]


LINEARS = """
import json
from baichuan2.devices import open_device
from baichuan2.w8a8.arithmetic import activation_parameters, folded, quantize_weight

device = open_device("npu")
torch.manual_seed(0)
gains = {}
for dtype in (torch.float16, torch.bfloat16)[: 1 + torch.npu.is_bf16_supported()]:
    for _ in range(8):
        x, high = torch.randn(1024, 512).to(dtype), 6 + torch.rand(1)
        weight, scale = quantize_weight(0.02 * torch.randn(96, 512))
        layer = folded(weight, scale, *activation_parameters(-high - 0.3, high))
        norm, product = device.norm_int8_linear(torch.ones(512, dtype=dtype), 1e-6, layer, dtype)
        wide = x.double()
        normed = wide / wide.square().mean(-1, keepdim=True).sqrt()
        on_card, zeros = x.npu(), torch.zeros_like(x).npu()
        for name, result, inputs in (
            ("alone", device.int8_linear(layer, dtype)(on_card), wide),
            ("after a norm", product(norm(on_card, zeros)[1]), normed),
            ("after the first norm", product(norm(on_card, None)[1]), normed),
        ):
            exact = inputs @ (weight.double() * scale.double()).t()
            gain = (result.cpu().double() * exact).sum() / exact.square().sum()
            gains.setdefault(f"{str(dtype)[6:]} {name}", []).append(abs(gain.item() - 1))
print(json.dumps({name: max(values) for name, values in gains.items()}))
"""


@pytest.mark.parametrize("soc", [A2, DUO])
def test_an_int8_linear_is_as_near_as_its_codes_allow(fake_cards, soc, record_property):
    """Its outputs are the float product's times 1, on the whole: not less by the bits of a scale that are dropped.

    With deq_scale cut to 19 bits and 1 / input_scale rounded by the operator alone they are off by 3.3e-4 to 5.9e-4
    in float16, by 1.7e-3 to 2.2e-3 in bfloat16.
    """
    done = attempt(fake_cards(soc), LINEARS)
    assert done.returncode == 0, done.stderr[-3000:]
    for name, gain in json.loads(done.stdout).items():
        record_property(f"{soc}, int8 linear, {name}: outputs' common factor is off by", gain)
        assert gain < (2e-4 if name.startswith("float16") else 1e-3), name


ONE_QUERY = """
from baichuan2.devices import open_device
from baichuan2.devices.base import Device
from baichuan2.engine.cache import KVCache, Packed, Positions
from baichuan2.modeling import network

def context(device, dtype, slopes, packed):
    positions = Positions(slopes, 32, 1024, dtype, device.torch_device)
    cache = KVCache(1, 1, 4, 1024, 32, dtype, device.torch_device, device.slots_first)
    torch.manual_seed(0)
    filled = torch.randn(2, 1, 1, 4, 1024, 32)
    cache.keys.copy_(filled[0].half())
    cache.values.copy_(filled[1].half())
    if packed:
        sequence = Packed(30, [900], device.torch_device)
        positions.packed(cache, sequence, [5])
        view = positions.packed(cache, sequence, [1])
    else:
        view = positions.decode_anywhere(cache, torch.tensor([35], device=device.torch_device))
    query, key, value = (torch.randn(1, 4, 1, 32).half().to(dtype).to(device.torch_device) for _ in "qkv")
    return device.attention(query, *device.store(view, 0, key, value), view).float().cpu()

for slopes in (network.alibi_slopes(4), None):
    for packed in (True, False):
        expected = context(Device(), torch.float32, slopes, packed)
        difference = (context(open_device("npu"), torch.float16, slopes, packed) - expected).abs().max()
        assert difference < 2e-3, (slopes is None, packed, difference)
"""


def test_one_query_needs_no_mask(fake_cards):
    """Of a captured step, and of the one sequence that is left behind a prefix: both see slots that hold nothing."""
    done = attempt(fake_cards(FAKE_NPU_FAULTS="mask_512"), ONE_QUERY)
    assert done.returncode == 0, done.stderr[-3000:]
    assert_on_the_card(done.stderr)


def test_an_overflow_of_a_device_without_inf_is_inf(monkeypatch):
    """So that the exam refuses it, as it refuses inf: the device's largest number is a score like others."""
    engine = random_engine(open_device("cpu"), SMALL, "float", torch.float32)
    scores = engine.score([5, 6], [[7, 8], [9]], [10, 11])
    flat = [score for row in scores for score in row]
    largest = max(flat, key=abs)
    monkeypatch.setattr(engine.device, "largest", lambda dtype: abs(largest))
    expected = [[math.copysign(math.inf, score) if score == largest else score for score in row] for row in scores]
    assert engine.score([5, 6], [[7, 8], [9]], [10, 11]) == expected


INSIDE = """
from baichuan2.acceptance.model import SMALL, random_engine
from baichuan2.devices import open_device
from baichuan2.errors import UserError

engine = random_engine(open_device("npu"), SMALL, "float", torch.float16)
for wide in (False, True):
    if wide:  # activations leave the range of float16, and the norms behind them hide that
        layer = engine.model.layers[1]
        engine.model.layers[1] = lambda index, hidden, *more: layer(index, hidden * 1e9, *more)
    scores = engine.score([5, 6], [[7, 8], [9]], [10, 11])
    assert all(score == math.inf for row in scores for score in row) == wide, scores
    try:
        engine.generate([[5, 6]], 2)
        assert not wide
    except UserError as error:
        assert wide and "engine.dtype: float16: numbers of the network leave its range" in str(error)
"""


def test_an_overflow_inside_of_the_network_is_seen_without_inf(fake_cards):
    done = attempt(fake_cards(DUO), INSIDE, before="import math")
    assert done.returncode == 0, done.stderr[-3000:]


def test_an_older_operator_ends_a_capture(fake_cards):
    """As in torch_npu itself: what is compiled just in time, or has no aclnn operator, cannot be in a graph."""
    line = """
torch.npu.set_compile_mode(jit_compile=True)
graph = torch.npu.NPUGraph()
with torch.npu.graph(graph):
    x @ x.t()
"""
    done = attempt(fake_cards(TASK_QUEUE_ENABLE="0"), line)
    assert done.returncode != 0
    assert re.search("cannot be captured|Cannot run aclop operators during NPU graph capture", done.stderr)


# ---- end to end ------------------------------------------------------------------------------------------------

ANSWERS = ("ceval", "ceval_quant", "inference", "inference_quant")
SPEED = ("perf", "perf_quant")
TABLES = ("results/ceval", "results/ceval_quant", "results/inference", "results/perf", "results/perf_quant")
OVERLAY = {
    "ceval": {"subjects": ["computer_network", "law"]},
    "inference": {"max_new_tokens": 8},
    "perf": {"max_len_exp": 5, "repeats": 1, "rounds": 1},
}
NPU = {"engine": {"device": "npu", "dtype": "float16"}}
TWO_RANKS = NPU | {"parallel": {"world_size": 2}}
# Largest difference of an option's score, of logits that are some 15: W8A8's is a matter of rounding, as above.
SCORES = {"ceval": 0.1, "ceval_quant": 2.0}


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    return copy_project(tmp_path_factory.mktemp("ascend") / "项目 copy")


@pytest.fixture(scope="module")
def answers(project, fake_cards) -> dict[str, dict[str, list[dict]]]:
    """{where: {task: records}} of the same tasks on the CPU in float32, and on fake cards in float16."""
    return {
        "cpu": tasks(project, {}, dict(os.environ), ANSWERS),
        f"{DUO}, 1 rank": tasks(project, NPU, fake_cards(DUO), ANSWERS[:2]),
        f"{A2}, 1 rank": tasks(project, NPU, fake_cards(A2, TASK_QUEUE_ENABLE="0"), (*ANSWERS, *SPEED), TABLES),
        f"{A2}, 2 ranks": tasks(project, TWO_RANKS, fake_cards(A2), ANSWERS),
    }


def tasks(project: Path, overlay: dict, environment: dict[str, str], names, tables=()) -> dict[str, list[dict]]:
    """Run tasks of the workflow, as far as their records and the tables named, and return what they recorded."""
    done = workflow(project, overlay, environment, *(f"results/records/{kept(name)}" for name in names), *tables)
    assert done.returncode == 0, done.stderr[-4000:]
    assert_on_the_card(done.stderr)
    return {name: records(project, name) for name in names}


def kept(task: str) -> str:
    """The name of the file of a task's records."""
    return f"{task}.json{'' if task in SPEED else 'l'}"


def workflow(project: Path, overlay: dict, environment: dict[str, str], *targets: str):
    (project / "overlay.yaml").write_text(yaml.safe_dump(OVERLAY | overlay), encoding="utf-8")
    variables = {name: value for name, value in environment.items() if name != "PATH"}
    return snakemake(project, "--cores", "2", *targets, "--configfile", "overlay.yaml", **variables)


def records(project: Path, task: str) -> list[dict]:
    """A task's records, without what begins and ends their file; a speed task's cases."""
    text = (project / "results" / "records" / kept(task)).read_text(encoding="utf-8")
    return json.loads(text)["cases"] if task in SPEED else [json.loads(line) for line in text.splitlines()[1:-1]]


@pytest.mark.parametrize("where", [f"{DUO}, 1 rank", f"{A2}, 1 rank", f"{A2}, 2 ranks"])
@pytest.mark.parametrize("task", ["ceval", "ceval_quant"])
def test_the_exam_is_answered_as_on_the_cpu(answers, where, task, record_property):
    found, expected = answers[where][task], answers["cpu"][task]
    assert len(found) == len(expected) == 20
    assert [record["prediction"] for record in found] == [record["prediction"] for record in expected]
    pairs = [
        pair for a, b in zip(found, expected, strict=True) for pair in zip(a["scores"], b["scores"], strict=True)
    ]
    difference = max(abs(a - b) for a, b in pairs)
    record_property(f"{where}, {task}: largest difference of a score", difference)
    assert difference < SCORES[task]


@pytest.mark.parametrize("where", [f"{A2}, 1 rank", f"{A2}, 2 ranks"])
@pytest.mark.parametrize("task", ["inference", "inference_quant"])
def test_prompts_are_answered_as_on_the_cpu(answers, where, task):
    found, expected = answers[where][task], answers["cpu"][task]
    assert [record["answer"] for record in found] == [record["answer"] for record in expected]


@pytest.mark.parametrize("task", SPEED)
def test_speed_is_measured(answers, task):
    for case in answers[f"{A2}, 1 rank"][task]:
        assert case["reason"] is None
        assert 0 < case["ttft_s"]["median"] < case["response_s"]["median"]


IDENTITY = """
from helpers.npu_probe import ALIBI, engine_of

engine = engine_of("npu", ALIBI, "float", "float16")
print(engine.identity()["cann"], engine.environment()["driver"])
"""


def test_records_name_the_cann_whose_operators_computed(fake_cards):
    """An exam that was cut off does not go on with another CANN's."""
    done = attempt(fake_cards(), IDENTITY, before="")
    assert done.stdout.split() == ["9.1.0", "None"], done.stderr[-3000:]


PROFILE = """
import pathlib, sys
from baichuan2.errors import UserError
from baichuan2.speed.cases import Case
from baichuan2.speed.profiling import profile_case
from helpers.npu_probe import ALIBI, engine_of

with torch.inference_mode():
    try:
        profile_case(engine_of("npu", ALIBI, "w8a8", "float16"), [Case(2, 8, 4)], 0, pathlib.Path("trace"))
    except UserError as error:
        sys.exit(f"refused: {error}")
"""


def test_a_trace_is_torch_npus(fake_cards, tmp_path, monkeypatch):
    """What its profiler makes of what it records itself; the fake records nothing of the card, and that is said."""
    monkeypatch.chdir(tmp_path)
    done = attempt(fake_cards(), PROFILE, before="")
    assert done.returncode == 0, done.stderr[-3000:]
    assert set(check_files(tmp_path / "trace")["case"]) == {"batch_size", "input_len", "output_len", "reason"}
    (view,) = (tmp_path / "trace").glob("*_ascend_pt/ASCEND_PROFILER_OUTPUT/trace_view.json")
    names = [event["name"] for event in json.loads(view.read_text())]
    assert [name for name in names if name.startswith(("prefill", "decode "))] == [
        "prefill", "decode 1", "decode 2", "decode 3",
    ]  # fmt: skip
    assert "perf.profile: CANN recorded nothing of the card" in done.stderr


def test_a_bias_on_every_rank_is_seen(answers, project, fake_cards, tmp_path):
    """Two ranks give the logits of one, unless all of them add the bias of a row-parallel linear."""
    found = {}
    for name, ranks, *more in (("one", 1), ("two", 2), ("wrong", 2, "wrong")):
        found[name] = torch_run(fake_cards(), ranks, project / "results", tmp_path / f"{name}.pt", *more)

    def difference(name: str) -> float:
        pairs = zip(found[name], found["one"], strict=True)
        return max(((a - b).abs().max() / b.abs().max()).item() for a, b in pairs)

    assert difference("two") < BOUNDS["w8a8", "float16"]
    assert difference("wrong") > 3 * difference("two")


def test_ranks_capture_their_sums(answers, project, fake_cards, tmp_path):
    """A decode step of two ranks as a graph, with its all-reduces, gives what the operators give one by one."""
    cards = fake_cards(TASK_QUEUE_ENABLE="0")  # npu_probe.py says why no queue
    by_parts, captured = (
        torch_run(cards, 2, project / "results", tmp_path / f"{len(how)}.pt", *how) for how in ((), ("graph",))
    )
    assert all(torch.equal(a, b) for a, b in zip(by_parts, captured, strict=True))


def test_ranks_of_dynamic_give_the_logits_of_one(answers, project, fake_cards, tmp_path):
    """They agree on each token's largest activation, by an all-reduce."""
    one, two = (
        torch_run(fake_cards(), ranks, project / "results", tmp_path / f"{ranks}.pt", "dynamic") for ranks in (1, 2)
    )
    for a, b in zip(two, one, strict=True):
        assert ((a - b).abs().max() / b.abs().max()).item() < BOUNDS["dynamic", "float16"]


def torch_run(environment: dict[str, str], ranks: int, results: Path, out: Path, *more: str) -> list[torch.Tensor]:
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={ranks}"] if ranks > 1 else []
    command = [sys.executable, *launcher, HELPERS / "npu_ranks.py", results / "model", results / "quant", out, *more]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    assert_on_the_card(done.stderr)
    return torch.load(out, weights_only=True)


def test_the_check_sees_the_cards(project, fake_cards):
    environment = {name: value for name, value in fake_cards().items() if name != "TASK_QUEUE_ENABLE"}
    done = workflow(project, NPU, environment, "check")
    assert done.returncode == 0, done.stderr[-3000:]
    log = (project / "results/logs/check.log").read_text(encoding="utf-8")
    assert re.search(r"^(ok|warning) +versions .*torch_npu 2\.\d+\.\S+, CANN 9\.1\.0", log, re.MULTILINE)
    assert re.search(r"^ok +card 1 +Ascend910B4", log, re.MULTILINE)
    assert re.search(r"^ok +TASK_QUEUE_ENABLE +2$", log, re.MULTILINE), "the launcher sets it"


def test_a_model_too_large_for_the_card_is_an_error_before_it_is_loaded(project, fake_cards):
    done = workflow(project, NPU, fake_cards(FAKE_NPU_MEMORY=str(10**7)), "check")
    assert done.returncode == 1
    log = (project / "results/logs/check.log").read_text(encoding="utf-8")
    assert re.search(r"^error +memory, the model, float .*GiB,", log, re.MULTILINE)


def test_a_job_ends_before_it_loads_what_has_no_room(answers, project, fake_cards):
    done = workflow(project, NPU, fake_cards(FAKE_NPU_MEMORY=str(10**6)), "ceval")
    assert done.returncode == 1
    assert "error: engine.device: npu has 0.00 GiB free, but weights take 0.01" in done.stderr
    assert "load weights" not in done.stderr


def test_every_job_logs_its_environment(answers, project):
    log = (project / "results/logs/score_ceval.log").read_text(encoding="utf-8")
    assert "Ascend: HCCL_OP_BASE_FFTS_MODE_ENABLE 1, HCCL_OP_EXPANSION_MODE AIV, TASK_QUEUE_ENABLE 2" in log


def test_a_card_that_is_missing_is_one_line(answers, project, fake_cards):
    done = workflow(project, TWO_RANKS, fake_cards(FAKE_NPU_COUNT="1"), "--forcerun", "score_ceval", "results/ceval")
    assert done.returncode == 1
    assert "error: cards: 1 for parallel.world_size 2" in done.stderr


def test_calibration_on_the_card_finds_the_cpus_ranges(answers, project, fake_cards, tmp_path):
    """In float32, as everywhere; last, since it makes the artefact old."""
    path = project / "results" / "records" / "calibration.json"
    on_cpu = json.loads(path.read_text(encoding="utf-8"))["groups"]
    environment = fake_cards(FAKE_NPU_LOG=str(tmp_path / "called"))
    done = workflow(project, {"quantize": {"device": "npu"}}, environment, str(path.relative_to(project)))
    assert done.returncode == 0, done.stderr[-3000:]
    assert_on_the_card(done.stderr)
    assert {"aclnnMatmul", "aclnnSoftmax"} < set((tmp_path / "called").read_text(encoding="utf-8").split())
    on_card = json.loads(path.read_text(encoding="utf-8"))["groups"]
    for card, cpu in zip(on_card, on_cpu, strict=True):
        assert card["modules"] == cpu["modules"]
        assert card["extrema"] == pytest.approx(cpu["extrema"], rel=1e-3)
