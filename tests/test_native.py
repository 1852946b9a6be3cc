"""The C of the CPU path against torch's operators: decode steps, and what lies between the products of prefill.

tests/test_arm.py runs these for Arm, by emulation on a machine that is none.
"""

from __future__ import annotations

import copy
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest
import torch

from baichuan2 import devices, host
from baichuan2.devices import cpu, native
from baichuan2.devices.base import Device
from baichuan2.devices.cpu import CpuDevice, PackedDynamicLinear, PackedInt8Linear, PackedLinear
from baichuan2.engine.cache import KVCache, Packed, Positions
from baichuan2.engine.decode import Decoder
from baichuan2.engine.engine import Engine, Settings, open_engine
from baichuan2.engine.weights import RandomWeights
from baichuan2.model import sizes
from baichuan2.modeling import network
from baichuan2.ranks.collectives import Ranks
from baichuan2.w8a8.arithmetic import DynamicLinear, quantize_tokens
from helpers.models import ALIBI, ROPE, RandomDynamic

pytestmark = pytest.mark.skipif(
    not devices.runs_native(), reason="native.c needs AVX512 or an Arm CPU with dot products, and gcc"
)
TILES = pytest.mark.skipif(not native.tiles(), reason="not where there is AMX; of x86 alone")
X86 = pytest.mark.skipif(native.ON_ARM, reason="oneDNN's packing, and u8, are of x86 alone")
# nothing a multiple of the vectors' 16 or the blocks' 32 and 64: head_dim 24, hidden 120, intermediate 200
ODD = replace(ALIBI, hidden_size=120, num_attention_heads=5, intermediate_size=200)
WIDE = replace(ROPE, hidden_size=320, num_attention_heads=2, intermediate_size=344)  # head_dim 160: two rounds of 64
SHAPES = {"alibi": ALIBI, "rope": ROPE, "odd": ODD, "wide": WIDE}
IDS = [5 + (7 * k) % 300 for k in range(90)]


def test_a_machine_with_a_compiler_has_it():
    assert native.library() is not None


WEIGHTS = {
    "float": partial(RandomWeights, quantized=False),
    "w8a8": partial(RandomWeights, quantized=True),
    "w8a8-dynamic": RandomDynamic,
}


@contextmanager
def opened(config, precision: str, dtype: str = "float32"):
    """An engine of random weights."""
    weights = partial(WEIGHTS[precision], config)
    with torch.inference_mode():
        yield Engine(config, lambda *_: weights(), None, CpuDevice(threads=2), Ranks(), Settings("cpu", dtype, 128))


@pytest.fixture(scope="module", params=[(shape, precision) for shape in SHAPES for precision in WEIGHTS])
def engine(request):
    """An engine for each shape and precision."""
    shape, precision = request.param
    with opened(SHAPES[shape], precision) as made:
        yield made


def agree(engine, found: torch.Tensor, expected: torch.Tensor) -> None:
    """To rounding; in W8A8 an activation that rounds the other way moves all logits by a step of its scale."""
    if engine.precision == "float":
        torch.testing.assert_close(found, expected, rtol=2e-5, atol=2e-5)
    else:
        assert (found - expected).abs().mean() < 0.02 * expected.abs().mean()


def steps(decoder, tokens: list[list[int]]) -> torch.Tensor:
    """Logits [steps, B, V] of the given tokens, one list a step."""
    logits = []
    for step in tokens:
        decoder.prepare()
        logits.append(decoder.step(step).clone())
    return torch.stack(logits)


@pytest.mark.parametrize("lengths", [[40], [40, 7], [1, 2, 90, 60], [30] * 4, [3 * k + 1 for k in range(11)]])
def test_decode_is_the_parts(engine, lengths):
    prompts = [IDS[:length] for length in lengths]
    tokens = [[(11 * step + row) % 300 for row in range(len(lengths))] for step in range(4)]
    cache = engine.cache_for(len(lengths), 128)
    found = []
    for decoder in (engine.model.fused.decoder, lambda *state: Decoder(engine.model, *state)):
        engine.prefill(cache, prompts)
        found.append(steps(decoder(cache, lengths), tokens))
    agree(engine, *found)


def test_packed_sequences_read_one_prefix(engine):
    prompts = [IDS[20:29], IDS[20:24], IDS[20:60]]
    tokens = [[9, 10, 11], [12, 13, 14], [15, 16, 17]]
    apart = engine.cache_for(3, 128)
    engine.prefill(apart, [IDS[:20] + prompt for prompt in prompts])
    expected = steps(Decoder(engine.model, apart, [20 + len(prompt) for prompt in prompts]), tokens)
    for fused in (True, False):
        packed = Packed(20, [len(prompt) + 3 for prompt in prompts], "cpu")
        cache = engine.model.cache(1, packed.slots)
        engine._fill(cache, [IDS[:20]])
        engine._fill_packed(cache, packed, prompts, [0, 1, 2])
        decoder = engine.model.fused.decoder(cache, packed) if fused else Decoder(engine.model, cache, packed)
        agree(engine, steps(decoder, tokens), expected)


@pytest.mark.skipif(
    not native.ON_ARM and "avx512_bf16" not in host.cpu_flags(),
    reason="this CPU has no AVX512-BF16: oneDNN packs bfloat16 otherwise",
)
@pytest.mark.parametrize("precision", WEIGHTS)
def test_bfloat16_weights(precision):
    """Where torch rounds activations to bfloat16 and native.c does not: no farther from float32 than torch."""
    logits = {}
    for dtype in ("float32", "bfloat16"):
        with opened(replace(ODD, dtype="bfloat16"), precision, dtype) as engine:
            for name in ("fused", "parts"):
                cache = engine.cache_for(1, 128)
                assert str(cache.keys.dtype) == f"torch.{dtype}"
                engine.prefill(cache, [IDS[:40]])
                make = engine.model.fused.decoder if name == "fused" else lambda *state: Decoder(engine.model, *state)
                logits[dtype, name] = steps(make(cache, [40]), [[3], [4]])
    exact = logits["float32", "parts"]
    errors = {name: (logits["bfloat16", name] - exact).abs().mean().item() for name in ("fused", "parts")}
    assert errors["fused"] <= 1.1 * errors["parts"]
    assert errors["parts"] < 0.1 * exact.abs().mean()


def narrowed(cache: KVCache) -> KVCache:
    """The same keys and values in bfloat16."""
    layers, rows, heads, length, head_dim = cache.keys.shape
    narrow = KVCache(layers, rows, heads, length, head_dim, torch.bfloat16, "cpu")
    narrow.keys.copy_(cache.keys)
    narrow.values.copy_(cache.values)
    return narrow


def test_a_cache_of_bfloat16(engine):
    """Stored as torch rounds; the logits, to the rounding of keys and values, which in W8A8 moves an activation's."""
    lengths, tokens = [40, 7, 90], [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    wide = engine.cache_for(3, 128)
    engine.prefill(wide, [IDS[:length] for length in lengths])
    narrow = narrowed(wide)
    found, expected = (steps(engine.model.fused.decoder(cache, lengths), tokens) for cache in (narrow, wide))
    for row, length in enumerate(lengths):  # those of the first layer are the tokens' alone
        new = (0, row, slice(None), slice(length, length + len(tokens)))
        assert torch.equal(narrow.keys[new], wide.keys[new].bfloat16())
        assert torch.equal(narrow.values[new], wide.values[new].bfloat16())
    bound = 0.01 if engine.precision == "float" else 0.1
    assert (found - expected).abs().mean() < bound * expected.abs().mean()


@pytest.mark.parametrize("slopes", [None, network.alibi_slopes(5)])
@pytest.mark.parametrize("head_dim", [24, 128, 160])
def test_attention_over_a_cache_of_bfloat16(slopes, head_dim):
    """One query of each sequence, where there are more than decode in C, and several: as in float32, to rounding."""
    generator = torch.Generator().manual_seed(head_dim)
    wide = KVCache(1, 3, 5, 96, head_dim, torch.float32, "cpu")
    for part in (wide.keys, wide.values):
        part.copy_(torch.randn(part.shape, generator=generator).bfloat16())
    positions, packed = Positions(slopes, head_dim, 96, torch.float32, "cpu"), Packed(20, [40], "cpu")
    positions.packed(wide, packed, [30])
    makers = {
        "decode": lambda cache: positions.decode(cache, [90, 3, 0], torch.tensor([90, 3, 0])),
        "decode, all as long": lambda cache: positions.decode(cache, [17] * 3, torch.tensor([17] * 3)),
        "a prompt of one": lambda cache: positions.prefill(cache, 3, 64, 1),
        "a prompt": lambda cache: positions.prefill(cache, 3, 64, 9),
        "packed": lambda cache: positions.packed(cache, copy.deepcopy(packed), [1]),
    }
    for name, view in makers.items():
        rows, new = view(wide).rows, view(wide).query_positions.shape[1]
        query, key, value = (torch.randn(rows, 5, new, head_dim, generator=generator).bfloat16() for _ in "qkv")
        results = []
        for device, cache, kind in ((CpuDevice(), narrowed(wide), torch.bfloat16), (Device(), wide, torch.float32)):
            seen = view(cache)
            keys, values = device.store(seen, 0, key, value)
            results.append(device.attention(query.to(kind), keys, values, seen).float())
        torch.testing.assert_close(*results, rtol=8e-3, atol=8e-3, msg=lambda text, name=name: f"{name}: {text}")


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("rows", "width"), [(1, 16), (3, 120), (65, 344)])
def test_operators_of_prefill(dtype, rows, width):
    generator = torch.Generator().manual_seed(rows)
    hidden, delta, weight = (torch.randn(n, width, generator=generator).to(dtype) for n in (rows, rows, 1))
    tolerance = {"rtol": 1e-5, "atol": 1e-5} if dtype == torch.float32 else {"rtol": 8e-3, "atol": 8e-3}
    ours, plain = CpuDevice(), Device()
    for more in (None, delta):
        found, expected = (device.add_norm(weight[0], 1e-6)(hidden, more) for device in (ours, plain))
        torch.testing.assert_close(found[0], expected[0], rtol=0, atol=0)
        torch.testing.assert_close(found[1], expected[1], **tolerance)
    gate_up = 20 * torch.randn(rows, 2 * width, generator=generator).to(dtype)  # far into both tails of the sigmoid
    torch.testing.assert_close(ours.silu_mul(gate_up), network.silu_mul(gate_up), **tolerance)
    x = 3 * torch.randn(rows, width, generator=generator).to(dtype)
    expected = (x.float() * (1 / 0.03)).round_().add_(111).clamp_(0, 255).to(torch.uint8)
    if not native.ON_ARM:
        assert torch.equal(native.quantize(x, 1 / 0.03, 111), expected)


@X86
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("rows", "width"), [(1, 16), (3, 120), (65, 344)])
@pytest.mark.parametrize("of_ranks", [False, True])
def test_tokens_are_quantized_to_the_bit(dtype, rows, width, of_ranks):
    x = torch.randn(2, rows, width, generator=torch.Generator().manual_seed(rows)).to(dtype)
    x[0, rows // 2] = 0
    largest = 1.5 * x.abs().amax(dim=-1, keepdim=True).float() if of_ranks else None
    found, expected = native.quantize_tokens(x, largest), quantize_tokens(x, largest)
    assert torch.equal(found[0].short() - 128, expected[0].short())
    assert torch.equal(found[1], expected[1])


def test_a_row_that_is_not_contiguous_is_the_same():
    gate_up = torch.randn(4, 64).t()
    torch.testing.assert_close(native.silu_mul(gate_up), network.silu_mul(gate_up.contiguous()))


def test_infinite_and_missing_numbers_stay():
    hidden = torch.tensor([[torch.nan, torch.inf, 1.0, 2.0]], dtype=torch.bfloat16)
    total, normed = native.add_norm(hidden, torch.zeros_like(hidden), torch.ones(4), 1e-6)
    torch.testing.assert_close(total, hidden, equal_nan=True, rtol=0, atol=0)
    assert normed.isnan().all()


@X86
def test_a_layout_that_is_not_known_is_not_taken(monkeypatch):
    """Another build of oneDNN may lay weights out otherwise: then decode goes by torch's operators."""
    weight = torch.randn(70, 40)
    assert PackedLinear(weight).blocks is not None
    raw = native._raw
    monkeypatch.setattr(native, "_raw", lambda packed, dtype: raw(packed, dtype).flip(0))
    assert PackedLinear(weight).blocks is None
    monkeypatch.setitem(sizes.SHAPES, "tiny", ALIBI)
    with open_engine(Settings("cpu", "float32", 128, 2), "random:tiny") as engine:
        assert engine.model.fused is None
        assert len(engine.generate([IDS[:10]], 4)[0]) == 4


def test_without_a_compiler_decode_goes_by_torch(monkeypatch, caplog):
    monkeypatch.setitem(sizes.SHAPES, "tiny", ALIBI)
    native.library.cache_clear()
    try:
        with monkeypatch.context() as without_compiler, caplog.at_level("INFO"):
            without_compiler.setenv("CC", "/nowhere/cc")
            assert native.library() is None
            assert "install gcc" in caplog.text
            with open_engine(Settings("cpu", "float32", 128, 2), "random:tiny", "w8a8") as engine:
                assert engine.model.fused is None
                slow, without = engine.generate([IDS[:10]], 6), engine.identity()
    finally:
        native.library.cache_clear()
    with open_engine(Settings("cpu", "float32", 128, 2), "random:tiny", "w8a8") as engine:
        assert engine.model.fused is not None
        assert engine.generate([IDS[:10]], 6) == slow
        differing = {"compiled": "native.c", "decode": "native.c", "head": "exact"}  # no journal goes on from there
        assert engine.identity() == without | differing


def test_the_kv_caches_dtype_is_part_of_what_decides_an_answer(monkeypatch):
    monkeypatch.setitem(sizes.SHAPES, "tiny", ALIBI)
    without = "bfloat16" if native.ON_ARM else "float32"  # by the processor's flags on x86 alone
    for flags, dtype in ((host.cpu_flags(), "bfloat16"), (frozenset(), without)):
        monkeypatch.setattr(devices, "BFLOAT16", flags)
        with open_engine(Settings("cpu", "bfloat16", 128, 2), "random:tiny") as engine:
            assert engine.identity()["kv_cache"] == dtype
            assert str(engine.cache_for(1, 128).keys.dtype) == f"torch.{dtype}"


def test_it_is_compiled_once(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "缓存 cache"))
    made = []
    for _ in range(2):
        native.library.cache_clear()
        assert native.library() is not None
        made.append([(path.name, path.stat().st_mtime_ns) for path in (tmp_path / "缓存 cache").rglob("*.so")])
    native.library.cache_clear()
    assert len(made[0]) == 1
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("dtypes", "flags", "rows"),
    [
        ([torch.float32] * 4, {"amx_int8", "amx_bf16"}, 8),
        ([torch.bfloat16] * 4, {"amx_bf16"}, 4),
        ([torch.bfloat16] * 4, {"avx512_bf16"}, 8),
        ([torch.int8] * 4, {"amx_int8"}, 4),
        ([torch.int8] * 4, {"avx512_vnni"}, 64),
        ([torch.int8, torch.int8, torch.int8, torch.bfloat16], {"avx512_vnni"}, 64),  # one rolled back
        ([torch.int8, torch.bfloat16, torch.bfloat16, torch.bfloat16], {"avx512_vnni"}, 8),
    ],
)
def test_how_many_rows_by_the_processor(dtypes, flags, rows):
    linears = [native.Linear(outputs=64, inputs=64, kind=native.KINDS[dtype]) for dtype in dtypes]
    assert native.most_rows([native.Layer(None, None, *linears)], flags) == rows


@X86
def test_int8_linears_keep_one_copy_of_a_weight():
    """What native.c reads is oneDNN's own memory."""
    from test_w8a8 import random_layer

    linear = PackedInt8Linear(random_layer(96, 64, seed=0), torch.float32, 255)
    assert native._raw(linear.packed, torch.int8).data_ptr() == torch.ops.mkldnn.data_ptr(linear.packed)
    assert linear.blocks == (64, 64)


@X86
@pytest.mark.parametrize("shape", [(96, 64), (100, 70), (33, 24)])
def test_int8_linears_of_one_shape_are_packed_as_onednn_does(shape):
    """Also of a weight that is memory-mapped at an odd place."""
    linears = []
    for _ in range(3):
        weight = torch.randint(-127, 128, (shape[0] * shape[1] + 1,), dtype=torch.int8)[1:].view(shape)
        layer = DynamicLinear(weight, torch.full((shape[0], 1), 0.1), torch.zeros(shape[0], 1))
        linears.append(PackedDynamicLinear(layer, torch.float32, 255))
        assert native.same_memory(linears[-1].packed, torch.ops.onednn.qlinear_prepack(weight, None))
    assert cpu._ALIKE[shape] is linears[0]
    del linears
    assert shape not in cpu._ALIKE  # nothing is kept for a model that is gone


@pytest.mark.skipif(
    not native.ON_ARM and not native.attends_prompts(), reason="here torch attends: there is AMX, or no BF16"
)
@X86
@pytest.mark.parametrize("slopes", [None, network.alibi_slopes(5)])
@pytest.mark.parametrize("head_dim", [24, 63, 128, 160])
@pytest.mark.parametrize(("begin", "length"), [(0, 2), (0, 131), (17, 48), (30, 67)])
def test_attention_of_a_prompt(slopes, head_dim, begin, length):
    """Two sequences' queries, as they lie in a product with the keys, against float32's of the same numbers."""
    generator = torch.Generator().manual_seed(length)
    cache = KVCache(1, 2, 5, 140, head_dim, torch.bfloat16, "cpu")
    for part in (cache.keys, cache.values):
        part.copy_(torch.randn(part.shape, generator=generator))
        part[:, :, :, begin + length :] = torch.nan  # what no query sees
    view = Positions(slopes, head_dim, 140, torch.float32, "cpu").prefill(cache, 2, begin, length)
    qkv = torch.randn(2, length, 3 * 5 * head_dim, generator=generator).bfloat16()
    query, key, value = network.split_heads(qkv, head_dim)
    keys, values = CpuDevice().store(view, 0, key, value)
    found = CpuDevice(threads=2).attention(query, keys, values, view)
    expected = Device().attention(query.float(), keys.float(), values.float(), view)
    torch.testing.assert_close(found.float(), expected, rtol=8e-3, atol=8e-3)


@TILES
@pytest.mark.parametrize(("outputs", "inputs"), [(256, 344), (70, 40), (384, 1100)])
def test_products_in_float32_have_the_bits_of_decode(outputs, inputs):
    """Of any number of rows, which do not touch each other; and gate and up in one, where no block has both."""
    generator = torch.Generator().manual_seed(outputs)
    weight, x = (torch.randn(rows, inputs, generator=generator) for rows in (outputs, 199))
    device = CpuDevice(threads=2)
    linear = device.linear(weight)
    gate_up, activation = device.gated(linear)
    assert linear.natively
    assert isinstance(gate_up, cpu.Gated) == (outputs % 128 == 0)
    expected = x.double() @ weight.t().double()
    torch.testing.assert_close(linear(x), expected.float(), rtol=1e-5, atol=1e-4)
    x[7] = torch.nan
    for count in (0, 1, 5, 6, 97, 199):
        result = linear(x[:count])
        of_decode = native.float_product(linear.structure(), x[:count])
        torch.testing.assert_close(result, of_decode, rtol=0, atol=0, equal_nan=True)
        gated, expected = activation(gate_up(x[:count])), network.silu_mul(result)
        torch.testing.assert_close(gated, expected, rtol=1e-5, atol=1e-5, equal_nan=True)
    assert result.isnan().any(dim=1).nonzero().flatten().tolist() == [7]


@TILES
@pytest.mark.parametrize("slopes", [None, network.alibi_slopes(5)])
@pytest.mark.parametrize("head_dim", [24, 64, 160])
@pytest.mark.parametrize(
    ("prefix", "counts"), [(0, [[131], []]), (0, [[30], [67]]), (37, [[40, 0, 60], [16, 50, 0]]), (200, [[97, 80]])]
)
def test_attention_in_float32_of_runs(slopes, head_dim, prefix, counts):
    """As exact as torch's, against float64: of two prompts, in pieces, or of sequences packed behind a prefix."""
    generator = torch.Generator().manual_seed(prefix)
    rows = 1 if prefix else 2
    cache = KVCache(1, rows, 5, 420, head_dim, torch.float32, "cpu")
    for part in (cache.keys, cache.values):
        part.fill_(torch.nan)  # what no query sees
        part[:, :, :, :prefix] = torch.randn(1, rows, 5, prefix, head_dim, generator=generator)
    positions = Positions(slopes, head_dim, 420, torch.float32, "cpu")
    packed, begin = Packed(prefix, [sum(some) for some in zip(*counts, strict=True)] if prefix else [420], "cpu"), 0
    for some in filter(None, counts):
        view = positions.packed(cache, packed, some) if prefix else positions.prefill(cache, rows, begin, some[0])
        begin += some[0]
        qkv = 2 * torch.randn(rows, sum(some), 3 * 5 * head_dim, generator=generator)
        query, key, value = network.split_heads(qkv, head_dim)
        keys, values = CpuDevice().store(view, 0, key, value)
        result = CpuDevice(threads=2).attention(query, keys, values, view)
        known = (part.nan_to_num() for part in (keys, values))
        exact = replace(view, dtype=torch.float64)
        expected = Device().attention(query.double(), *(part.double() for part in known), exact)
        by_torch = Device().attention(query, *(part.nan_to_num() for part in (keys, values)), view)
        error, of_torch = ((x - expected).square().mean().sqrt() for x in (result, by_torch))
        assert error < 1.25 * of_torch
        ends = (torch.arange(rows), torch.full((rows,), sum(some) - 1)) if not prefix else (0, torch.tensor([9, 20]))
        of_ends = CpuDevice().attention_of(ends, query, keys, values, view)
        torch.testing.assert_close(of_ends, network.merge_heads(result)[ends], rtol=2e-5, atol=1e-5)


@TILES
@pytest.mark.parametrize("number", [torch.nan, torch.inf])
def test_attention_in_float32_keeps_what_is_no_number(number):
    """Of a key, though its value is a number: all that see it, and none before it."""
    generator = torch.Generator().manual_seed(0)
    qkv = torch.rand(1, 60, 3 * 5 * 24, generator=generator)
    query, key, value = network.split_heads(qkv, 24)
    cache = KVCache(1, 1, 5, 64, 24, torch.float32, "cpu")
    view = Positions(None, 24, 64, torch.float32, "cpu").prefill(cache, 1, 0, 60)
    key[:, :, 30] = number
    keys, values = CpuDevice().store(view, 0, key, value)
    result = CpuDevice().attention(query, keys, values, view)
    assert result[:, :, :30].isfinite().all()
    assert result[:, :, 30:].isnan().all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("rows", "head_dim"), [(1, 24), (2, 64), (3, 160)])
def test_rotary_embedding(dtype, rows, head_dim):
    generator = torch.Generator().manual_seed(rows)
    qkv = torch.randn(rows, 7, 3 * 5 * head_dim, generator=generator).to(dtype)
    cos, sin = (table[None, None, 20:27] for table in network.rotary_tables(head_dim, 30))
    tolerance = {"rtol": 1e-6, "atol": 1e-6} if dtype == torch.float32 else {"rtol": 8e-3, "atol": 8e-3}
    for x in (*network.split_heads(qkv, head_dim), torch.randn(rows, 5, 7, head_dim, generator=generator).to(dtype)):
        torch.testing.assert_close(native.rotate(x, cos, sin), network.apply_rotary(x, cos, sin), **tolerance)
    each = cos.expand(rows, 1, 7, head_dim) * torch.arange(1, rows + 1).view(-1, 1, 1, 1)
    turned = native.rotate(x, each, sin.expand_as(each))
    torch.testing.assert_close(turned, network.apply_rotary(x, each, sin), **tolerance)
    one = x[:, :, 0].contiguous().as_strided((rows, 5, 1, head_dim), (5 * head_dim, head_dim, 7, 1))
    cos, sin = cos[:, :, :1], sin[:, :, :1]
    torch.testing.assert_close(native.rotate(one, cos, sin), network.apply_rotary(one, cos, sin), **tolerance)


@pytest.mark.skipif("amx_int8" in host.cpu_flags(), reason="here oneDNN multiplies")
@X86
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("dynamic", [False, True])
def test_gate_and_up_in_one(dtype, dynamic):
    """As the linear's own formula and the gate, in float32; not where a block of the linear has outputs of both."""
    from test_w8a8 import random_layer

    device, plain = CpuDevice(threads=2), Device()
    for outputs, inputs, fits in ((256, 344, True), (128, 70, True), (192, 64, False)):
        layer = random_layer(outputs, inputs, seed=0, bias=5000)
        make = "int8_linear"
        if dynamic:
            make, layer = "dynamic_linear", DynamicLinear(layer.weight, layer.weight_scale, layer.weight_offset)
        linear, activation = device.gated(getattr(device, make)(layer, dtype))
        assert isinstance(linear, cpu.Gated) == fits
        x = torch.randn(2, 103, inputs, generator=torch.Generator().manual_seed(1)).to(dtype)
        for count in (1, 5, 48, 103):
            rows = x[:, :count]
            expected = network.silu_mul(getattr(plain, make)(layer, torch.float32)(rows)).to(dtype)
            tolerance = {"rtol": 1e-5, "atol": 1e-5} if dtype == torch.float32 else {"rtol": 8e-3, "atol": 8e-3}
            if not fits and dtype == torch.bfloat16:
                tolerance = {"rtol": 3e-2, "atol": 3e-2}
            torch.testing.assert_close(activation(linear(rows)), expected, **tolerance)
