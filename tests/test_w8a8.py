"""The W8A8 engine against a numpy reference of its artefact, and the cut of the artefact."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch

from baichuan2.devices.base import Device
from baichuan2.devices.cpu import CpuDevice
from baichuan2.engine.engine import Engine, Settings
from baichuan2.engine.weights import quant_weights
from baichuan2.quantization.modelslim import ModelSlimParameters, quantize
from baichuan2.ranks.collectives import Ranks
from baichuan2.ranks.cutting import cut_layer, cut_quant
from baichuan2.w8a8.arithmetic import (
    DynamicLinear,
    QuantizedLinear,
    fold,
    folded,
    int8_product,
    rescaled,
    rounded_bits,
)
from baichuan2.w8a8.artefact import QuantArtefact
from helpers.models import ALIBI, ROPE, float64_logits, random_tensors
from helpers.tiers import sampled
from test_cut import check_ranks, few_ranks

IDS = [5 + (7 * k) % 300 for k in range(40)]
PROMPTS = ["中国的首都在哪里？", "what is the capital city of", "以下是关于考试的单项选择题，请选出其中的正确答案。"]


@pytest.fixture(scope="module", params=[ALIBI, ROPE], ids=["13b", "7b"])
def quantized(request, make_model):
    """(config, model directory, artefact directory): real ModelSlim, layer 1 rolled back."""
    model = make_model(request.param)
    prompts, out = model.parent / "p.txt", model.parent / "quant"
    prompts.write_text("\n".join(PROMPTS), encoding="utf-8")
    quantize(model, out, ModelSlimParameters(act_method=1, rollback=[1]), prompts)
    return request.param, model, out


def reference_linear(artefact: QuantArtefact, config):
    """Products as the artefact means them: int64 accumulators, exact, then one scale; float layers in float64."""
    weights = {name: tensor.double().numpy() for name, tensor in random_tensors(config).items()}

    def product(module: str, x: np.ndarray) -> np.ndarray:
        if module not in artefact.int8_layers:
            return x @ weights[f"{module}.weight"].T
        layer = artefact.linear(module)
        scale, offset = layer.input_scale.item(), layer.input_offset.item()
        q = np.clip(np.round(x / scale) + offset, -128, 127).astype(np.int64)
        accumulated = q @ layer.weight.numpy().astype(np.int64).T + layer.quant_bias.numpy()
        return accumulated * layer.deq_scale.double().numpy()

    return product


def engine_of(config, quant, dtype="float32") -> Engine:
    weights_of = partial(quant_weights, quant)
    return Engine(config, weights_of, None, CpuDevice(threads=2), Ranks(), Settings("cpu", dtype, 128))


def test_engine_agrees_with_the_numpy_reference(quantized, record_property):
    config, _, quant = quantized
    expected = float64_logits(config, random_tensors(config), IDS, reference_linear(QuantArtefact(quant), config))
    with torch.inference_mode():
        engine = engine_of(config, quant)
        found = engine.prefill(engine.cache_for(1, 128), [IDS])[0].numpy()
    difference = np.abs(found - expected[-1]).max() / np.abs(expected[-1]).max()
    record_property("relative difference", float(difference))
    # one activation that rounds the other way in float32 moves a logit by its weight times its scale
    assert difference < 2e-3
    naive = float64_logits(config, random_tensors(config), IDS)[-1]
    assert difference < 0.1 * np.abs(naive - expected[-1]).max() / np.abs(expected[-1]).max()


def test_what_is_int8_is_what_the_artefact_says(quantized):
    config, _, quant = quantized
    artefact = QuantArtefact(quant)
    assert not any(name.startswith("model.layers.1.") for name in artefact.int8_layers)
    assert len(artefact.int8_layers) == 5 * (config.num_hidden_layers - 1)


def random_layer(outputs: int, inputs: int, seed: int, bias: float = 0.0) -> QuantizedLinear:
    generator = torch.Generator().manual_seed(seed)
    weight = torch.randint(-127, 128, (outputs, inputs), generator=generator, dtype=torch.int8)
    scale = torch.rand(outputs, 1, generator=generator) * 0.01 + 0.001
    layer = folded(weight, scale, torch.tensor([0.03]), torch.tensor([-17.0]))
    layer.quant_bias += (bias * torch.randn(outputs, generator=generator)).to(torch.int32)
    return layer


@pytest.mark.parametrize("rows", [1, 3, 64])
@pytest.mark.parametrize("bias", [0.0, 1000.0])
def test_onednn_equals_the_plain_int8_product(rows, bias):
    layer = random_layer(96, 64, seed=rows, bias=bias)
    x = torch.randn(rows, 64, generator=torch.Generator().manual_seed(7)) * 2
    plain = Device().int8_linear(layer, torch.float32)(x)
    torch.testing.assert_close(CpuDevice().int8_linear(layer, torch.float32)(x), plain, rtol=1e-5, atol=1e-4)


def test_cpu_without_onednn_uses_torchs_own(monkeypatch):
    monkeypatch.setattr("baichuan2.devices.cpu.onednn_largest_u8", lambda: 0)
    monkeypatch.setattr("baichuan2.devices.cpu.has_onednn_linear", lambda dtype: False)
    device, layer, x = CpuDevice(), random_layer(8, 16, 0), torch.randn(2, 16)
    assert torch.equal(device.int8_linear(layer, torch.float32)(x), Device().int8_linear(layer, torch.float32)(x))
    weight = torch.randn(8, 16)
    assert torch.equal(device.linear(weight)(x), torch.nn.functional.linear(x, weight))


# 13B's widest layers: gate and up together, and down
WIDEST = {"gate-up": (27392, 5120), "down": (5120, 13696)}


def extremes(rows: int, inputs: int, low: int) -> torch.Tensor:
    """int8 [rows, I]: all 127, all `low`, pairs of both, pairs of both the other way round, then random ones."""
    pairs = torch.tensor([127, 127, low, low], dtype=torch.int8).repeat(inputs // 4)
    high = torch.full((inputs,), 127, dtype=torch.int8)
    chosen = torch.randint(2, (rows - 4, inputs), generator=torch.Generator().manual_seed(rows), dtype=torch.bool)
    return torch.stack([high, torch.full_like(high, low), pairs, pairs.roll(2), *torch.where(chosen, high, low)])


@pytest.mark.parametrize("few", sampled([True, False], True))
@pytest.mark.parametrize("layer", WIDEST)
def test_sums_of_the_widest_layers_are_exact(layer, few):
    """Every path's integers are int64's: bit for bit below 2^24, where float32 holds them, and rounded above."""
    outputs, inputs = WIDEST[layer]
    weight, q = extremes(32 if few else outputs, inputs, -128), extremes(6, inputs, -128)
    sums = int64_product(q, weight)
    assert sums.abs().max() == 128 * 128 * inputs
    assert (sums.abs() < 2**20).any()  # pairs that would saturate, in sums that are small
    assert torch.equal(int8_product(q, weight).long(), sums)
    one, device = torch.ones(len(weight), 1), CpuDevice()
    for offset in (-128, -17, 0, 127):
        static = folded(weight, one, torch.ones(1), torch.tensor([float(offset)]))
        y = device.int8_linear(static, torch.float32)(q.float() - offset)
        same_integers(y, sums - offset * weight.sum(1))
    q = q.clamp_min(-127)
    y = device.dynamic_linear(DynamicLinear(weight, one, torch.zeros_like(one)), torch.float32)(q.float())
    same_integers(y, int64_product(q, weight))


def int64_product(q: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return torch.cat([q.long() @ rows.long().t() for rows in weight.split(1024)], dim=1)


def same_integers(y: torch.Tensor, expected: torch.Tensor) -> None:
    error = (y.double() - expected).abs()
    assert not error[expected.abs() < 2**24].any()
    assert (error <= expected.abs() * 2.0**-23).all()


def test_a_rescaled_layer_is_the_layer():
    """Of another input_scale near its own, a float bias included: what `fold` makes of that scale."""
    weight = torch.randint(-127, 128, (5, 64), dtype=torch.int8)
    weight_scale, offset, bias = torch.rand(5, 1) + 0.01, torch.tensor([-7.0]), 10 * torch.randn(5)
    scales = torch.tensor([0.03]), torch.tensor([0.0301])
    layers = [
        QuantizedLinear(weight, weight_scale, torch.zeros(5, 1), scale, offset, *reversed(folds), bias)
        for scale in scales
        for folds in [fold(weight, weight_scale, scale, offset, bias)]
    ]
    result, expected = rescaled(layers[0], scales[1]), layers[1]
    assert torch.allclose(result.deq_scale, expected.deq_scale, rtol=1e-6)
    assert (result.quant_bias - expected.quant_bias).abs().max() <= 1  # rounded twice


def test_rounded_bits():
    """19 bits end at 2^-10 beside 1: the rest goes to the nearer neighbour, a half to the even one."""
    ulp = 2.0**-10
    x = torch.tensor([1 + 0.4 * ulp, 1 + 0.5 * ulp, 1 + 0.6 * ulp, 1 + 1.5 * ulp, 2 - 0.4 * ulp, 3e-5])
    expected = torch.tensor([1, 1, 1 + ulp, 1 + 2 * ulp, 2])
    assert torch.equal(rounded_bits(x, 19)[:5], expected)
    assert abs(rounded_bits(x, 19)[5] / x[5] - 1) <= ulp / 2
    assert not (rounded_bits(x, 19).view(torch.int32) & 0x1FFF).any()


@pytest.mark.parametrize("world_size", [2, 4])
@pytest.mark.parametrize("module", ["self_attn.W_pack", "self_attn.o_proj", "mlp.up_proj", "mlp.down_proj"])
def test_ranks_accumulators_add_up_exactly(module, world_size):
    """int32 accumulators, bias included, summed over ranks (row) or joined (column): the uncut layer's exactly."""
    name = f"model.layers.0.{module}"
    whole = random_layer(96, 64, seed=world_size, bias=5000)
    parts = cut_layer(name, whole, world_size)
    q = torch.randint(-128, 128, (5, 64), dtype=torch.int8, generator=torch.Generator().manual_seed(3))
    row_parallel = module in ("self_attn.o_proj", "mlp.down_proj")
    inputs = q.chunk(world_size, dim=1) if row_parallel else [q] * world_size
    accumulators = [accumulate(x, part) for x, part in zip(inputs, parts, strict=True)]
    expected = accumulate(q, whole)
    if row_parallel:
        assert torch.equal(sum(accumulators), expected)
        return
    blocks = 3 if module == "self_attn.W_pack" else 1
    stacked = [a.view(5, blocks, -1) for a in accumulators]
    assert torch.equal(torch.cat(stacked, dim=2).reshape(5, -1), expected)


def accumulate(q: torch.Tensor, layer: QuantizedLinear) -> torch.Tensor:
    return (q.long() @ layer.weight.long().t() + layer.quant_bias).to(torch.int32)


def test_ranks_give_the_answers_of_one(quantized, record_property):
    config, model, quant = quantized
    parts = quant / "part_model"
    bound = 1e-2  # a rounding that falls the other way: 6e-3 seen; a wrong share is wrong by far more
    check_ranks(
        model,
        lambda ranks: cut_quant(model, quant, parts, ranks),
        bound,
        record_property,
        quant,
        counts=few_ranks(config),
    )
