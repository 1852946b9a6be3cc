"""The linears of an Arm CPU (neon.py). tests/test_arm.py runs these by emulation on a machine that is none."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch

from baichuan2 import devices
from baichuan2.devices import native, neon
from baichuan2.devices.base import Device
from baichuan2.devices.cpu import CpuDevice
from baichuan2.engine.engine import Engine, Settings
from baichuan2.engine.weights import RandomWeights
from baichuan2.ranks.collectives import Ranks
from baichuan2.w8a8.arithmetic import DynamicLinear, QuantizedLinear, folded, quantize_weight
from helpers.models import ALIBI, RandomDynamic

pytestmark = pytest.mark.skipif(
    not (native.ON_ARM and devices.runs_native()), reason="no Arm CPU with dot products, and gcc"
)
GENERATOR = torch.Generator().manual_seed(0)
# 13B's input widths, with outputs that fill no block; sizes that fill neither a block nor a step
SHAPES = [(70, 5120), (23, 13696), (1, 1), (17, 33), (64, 64)]
ROWS = [1, 2, 3, 4, 5, 8, 40]


def test_a_machine_with_a_compiler_has_it():
    assert native.library() is not None
    assert CpuDevice().own_blocks


def layer_of(weight: torch.Tensor, bias: torch.Tensor) -> QuantizedLinear:
    """A static layer whose results are its int32 sums, as float32."""
    outputs, one = len(weight), torch.ones(1)
    scales = torch.ones(outputs)
    return QuantizedLinear(weight, scales[:, None], torch.zeros(outputs, 1), one, 0 * one, bias, scales, 0 * scales)


@pytest.mark.parametrize("values", ["random", "extreme"])
@pytest.mark.parametrize(("outputs", "inputs"), SHAPES)
def test_sums_are_exact(outputs, inputs, values):
    """Held against int64: each row's sums come as a bias, negative, so that only 0 is right in float32 too."""
    weight, q = (torch.randint(-128, 128, (n, inputs), generator=GENERATOR).to(torch.int8) for n in (outputs, 40))
    if values == "extreme":
        weight[::2], q[::2] = -128, -128
        weight[1::4], q[1::4] = 127, 127
    expected = torch.from_numpy(q.numpy().astype(np.int64) @ weight.numpy().astype(np.int64).T)
    for rows in ROWS:
        for row in {0, rows // 2, rows - 1}:
            linear = neon.Int8Linear(layer_of(weight, -expected[row].to(torch.int32)), torch.float32)
            found = linear(q[:rows].float())
            assert torch.equal(found, (expected[:rows] - expected[row]).float())


@pytest.mark.parametrize("dtype", [torch.int8, torch.bfloat16, torch.float32])
def test_a_weight_may_lie_anywhere(dtype):
    """Where an int32 may not begin, and as columns of another."""
    whole = torch.randint(-128, 128, (64 * 64 + 1,), generator=GENERATOR).to(dtype)
    for weight in (whole[1:].view(64, 64), whole[:-1].view(64, 64).t(), whole[:-1].view(32, 128)[:, 16:48]):
        assert torch.equal(neon.blocks(weight), neon.blocks(weight.clone(memory_format=torch.contiguous_format)))


def static_layer(outputs: int, inputs: int) -> QuantizedLinear:
    weight, scale = quantize_weight(torch.randn(outputs, inputs, generator=GENERATOR))
    return folded(weight, scale, torch.tensor([0.023]), torch.tensor([-17.0]))


def dynamic_layer(outputs: int, inputs: int) -> DynamicLinear:
    return DynamicLinear.of(torch.randn(outputs, inputs, generator=GENERATOR))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("outputs", "inputs"), SHAPES)
@pytest.mark.parametrize("rows", ROWS)
def test_both_schemes_are_the_formulas_to_the_last_bit(rows, outputs, inputs, dtype):
    ours, plain = CpuDevice(threads=2), Device()
    x = 2 * torch.randn(2, rows, inputs, generator=GENERATOR).to(dtype)
    x[0, 0, :3] = torch.tensor([1e30, -1e30, 0.0])[:inputs]  # beyond every clamp
    layer = static_layer(outputs, inputs)
    assert torch.equal(ours.int8_linear(layer, dtype)(x), plain.int8_linear(layer, dtype)(x))
    x[1, 0] = 0  # a token without a scale
    layer, largest = dynamic_layer(outputs, inputs), 2 * x.float().abs().amax(dim=-1, keepdim=True)
    for more in ((), (largest,)):
        assert torch.equal(ours.dynamic_linear(layer, dtype)(x, *more), plain.dynamic_linear(layer, dtype)(x, *more))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("outputs", "inputs"), SHAPES)
def test_float_linears_are_torchs(outputs, inputs, dtype):
    """As float32 sums of the numbers as they are stored, whatever rows and outputs are beside them."""
    weight = torch.randn(outputs, inputs, generator=GENERATOR).to(dtype)
    x = torch.randn(native.ARM_ROWS + 1, inputs, generator=GENERATOR).to(dtype)
    linear, expected = CpuDevice(threads=2).linear(weight), x.double() @ weight.double().t()
    assert isinstance(linear, neon.FloatLinear)
    rounding = torch.finfo(dtype).eps
    alone = torch.cat([linear(row[None]) for row in x])
    for rows in (*ROWS, native.ARM_ROWS, len(x)):
        found = linear(x[:rows])
        assert found.dtype == dtype
        # inputs**0.5 roundings' worth, of a sum that grows to inputs**0.5, one product after the other
        torch.testing.assert_close(found.double(), expected[:rows], rtol=2 * rounding, atol=3e-7 * inputs)
        if rows <= native.ARM_ROWS:
            assert torch.equal(found, alone[:rows])


def test_a_token_that_is_no_number_stays_none():
    x = torch.ones(3, 40)
    x[1, 7] = float("nan")
    y = CpuDevice().dynamic_linear(dynamic_layer(5, 40), torch.float32)(x)
    assert y.isnan().all(dim=1).tolist() == [False, True, False]


@pytest.mark.parametrize("weights", [partial(RandomWeights, quantized=True), RandomDynamic])
def test_a_network_of_these_has_the_same_logits(weights, monkeypatch):
    logits = []
    for name in ("ours", "plain"):
        if name == "plain":
            monkeypatch.setattr(CpuDevice, "int8_linear", Device.int8_linear)
            monkeypatch.setattr(CpuDevice, "dynamic_linear", Device.dynamic_linear)
        with torch.inference_mode():
            engine = Engine(
                ALIBI, lambda *_: weights(ALIBI), None, CpuDevice(threads=2), Ranks(), Settings("cpu", "float32", 128)
            )
            logits.append(engine.prefill(engine.cache_for(2, 128), [[5 + (7 * k) % 300 for k in range(40)], [3, 4]]))
    assert torch.equal(*logits)
