"""The CUDA device without a card: its kernels in Triton's interpreter, compiled for cards, and its decode on the CPU.

The interpreter multiplies no bfloat16 and rounds to it by cutting off, so float16 stands for both.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import weakref
from dataclasses import replace
from functools import partial

import pytest
import torch

from baichuan2.devices import cuda, triton_kernels
from baichuan2.devices.base import Device
from baichuan2.engine.cache import KVCache, Packed, Positions
from baichuan2.engine.decode import Decoder
from baichuan2.engine.engine import Engine, Settings
from baichuan2.engine.steps import StaticDecoder
from baichuan2.engine.weights import RandomWeights
from baichuan2.errors import UserError
from baichuan2.modeling import network
from baichuan2.ranks.collectives import Ranks
from baichuan2.w8a8.arithmetic import DynamicLinear, folded, int8_product
from helpers.models import ALIBI, RandomDynamic
from helpers.projects import HELPERS, ROOT
from test_w8a8 import random_layer

pytestmark = pytest.mark.cuda

DTYPES = [torch.float32, torch.float16]
HEADS = 3
TINY = replace(ALIBI, hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=HEADS)
TINY_ROPE = replace(TINY, num_attention_heads=4, position_embedding="rope")
IDS = [5 + (7 * k) % 300 for k in range(40)]


class Interpreted(cuda.CudaDevice):
    """The CUDA device's operators over the CPU's memory. A capture warms up as on a card, and counts."""

    def __init__(self):
        Device.__init__(self, threads=2)
        self.captures = 0

    def free_memory(self):
        return None

    def capture(self, function):
        self.captures += 1
        function()
        return lambda filled: function()


@pytest.fixture(autouse=True)
def exact_products(monkeypatch):
    """A card's int8 product is exact; torch's own on a CPU saturates where that has no VNNI."""
    monkeypatch.setattr(torch, "_int_mm", lambda q, weight: int8_product(q, weight.t()))


def random(*shape, dtype=torch.float32, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


# ---- operators -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("columns", [96, 5120])
def test_add_norm(dtype, columns):
    hidden, delta = random(2, 3, columns, dtype=dtype), random(2, 3, columns, dtype=dtype, seed=1)
    weight = random(columns, dtype=dtype, seed=2)
    ours, plain = Interpreted().add_norm(weight, 1e-6), Device().add_norm(weight, 1e-6)
    for other in (None, delta):
        for found, expected in zip(ours(hidden, other), plain(hidden, other), strict=True):
            torch.testing.assert_close(found, expected)
    assert torch.equal(hidden, random(2, 3, columns, dtype=dtype)), "the residual was overwritten"


@pytest.mark.parametrize("dtype", DTYPES)
def test_silu_mul(dtype):
    gate_up = 4 * random(2, 3, 2 * 1100, dtype=dtype)
    torch.testing.assert_close(Interpreted().silu_mul(gate_up), network.silu_mul(gate_up))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("rows", [1, 3, 16, 17])
@pytest.mark.parametrize("bias", [0.0, 1000.0])
def test_int8_linear_is_the_plain_one_to_the_bit(dtype, rows, bias):
    layer = random_layer(75, 1500, seed=rows, bias=bias)
    x = 2 * random(1, rows, 1500, dtype=dtype)
    assert torch.equal(Interpreted().int8_linear(layer, dtype)(x), Device().int8_linear(layer, dtype)(x))


@pytest.mark.parametrize("rows", [1, 2, 17])
@pytest.mark.parametrize("offset", [-128.0, 0.0, 127.0])
def test_int8_linear_rounds_half_to_even_and_saturates(rows, offset):
    """Inputs at all halves of the scale, and far beyond the range; the weight copies single inputs out."""
    x = torch.cat((torch.arange(-600, 600) / 16, torch.tensor([1e4, -1e4, 1e37, -1e37]))).expand(1, rows, -1)
    weight = torch.eye(x.shape[-1], dtype=torch.int8)
    layer = folded(weight, torch.ones(len(weight), 1), torch.tensor([0.125]), torch.tensor([offset]))
    ours = Interpreted().int8_linear(layer, torch.float32)(x)
    assert torch.equal(ours, Device().int8_linear(layer, torch.float32)(x))
    q = (x / 0.125).round().add(offset).clamp(-128, 127)
    assert torch.equal(ours, (q - offset) * 0.125)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("rows", [1, 3, 16, 17])
@pytest.mark.parametrize("of_ranks", [False, True])
def test_dynamic_linear_is_the_plain_one_to_the_bit(dtype, rows, of_ranks):
    """Tokens of very different sizes, one of them all zeros; of_ranks: their largest number stands elsewhere."""
    layer = DynamicLinear.of(random(75, 2500, seed=rows))
    x = random(1, rows, 2500, dtype=dtype) * torch.logspace(-3, 1, rows)[:, None].to(dtype)
    x[0, rows // 2] *= rows == 1
    largest = 2 * x.abs().amax(dim=-1, keepdim=True).float() if of_ranks else None
    ours, plain = (device.dynamic_linear(layer, dtype)(x, largest) for device in (Interpreted(), Device()))
    assert torch.equal(ours, plain)


@pytest.mark.parametrize("rows", [1, 2, 17])
def test_dynamic_linear_rounds_half_to_even_and_keeps_its_ends(rows):
    """Inputs at all halves of the scale, which is 1/8; the weight copies single inputs out."""
    x = (torch.arange(-254, 255) / 16).expand(1, rows, -1)
    weight = torch.eye(x.shape[-1], dtype=torch.int8)
    layer = DynamicLinear(weight, torch.ones(len(weight), 1), torch.zeros(len(weight), 1))
    assert torch.equal(Interpreted().dynamic_linear(layer, torch.float32)(x), (x * 8).round() / 8)


@pytest.mark.parametrize("rows", [1, 3, 17])
def test_a_token_that_is_no_number_stays_none(rows):
    x = random(rows, 2500)
    x[0, 7] = torch.nan
    y = Interpreted().dynamic_linear(DynamicLinear.of(random(8, 2500)), torch.float32)(x)
    assert y.isnan().all(dim=1).tolist() == [True] + [False] * (rows - 1)


# ---- attention -------------------------------------------------------------------------------------------------


@pytest.fixture(params=[64, 128], ids="D{}".format)
def head_dim(request):
    return request.param


@pytest.fixture(params=[True, False], ids=["alibi", "rope"])
def positions(request, head_dim):
    slopes = network.alibi_slopes(HEADS) if request.param else None
    return Positions(slopes, head_dim, 600, torch.float32, "cpu")


def filled(batch, slots, head_dim) -> KVCache:
    cache = KVCache(1, batch, HEADS, slots, head_dim, torch.float32, "cpu")
    cache.keys.copy_(random(*cache.keys.shape))
    cache.values.copy_(random(*cache.values.shape, seed=1))
    return cache


def check_attention(view, rows, count, head_dim):
    """Against the plain operator in float32, with the query as the network cuts it out of q|k|v."""
    dtype, tolerance = (torch.float32, 2e-6) if head_dim == 64 else (torch.float16, 2e-3)
    keys, values = (part[0, : view.rows, :, : view.used] for part in (view.cache.keys, view.cache.values))
    query = network.split_heads(random(rows, count, 3 * HEADS * head_dim, dtype=dtype, seed=2), head_dim)[0]
    found = Interpreted().attention(query, keys.to(dtype), values.to(dtype), view)
    expected = Device().attention(query.float(), keys, values, view)
    torch.testing.assert_close(found.float(), expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize(("start", "count"), [(0, 5), (13, 77), (0, 150)])
def test_prefill_attention(positions, head_dim, start, count):
    view = positions.prefill(filled(2, 151, head_dim), 2, start, count)
    check_attention(view, 2, count, head_dim)


@pytest.mark.parametrize("counts", [[30, 0, 81, 20], [1, 1, 1, 1], [0, 0, 90, 0]])
def test_packed_attention(positions, head_dim, counts):
    """Segments behind a prefix, some with slots that are not written yet, and a second take of two of them."""
    packed = Packed(37, [40, 1, 90, 33], "cpu")
    cache = filled(1, packed.slots, head_dim)
    check_attention(positions.packed(cache, packed, counts), 1, sum(counts), head_dim)
    check_attention(positions.packed(cache, packed, [3, 0, 0, 2]), 1, 5, head_dim)


@pytest.mark.parametrize(("slots", "programs"), [(101, 4096), (600, 4096), (600, 12)])
def test_decode_attention(positions, head_dim, slots, programs, monkeypatch):
    """With a block of keys a program, and with several."""
    monkeypatch.setattr(triton_kernels, "ENOUGH_PROGRAMS", programs)
    cache = filled(2, slots, head_dim)
    check_attention(positions.decode_anywhere(cache, torch.tensor([0, 63])), 2, 1, head_dim)
    check_attention(positions.decode_anywhere(cache, torch.tensor([64, slots - 1])), 2, 1, head_dim)
    check_attention(positions.decode(cache, [3, 100], torch.tensor([3, 100])), 2, 1, head_dim)


def test_keys_are_split_by_how_many_there_are():
    assert triton_kernels.split_size(40, 4096) == 64
    assert triton_kernels.split_size(32 * 40, 4096) == 2048
    for sequences in (1, 40, 999, 10**5):
        for slots in (1, 63, 4096, 40000):
            size = triton_kernels.split_size(sequences, slots)
            assert -(-slots // size) <= triton_kernels.MOST_SPLITS
            assert size % triton_kernels.DECODE_BLOCK == 0


def test_unseen_blocks_are_not_read():
    """What is not a number spreads through every product: where it does not, it was not looked at."""
    positions = Positions(network.alibi_slopes(HEADS), 16, 600, torch.float32, "cpu")
    packed = Packed(64, [128, 256, 128], "cpu")  # slots 64, 192 and 448 on
    cache = filled(1, packed.slots, 16)
    positions.packed(cache, packed, [128, 0, 128])
    view = positions.packed(cache, packed, [0, 256, 0])
    query = random(1, HEADS, 256, 16)
    for unseen in (slice(64, 192), slice(320, 576)):  # other sequences, and what only the later queries see
        cache.values[:, :, :, unseen] = torch.nan
    found = Interpreted().attention(query, cache.keys[0], cache.values[0], view)
    assert found[:, :, :128].isfinite().all()
    assert found[:, :, 128:].isnan().all()

    cache = filled(1, 600, 16)
    cache.values[:, :, :, 100:] = torch.nan
    view = positions.decode_anywhere(cache, torch.tensor([99]))
    assert Interpreted().attention(query[:, :, :1], cache.keys[0], cache.values[0], view).isfinite().all()


# ---- the whole engine --------------------------------------------------------------------------------------------


MODELS = {
    "13b": partial(RandomWeights, TINY, False),
    "7b": partial(RandomWeights, TINY_ROPE, False),
    "13b-w8a8": partial(RandomWeights, TINY, True),
    "13b-w8a8-dynamic": partial(RandomDynamic, TINY),
}


@pytest.fixture(params=MODELS)
def engines(request):
    """(by torch's operators, by the kernels), of the same random weights."""
    weights = MODELS[request.param]
    config = weights.args[0]
    with torch.inference_mode():
        yield tuple(
            Engine(config, weights, None, device, Ranks(), Settings("cpu", "float32", 128))
            for device in (Device(threads=2), Interpreted())
        )


def test_prefill_and_score_by_kernels(engines):
    plain, ours = engines
    prompts = [IDS, IDS[:23]]
    found, expected = (engine.prefill(engine.cache_for(2, 128), prompts) for engine in (ours, plain))
    assert largest_difference(found, expected) < 1e-4
    suffixes = [IDS[10:40], IDS[10:12], IDS[10:25]]
    found, expected = (torch.tensor(engine.score(IDS[:10], suffixes, [7, 8, 9])) for engine in (ours, plain))
    assert largest_difference(found, expected) < 1e-4


def test_static_decode_is_decode(engines):
    """Logits of every step, of sequences of different lengths; the second decoder takes the captured step over."""
    plain, ours = engines
    for prompts in ([IDS, IDS[:9]], [IDS[3:12], IDS[8:16]]):
        lengths = [len(prompt) for prompt in prompts]
        cache, reference = (engine.cache_for(2, 128) for engine in (ours, plain))
        for engine, its in ((ours, cache), (plain, reference)):
            engine.prefill(its, prompts)
        static, usual = ours.model.decoder(cache, lengths), plain.model.decoder(reference, lengths)
        assert (type(static), type(usual)) == (StaticDecoder, Decoder)
        for step in range(3):
            static.prepare()
            usual.prepare()
            tokens = [100 + step, 200 + step]
            assert largest_difference(static.step(tokens), usual.step(tokens)) < 1e-4
    assert ours.device.captures == 1


def largest_difference(found, expected) -> float:
    """Relative to the largest logit."""
    return ((found - expected).abs().max() / expected.abs().max()).item()


@pytest.mark.parametrize("engines", ["13b", "7b"], indirect=True)
def test_generate_by_captured_steps(engines):
    plain, ours = engines
    for prompts in ([IDS, IDS[:9]], [IDS]):
        assert ours.generate(prompts, 3) == plain.generate(prompts, 3)
    assert ours.device.captures == 2
    assert ours.generate([IDS[5:], IDS[5:9]], 3, prefix=IDS[:5]) == plain.generate([IDS, IDS[:9]], 3)
    assert ours.device.captures == 2, "packed sequences are decoded by the parts"


@pytest.mark.parametrize("engines", ["13b"], indirect=True)
def test_a_captured_step_does_not_keep_its_cache(engines):
    _, ours = engines
    ours.generate([IDS[:5]], 2)
    first = weakref.ref(ours._cache)
    ours.cache_for(2, 128)
    gc.collect()
    assert first() is None


@pytest.mark.parametrize("engines", ["13b"], indirect=True)
def test_ranks_and_large_batches_decode_by_the_parts(engines):
    _, ours = engines
    assert type(ours.model.decoder(ours.model.cache(33, 16), [4] * 33)) is Decoder
    ours.model.ranks = Ranks(0, 2)
    assert ours.device.graphs("auto", 2) is None
    for device, ranks, reason in ((ours.device, 2, "collectives inside"), (Device(), 1, "a CPU has no graphs")):
        with pytest.raises(UserError, match=rf"engine\.graph: capture: {reason}"):
            device.graphs("capture", ranks)


# ---- where the card is missed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arch", "models"),
    [("80", ["13b-bfloat16"]), ("90", ["13b-bfloat16", "13b-float32", "7b-float16"])],
)
def test_kernels_compile(arch, models, tmp_path):
    """For A100 and H100, at the published sizes; what they take of a multiprocessor fits smaller cards too."""
    environment = os.environ | {"TRITON_INTERPRET": "0", "TRITON_CACHE_DIR": str(tmp_path)}
    environment["PYTHONPATH"] = str(ROOT / "workflow" / "scripts")
    command = [sys.executable, HELPERS / "compile_kernels.py", arch, *models]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {kernel["kernel"] for kernel in found} == {
        "_add_norm", "_silu_mul", "_one_row", "_few_rows", "_token_scales", "_quantize", "_dequantize", "_flash",
        "_decode_split", "_decode_join",
    }  # fmt: skip
    for kernel in found:
        assert kernel["shared"] <= 99 * 1024, kernel  # compute capability 8.6 and 8.9 have no more
        assert kernel["spilled"] <= 32, kernel


def test_triton_missing_is_one_line(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setitem(sys.modules, "triton", None)
    with pytest.raises(UserError, match="triton is not installed"):
        cuda.open_device(0, None)


def test_benchmark_without_a_card_is_one_line():
    command = [sys.executable, ROOT / "benchmarks" / "gpu.py"]
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: engine.device: cuda, but torch finds no CUDA device")
    assert len(done.stderr.splitlines()) == 1
