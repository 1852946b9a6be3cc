"""Dynamic W8A8: the formula, the artefact, the cut, the engine against float64 references, and the demo's exam."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from safetensors.torch import save_file

from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import get_protocol
from baichuan2.configuration.schema import read_config_file
from baichuan2.devices import native
from baichuan2.devices.base import Device
from baichuan2.devices.cpu import CpuDevice
from baichuan2.engine.engine import NEAR_TIE, Engine, Settings, open_engine
from baichuan2.engine.exact import exact_scores
from baichuan2.engine.model import DynamicRowParallel, concatenate
from baichuan2.engine.weights import quant_weights
from baichuan2.errors import UserError
from baichuan2.integrity import read_sealed, write_sealed
from baichuan2.model.directory import link_model, patch_config
from baichuan2.model.sizes import linear_names
from baichuan2.quantization.quantizing import StreamingParameters, quantize
from baichuan2.quantization.rollback import resolve_rollback
from baichuan2.ranks.collectives import Ranks
from baichuan2.ranks.cutting import cut_layer, cut_quant, join
from baichuan2.w8a8.arithmetic import SMALLEST_SCALE, DynamicLinear, names_of, quantize_tokens, quantize_weight
from baichuan2.w8a8.artefact import DYNAMIC, QuantArtefact
from helpers.models import ALIBI, ROPE, float64_logits, random_tensors, score_exam
from helpers.projects import ROOT, copy_project, snakemake
from test_cut import check_ranks, few_ranks

IDS = [5 + (7 * k) % 300 for k in range(40)]
ROLLBACK = [1, "*.mlp.down_proj"]


def quantize_dynamic(model: Path, out: Path, rollback=(), per_tensor: bool = False) -> dict:
    params = StreamingParameters(scheme="dynamic", rollback=tuple(rollback), mm_tensor=per_tensor)
    return quantize(model, out, params, None)


def random(*shape, seed=0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def of_tokens(x: np.ndarray, layer: DynamicLinear) -> np.ndarray:
    """The scheme's definition in float64: x [T, I] -> [T, O], sums exact in int64."""
    scale = np.maximum(np.abs(x).max(-1, keepdims=True) / 127, SMALLEST_SCALE)
    sums = np.round(x / scale).astype(np.int64) @ layer.weight.numpy().astype(np.int64).T
    return sums * scale * layer.weight_scale.double().numpy().T


# ---- the arithmetic --------------------------------------------------------------------------------------------


def test_tokens_are_quantized_as_numpy_does():
    x = random(3, 5, 64) * torch.logspace(-4, 3, 5)[:, None]
    x[1, 2] = 0
    q, scale = quantize_tokens(x)
    wide = x.double().numpy()
    expected = np.maximum(np.abs(wide).max(-1, keepdims=True) / 127, SMALLEST_SCALE)
    np.testing.assert_allclose(scale.numpy(), expected, rtol=1e-7)
    np.testing.assert_array_equal(q.numpy(), np.round(wide / expected))
    assert q.abs().amax(-1)[x.any(-1)].unique().tolist() == [127]


def test_a_part_of_a_token_takes_the_whole_ones_scale():
    x = random(4, 64)
    whole, scale = quantize_tokens(x)
    largest = x.abs().amax(-1, keepdim=True)
    parts = [quantize_tokens(part, largest) for part in x.chunk(2, dim=-1)]
    assert torch.equal(torch.cat([q for q, _ in parts], -1), whole)
    assert all(torch.equal(part_scale, scale) for _, part_scale in parts)


@pytest.mark.parametrize("device", [Device, CpuDevice])
@pytest.mark.parametrize("rows", [1, 3, 64])
def test_a_layer_is_the_formula(device, rows):
    layer, x = DynamicLinear.of(random(96, 200)), random(rows, 200, seed=1) * torch.logspace(-2, 2, rows)[:, None]
    found = device().dynamic_linear(layer, torch.float32)(x)
    np.testing.assert_allclose(found.numpy(), of_tokens(x.double().numpy(), layer), rtol=1e-6, atol=1e-6)
    largest = 3 * x.abs().amax(-1, keepdim=True)
    coarse = device().dynamic_linear(layer, torch.float32)(x, largest)
    padded = torch.cat((x, largest), -1)  # a wider token whose largest number meets no weight
    wide = DynamicLinear.of(torch.cat((random(96, 200), torch.zeros(96, 1)), -1))
    np.testing.assert_allclose(coarse.numpy(), of_tokens(padded.double().numpy(), wide), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_every_cpu_path_is_the_plain_one(monkeypatch, dtype):
    layer, x = DynamicLinear.of(random(96, 200)), random(2, 5, 200, seed=1).to(dtype)
    expected = Device().dynamic_linear(layer, dtype)(x)
    assert torch.equal(CpuDevice().dynamic_linear(layer, dtype)(x), expected)
    monkeypatch.setattr(native, "can", lambda x: False)
    assert torch.equal(CpuDevice().dynamic_linear(layer, dtype)(x), expected)
    monkeypatch.setattr("baichuan2.devices.cpu.onednn_largest_u8", lambda: 0)
    assert torch.equal(CpuDevice().dynamic_linear(layer, dtype)(x), expected)


@pytest.mark.parametrize("device", [Device, CpuDevice])
@pytest.mark.parametrize("inputs", [40, 200])
def test_a_token_that_is_no_number_stays_none(device, inputs):
    """Wherever in the token it is: its code is some number, so its scale must say it."""
    layer = DynamicLinear.of(random(128, inputs))
    linear, (gated, activation) = (
        device().dynamic_linear(layer, torch.float32), device().gated(device().dynamic_linear(layer, torch.float32))
    )  # fmt: skip
    x = random(inputs + 1, inputs, seed=1).fill_diagonal_(torch.nan)
    for y in (linear(x), activation(gated(x))):
        assert y.isnan().all(dim=1).tolist() == [True] * inputs + [False]
    assert linear(x[3:4]).isnan().all()


def test_linears_that_share_an_input_are_one():
    gate, up = (DynamicLinear.of(random(8, 16, seed=seed)) for seed in (0, 1))
    x, device = random(3, 16, seed=2), Device()
    both = device.dynamic_linear(concatenate([gate, up]), torch.float32)(x)
    assert torch.equal(both, torch.cat([device.dynamic_linear(one, torch.float32)(x) for one in (gate, up)], -1))


# ---- the artefact ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[ALIBI, ROPE], ids=["13b", "7b"])
def quantized(request, make_model):
    """(config, model directory, artefact directory), with a roll-back list."""
    model = make_model(request.param)
    quantize_dynamic(model, model.parent / "quant", ROLLBACK)
    return request.param, model, model.parent / "quant"


def test_an_artefact_reads_back(quantized):
    config, _, quant = quantized
    assert {path.name for path in quant.iterdir() if path.is_file()} == {
        "config.json", "manifest.json", "quant_model_description.json",
        "quant_model_weight_w8a8_dynamic.safetensors",
    }  # fmt: skip
    artefact, tensors = QuantArtefact(quant), random_tensors(config)
    left = resolve_rollback(ROLLBACK, config)
    assert artefact.int8_layers == [name for name in linear_names(config) if name not in left]
    assert artefact.manifest["scheme"] == "dynamic per-token activations, per-channel weights"
    assert artefact.manifest["parameters"]["rollback"] == ROLLBACK
    for name, tensor in tensors.items():
        module = name.removesuffix(".weight")
        if module not in artefact.int8_layers:
            assert torch.equal(artefact.float_tensor(name), tensor)
            continue
        layer = artefact.linear(module)
        assert type(layer) is DynamicLinear
        weight, scale = quantize_weight(tensor)
        assert torch.equal(layer.weight, weight)
        assert torch.equal(layer.weight_scale, scale)
        assert not layer.weight_offset.any()


def test_the_description_is_vllm_ascends(quantized):
    """One entry for each tensor that is there, and the three of a W8A8_DYNAMIC linear."""
    _, _, quant = quantized
    description = json.loads((quant / "quant_model_description.json").read_text())
    assert description.pop("model_quant_type") == "W8A8_DYNAMIC"
    artefact = QuantArtefact(quant)
    assert sorted(description) == artefact.names()
    int8 = {name for name, kind in description.items() if kind == "W8A8_DYNAMIC"}
    fields = ("weight", "weight_scale", "weight_offset")
    assert int8 == {f"{module}.{field}" for module in artefact.int8_layers for field in fields}
    assert {description[name] for name in description.keys() - int8} == {"FLOAT"}


def test_one_scale_a_tensor_and_the_same_bytes_again(make_model, tmp_path):
    model, threads = make_model(), torch.get_num_threads()
    manifests = []
    for count in (1, 2):
        torch.set_num_threads(count)
        manifests.append(quantize_dynamic(model, tmp_path / str(count), per_tensor=True))
    torch.set_num_threads(threads)
    assert manifests[0] == manifests[1]
    artefact = QuantArtefact(tmp_path / "1")
    assert all(artefact.linear(name).weight_scale.unique().numel() == 1 for name in artefact.int8_layers)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 1}, "manifest.json: version 1, read is 2; give another"),
        ({"scheme": "by moonlight"}, "manifest.json: scheme 'by moonlight' is not known here"),
        ({"scheme": ["dynamic"]}, "is not known here"),
        ({"scheme": "static per-tensor activations, per-channel weights"}, "version 2, read is 1"),
    ],
)
def test_another_scheme_or_version_is_refused(make_model, tmp_path, change, told):
    quantize_dynamic(make_model(), tmp_path / "quant")
    path = tmp_path / "quant" / "manifest.json"
    write_sealed(path, read_sealed(path) | change)
    with pytest.raises(UserError) as refused:
        QuantArtefact(tmp_path / "quant")
    assert told in str(refused.value)


def test_a_rollback_of_everything_is_refused(make_model, tmp_path):
    with pytest.raises(UserError, match=r"quantize\.rollback: leaves no layer to quantize"):
        quantize_dynamic(make_model(), tmp_path / "quant", ["*"])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [np.nan, -np.inf])
@pytest.mark.parametrize(
    "name", ["model.layers.1.input_layernorm.weight", "model.embed_tokens.weight", "lm_head.weight"]
)
def test_float_tensors_that_are_not_finite_are_refused(make_source, tmp_path, name, number):
    """No calibration has seen them; and behind a norm codes would not show it."""
    source, model = make_source(tmp_path / "source", ALIBI, "safetensors"), tmp_path / "model"
    tensors = random_tensors(ALIBI)
    tensors[name].view(-1)[-1] = number
    save_file(tensors, source / "model.safetensors")
    link_model(source, model)
    patch_config(source, model)
    with pytest.raises(UserError, match=rf"^{name}: the weights have numbers that are not finite"):
        quantize_dynamic(model, tmp_path / "quant")
    assert not (tmp_path / "quant").exists()


# ---- the cut and the ranks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("world_size", [2, 4])
@pytest.mark.parametrize("module", ["self_attn.W_pack", "self_attn.o_proj", "mlp.up_proj", "mlp.down_proj"])
def test_parts_make_the_layer_and_its_outputs_again(module, world_size):
    """Row parallel: the parts' outputs by the whole token's scale add up; by their own they do not."""
    name, whole = f"model.layers.0.{module}", DynamicLinear.of(random(96, 64, seed=world_size))
    parts = cut_layer(name, whole, world_size)
    for field in names_of(DynamicLinear):
        joined = join(f"{name}.{field}", [getattr(part, field) for part in parts])
        assert torch.equal(joined, getattr(whole, field))
    if module not in ("self_attn.o_proj", "mlp.down_proj"):
        return
    x, device = random(5, 64, seed=9), Device()
    largest = x.abs().amax(-1, keepdim=True)
    linears = [device.dynamic_linear(part, torch.float32) for part in parts]
    expected = device.dynamic_linear(whole, torch.float32)(x)
    pieces = list(zip(linears, x.chunk(world_size, -1), strict=True))
    torch.testing.assert_close(sum(linear(piece, largest) for linear, piece in pieces), expected)
    assert (sum(linear(piece) for linear, piece in pieces) - expected).abs().max() > 1e-2


class OneOfTwo(Ranks):
    """A rank whose partner has seen a larger number in every token."""

    def __init__(self):
        super().__init__(0, 2)

    def largest(self, values):
        assert values.dtype == torch.float32
        return values * 2

    def sum(self, partial):
        return partial


def test_a_rank_multiplies_by_the_scale_that_all_agree_on():
    linear, x = Device().dynamic_linear(DynamicLinear.of(random(8, 16)), torch.bfloat16), random(2, 3, 16).bfloat16()
    found = DynamicRowParallel(linear, OneOfTwo())(x)
    assert torch.equal(found, linear(x, 2 * x.abs().amax(-1, keepdim=True).float()))
    assert not torch.equal(found, linear(x))


def test_ranks_give_the_answers_of_one(quantized, record_property):
    """Prefill by torch's operators and decode by native.c, whose two-call halves are for ranks alone."""
    config, model, quant = quantized

    def cut(world_size: int) -> None:
        cut_quant(model, quant, quant / "part_model", world_size)
        assert QuantArtefact(quant / "part_model" / "1").scheme is DYNAMIC

    check_ranks(
        model, cut, 2e-3, record_property, quant, counts=few_ranks(config)
    )  # one activation that rounds the other way


# ---- the engine ------------------------------------------------------------------------------------------------


def reference_linear(artefact: QuantArtefact, config):
    """A product of the artefact's layers by definition; layers left in float in float64."""
    weights = {name: tensor.double().numpy() for name, tensor in random_tensors(config).items()}

    def product(module: str, x: np.ndarray) -> np.ndarray:
        if module not in artefact.int8_layers:
            return x @ weights[f"{module}.weight"].T
        return of_tokens(x, artefact.linear(module))

    return product


def test_engine_agrees_with_the_float64_reference(quantized, record_property):
    config, _, quant = quantized
    expected = float64_logits(config, random_tensors(config), IDS, reference_linear(QuantArtefact(quant), config))[-1]
    with torch.inference_mode():
        settings = Settings("cpu", "float32", 128)
        engine = Engine(config, partial(quant_weights, quant), None, CpuDevice(threads=2), Ranks(), settings)
        found = engine.prefill(engine.cache_for(1, 128), [IDS])[0].numpy()
        cache = engine.cache_for(1, 128)
        engine.prefill(cache, [IDS[:-1]])
        decoder = engine.model.decoder(cache, [len(IDS) - 1])
        decoder.prepare()
        decoded = decoder.step([IDS[-1]])[0].numpy()
        in_float64 = np.array(engine.score_exactly([IDS])[0])
    largest = np.abs(expected).max()
    assert np.abs(in_float64 - expected).max() < 1e-6 * largest
    naive = float64_logits(config, random_tensors(config), IDS)[-1]
    for path, logits in (("prefill", found), ("decode", decoded)):
        difference = np.abs(logits - expected).max() / largest
        record_property(f"{path}: relative difference", float(difference))
        assert difference < 2e-3
        assert difference < 0.1 * np.abs(naive - expected).max() / largest
    assert engine.environment()["precision"] == "w8a8-dynamic"
    assert engine.near_tie == NEAR_TIE["w8a8-dynamic"]


def test_float64_scores_are_those_of_the_candidates(quantized):
    config, _, quant = quantized
    product = reference_linear(QuantArtefact(quant), config)
    found = exact_scores(config, quant_weights(quant, 0, 1), [IDS[:9]], [3, 4, 5, 6])[0]
    expected = float64_logits(config, random_tensors(config), IDS[:9], product)[-1]
    assert np.abs(np.array(found) - expected[3:7]).max() < 1e-6 * np.abs(expected).max()


# ---- the demo --------------------------------------------------------------------------------------------------

DEMO_ROLLBACK = read_config_file(ROOT / "config/config.yaml")["quantize"]["rollback"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    model = tmp_path_factory.mktemp("demo") / "model"
    source = ROOT / "resources" / "demo" / "model"
    link_model(source, model)
    patch_config(source, model)
    return model


@pytest.mark.parametrize(("rollback", "least", "most"), [([], 490, 515), (DEMO_ROLLBACK, 515, 520)])
def test_the_demos_exam(demo, tmp_path, rollback, least, most, record_property):
    """Without roll-back a few points are lost to the outliers, of which one lies in every token; with it, none."""
    quantize_dynamic(demo, tmp_path / "quant", rollback)
    exam = Exam.read(ROOT / "resources/demo/exam", read_subjects(ROOT / "resources/ceval_subjects.csv"))
    with open_engine(Settings("cpu", "float32", 4096, 2), demo, tmp_path / "quant") as engine:
        records = score_exam(engine, exam, get_protocol("official"))
    correct = sum(record.correct for record in records)
    record_property(f"correct of 520, {len(rollback)} linears in float", correct)
    assert len(records) == 520
    assert least <= correct <= most


@pytest.mark.exhaustive
def test_the_workflow_in_dynamic(tmp_path):
    """From config.yaml to tables that say so, for two ranks; nothing is calibrated."""
    project, overlay = copy_project(tmp_path / "项目 dynamic"), tmp_path / "dynamic.yaml"
    settings = {"quantize": {"scheme": "dynamic"}, "parallel": {"world_size": 2}, "ceval": {"subjects": ["law"]}}
    overlay.write_text(
        yaml.safe_dump(settings | {"perf": {"case_pair": [[4, 2]], "repeats": 1, "rounds": 1}}), encoding="utf-8"
    )
    done = snakemake(project, "results/ceval_quant", "results/perf_quant", "--configfile", str(overlay))
    assert done.returncode == 0, done.stdout + done.stderr
    results = project / "results"
    assert not (results / "records/calibration.json").exists()
    assert not list((results / "quant").rglob("*.npy"))
    assert QuantArtefact(results / "quant").manifest["parameters"]["rollback"] == DEMO_ROLLBACK
    for task in ("ceval_quant", "perf_quant"):
        run = read_sealed(results / task / "summary.json")["run"]
        assert (run["precision"], run["world_size"]) == ("w8a8-dynamic", 2)
        assert "w8a8-dynamic" in (results / task / "summary.md").read_text(encoding="utf-8")
    [table] = (results / "perf_quant").glob("performance_test_*.csv")
    assert "_w8a8-dynamic_" in table.name
    assert read_sealed(results / "ceval_quant/summary.json")["average"]["correct"] >= 9
