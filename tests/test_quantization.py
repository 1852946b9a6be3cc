"""W8A8: the arithmetic, the artefact's files, the roll-back list, and the real ModelSlim on a tiny model."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from sentencepiece import SentencePieceTrainer

from baichuan2.errors import UserError
from baichuan2.files import publish_directory
from baichuan2.integrity import files_beside, read_sealed, write_sealed
from baichuan2.model.directory import AUTO_MAP, copy_modeling_files
from baichuan2.model.prompts import Prompt, read_prompts
from baichuan2.model.sizes import ModelConfig, linear_names, tensor_shapes
from baichuan2.modeling.configuration_baichuan import BaichuanConfig
from baichuan2.modeling.modeling_baichuan import BaichuanForCausalLM
from baichuan2.quantization import modelslim
from baichuan2.quantization.modelslim import ModelSlimParameters, quantize_samples
from baichuan2.quantization.prompts import encode_prompts
from baichuan2.quantization.rollback import resolve_rollback
from baichuan2.w8a8.arithmetic import (
    PIECE,
    SMALLEST_SCALE,
    activation_parameters,
    decode_deq_scale,
    encode_deq_scale,
    fold,
    folded,
    pieces,
    quantize_weight,
)
from baichuan2.w8a8.arrays import read_arrays, write_arrays
from baichuan2.w8a8.artefact import GUIDE_ARRAYS, ArtefactWriter, QuantArtefact
from helpers.projects import ROOT

RESOURCES = ROOT / "resources"
SIZES = ModelConfig(
    vocab_size=128, hidden_size=96, intermediate_size=160, num_hidden_layers=2, num_attention_heads=12,
    position_embedding="alibi",
)  # fmt: skip
FIVE_WAYS = ("self_attn.W_pack", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj")


# The arithmetic


def test_weights_are_quantized_as_numpy_does():
    """In three pieces of rows (real weights have many); half codes go to the even one."""
    weight = torch.randn(6, PIECE // 2, generator=torch.Generator().manual_seed(0))
    weight *= torch.logspace(-2, 2, 6)[:, None]
    assert len(list(pieces(weight))) == 3
    weight[2] = 0
    weight[3] = torch.tensor([0.5, -1.5, 2.5, 127]).repeat(PIECE // 8)
    weight[4, -1] = 5000
    weight[5] = -0.3
    q, scale = quantize_weight(weight)
    assert q[3, :4].tolist() == [0, -2, 2, 127]
    wide = weight.numpy()
    expected = np.maximum(np.abs(wide).max(1, keepdims=True) / np.float32(127), np.float32(SMALLEST_SCALE))
    np.testing.assert_array_equal(scale.numpy(), expected)
    np.testing.assert_array_equal(q.numpy(), np.rint(wide / expected).astype(np.int8))
    assert q.abs().amax(1).tolist() == [127, 127, 0, 127, 127, 127]


def test_one_scale_a_tensor():
    weight = torch.tensor([[1.0, -2.0], [0.5, 0.25]])
    q, scale = quantize_weight(weight, per_tensor=True)
    assert scale.shape == (2, 1)
    assert scale.unique().numel() == 1
    assert q.tolist() == [[64, -127], [32, 16]]


@pytest.mark.parametrize(
    ("low", "high", "codes"), [(-1.0, 2.0, (-128, 127)), (0.5, 3.0, (-128, 127)), (-3.0, -1.0, (-128, 127))]
)
def test_activation_range_holds_zero_exactly(low, high, codes):
    scale, offset = activation_parameters(torch.tensor(low), torch.tensor(high))
    ends = torch.tensor([min(low, 0.0), max(high, 0.0)])
    assert tuple((ends / scale + offset).round().tolist()) == codes
    assert -128 <= offset <= 127
    assert offset == offset.round()


def test_a_folded_layer_computes_the_float_product():
    generator = torch.Generator().manual_seed(1)
    weight, x = torch.randn(8, 64, generator=generator), torch.randn(16, 64, generator=generator)
    layer = folded(*quantize_weight(weight), *activation_parameters(x.min(), x.max()))
    xq = (x / layer.input_scale).round().add(layer.input_offset).clamp(-128, 127).to(torch.int64)
    y = (xq @ layer.weight.T.to(torch.int64) + layer.quant_bias) * layer.deq_scale
    assert (y - x @ weight.T).abs().max() < 0.3
    exact = (xq - layer.input_offset) * layer.input_scale @ (layer.weight * layer.weight_scale).T
    torch.testing.assert_close(y, exact, rtol=0, atol=1e-4)


def test_fold_is_exact_where_float32_is_not():
    weight = torch.full((1, 20000), 127, dtype=torch.int8)
    weight[0, 0] = 126
    _, bias = fold(weight, torch.ones(1, 1), torch.ones(1), torch.tensor([-127.0]), torch.zeros(1))
    assert bias.item() == 127 * (20000 * 127 - 1)


def test_fold_carries_a_bias_and_refuses_scales_that_vanished():
    weight, bias = torch.ones(1, 4, dtype=torch.int8), torch.tensor([2.0])
    deq_scale, quant_bias = fold(weight, torch.tensor([[0.5]]), torch.tensor([0.5]), torch.tensor([3.0]), bias)
    assert (deq_scale.item(), quant_bias.item()) == (0.25, 8 - 12)
    with pytest.raises(ValueError, match="not positive"):
        fold(weight, torch.zeros(1, 1), torch.ones(1), torch.zeros(1), bias)
    with pytest.raises(ValueError, match="int32"):
        fold(weight, torch.full((1, 1), 1e-20), torch.ones(1), torch.zeros(1), bias)


def test_deq_scale_in_both_forms():
    scale = torch.tensor([1.0, 3.5e-5, 1e-12])
    bits = encode_deq_scale(scale, torch.float16)
    assert bits.dtype == torch.int64
    assert bits[0] == 0x3F800000
    assert torch.equal(decode_deq_scale(bits), scale)
    assert torch.equal(decode_deq_scale(encode_deq_scale(scale, torch.bfloat16)), scale)
    with pytest.raises(ValueError, match="int64"):
        decode_deq_scale(scale.half())


# The guide's .npy files


def test_arrays_are_what_other_scripts_load(tmp_path):
    path = tmp_path / "deq_scale.npy"
    arrays = {"a": torch.arange(100)[10:13], "b": torch.ones(2, 3, dtype=torch.int8)}
    write_arrays(path, arrays)
    first = path.read_bytes()
    assert len(first) < 8000, "a view brought the rest of its storage along"
    for loaded in (np.load(path, allow_pickle=True).item(), read_arrays(path)):
        assert all(torch.equal(loaded[name], tensor) for name, tensor in arrays.items())
    write_arrays(path, arrays)
    assert path.read_bytes() == first


def test_arrays_that_others_wrote_are_read(tmp_path):
    path = tmp_path / "x.npy"
    marked = torch.nn.Parameter(torch.ones(1))
    marked._is_hf_initialized = True  # as transformers does
    parameter = torch.nn.Parameter(torch.zeros(1))
    np.save(path, {"t": torch.ones(2), "p": parameter, "m": marked, "n": np.arange(3, dtype=np.int8)})
    loaded = read_arrays(path)
    assert [loaded[name].tolist() for name in "tpmn"] == [[1, 1], [0], [1], [0, 1, 2]]


class Malice:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_a_malicious_file_is_refused_and_not_run(tmp_path):
    path, harm = tmp_path / "quant_weight.npy", tmp_path / "harm"
    np.save(path, {"a": Malice(harm)}, allow_pickle=True)
    with pytest.raises(UserError, match=r"quant_weight\.npy: refused, it asks for posix\.mkdir"):
        read_arrays(path)
    assert not harm.exists()


def test_a_malicious_storage_is_refused_and_not_run(tmp_path):
    path, harm = tmp_path / "quant_weight.npy", tmp_path / "harm"

    class Storage:
        def __reduce__(self):
            import io

            buffer = io.BytesIO()
            torch.save(Malice(harm), buffer)
            return torch.storage._load_from_bytes, (buffer.getvalue(),)

    np.save(path, {"a": Storage()}, allow_pickle=True)
    with pytest.raises(UserError, match=r"quant_weight\.npy"):
        read_arrays(path)
    assert not harm.exists()


@pytest.mark.parametrize("spoil", [lambda b: b[:-40], lambda b: b"PK" + b, lambda b: b""])
def test_a_broken_file_is_named(tmp_path, spoil):
    path = tmp_path / "x.npy"
    write_arrays(path, {"a": torch.ones(3)})
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(UserError, match=r"x\.npy"):
        read_arrays(path)


# The roll-back list


def test_rollback_by_number_name_and_glob():
    assert resolve_rollback([], SIZES) == []
    assert resolve_rollback([1], SIZES) == [f"model.layers.1.{name}" for name in FIVE_WAYS]
    downs = ["model.layers.0.mlp.down_proj", "model.layers.1.mlp.down_proj"]
    assert resolve_rollback(["*.mlp.down_proj"], SIZES) == downs
    assert resolve_rollback([downs[1], *downs], SIZES) == downs


def test_rollback_keeps_gate_and_up_together():
    pair = ["model.layers.0.mlp.gate_proj", "model.layers.0.mlp.up_proj"]
    assert resolve_rollback([pair[0]], SIZES) == pair
    assert resolve_rollback([pair[1]], SIZES) == pair


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (2, "0 to 1"),
        (-1, "0 to 1"),
        (True, "give a layer number"),
        (1.5, "give a layer number"),
        ("lm_head", "nearest"),
        ("model.layers.0.mlp.dwn_proj", "'model.layers.0.mlp.down_proj'"),
        ("*.mlp.downproj", r"'\*\.mlp\.down_proj'"),
    ],
)
def test_rollback_names_what_matches_nothing(entry, told):
    with pytest.raises(UserError, match=rf"quantize\.rollback.*{told}"):
        resolve_rollback([entry], SIZES)


# Calibration prompts


@pytest.mark.parametrize(("name", "count"), [("guide-5", 5), ("guide-50", 50)])
def test_the_prompts_that_come_with_the_workflow(name, count):
    prompts = read_prompts(RESOURCES / "calibration" / f"{name}.jsonl")
    assert len(prompts) == len({prompt.text for prompt in prompts}) == count


def test_a_prompt_longer_than_the_model_is_named():
    tokenizer = SimpleNamespace(encode=lambda prompt: list(prompt.encode()))
    texts = (("p.txt:1", "abc"), ("p.txt:3", "abcd"))
    short, long = (Prompt(({"role": "user", "content": text},), place) for place, text in texts)
    assert encode_prompts(tokenizer, [short], 3)[0].tolist() == [[97, 98, 99]]
    with pytest.raises(UserError, match=r"p\.txt:3: 4 tokens"):
        encode_prompts(tokenizer, [short, long], 3)


# The artefact


def write_artefact(directory: Path, dtype=torch.bfloat16, shard_bytes=2**30) -> dict:
    directory.mkdir()
    generator = torch.Generator().manual_seed(2)
    shapes = tensor_shapes(SIZES)
    int8 = [name for name in linear_names(SIZES) if not name.endswith("down_proj")]
    writer = ArtefactWriter(directory, shapes, int8, dtype, shard_bytes, guide_arrays=True)
    for name, shape in shapes.items():
        module, tensor = name.removesuffix(".weight"), torch.randn(shape, generator=generator)
        if module in int8:
            layer = folded(*quantize_weight(tensor), torch.tensor([0.01]), torch.tensor([3.0]))
            writer.add_linear(module, layer)
        else:
            writer.add_float(name, tensor)
    return writer.finish("test", {"seed": 0})


@pytest.mark.parametrize(("dtype", "stored"), [(torch.float16, torch.int64), (torch.bfloat16, torch.float32)])
@pytest.mark.parametrize("shard_bytes", [2**30, 60_000])
def test_an_artefact_reads_back(tmp_path, dtype, stored, shard_bytes):
    out = tmp_path / "quant"
    manifest = write_artefact(out, dtype, shard_bytes)
    assert manifest == read_sealed(out / "manifest.json")
    assert manifest["float"] == ["model.layers.0.mlp.down_proj", "model.layers.1.mlp.down_proj"]
    assert manifest["int8_share_of_linear_bytes"] == pytest.approx(1 - 160 / (96 * 4 + 160 * 3), abs=1e-6)
    artefact = QuantArtefact(out)
    description = json.loads((out / "quant_model_description.json").read_text())
    assert sorted(description) == sorted([*artefact.names(), "model_quant_type"])
    assert description["lm_head.weight"] == "FLOAT"
    assert description["model.layers.0.mlp.up_proj.deq_scale"] == "W8A8"
    assert artefact.float_tensor("lm_head.weight").dtype == dtype
    assert read_arrays(out / "deq_scale.npy")[artefact.int8_layers[0]].dtype == stored
    assert artefact.int8_layers == [n for n in linear_names(SIZES) if not n.endswith("down_proj")]
    for field, file in GUIDE_ARRAYS.items():
        same_arrays(artefact, field, read_arrays(out / file))


def test_weights_beyond_the_models_dtype_are_refused(tmp_path):
    writer = ArtefactWriter(tmp_path, tensor_shapes(SIZES), linear_names(SIZES)[:1], torch.float16)
    with pytest.raises(UserError, match=r"torch_dtype: model\.norm\.weight has values beyond float16's; set bf"):
        writer.add_float("model.norm.weight", torch.full(tensor_shapes(SIZES)["model.norm.weight"], 1e5))


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("stored", [torch.float32, torch.bfloat16])
def test_a_float_tensor_that_is_not_finite_is_refused(tmp_path, stored, number):
    """Calibration sees neither the output layer nor tokens that no prompt has."""
    writer = ArtefactWriter(tmp_path, tensor_shapes(SIZES), linear_names(SIZES)[:1], torch.bfloat16)
    tensor = torch.ones(tensor_shapes(SIZES)["lm_head.weight"], dtype=stored)
    tensor[77, 5] = number
    with pytest.raises(UserError, match=r"^lm_head\.weight: the weights have numbers that are not finite"):
        writer.add_float("lm_head.weight", tensor)


def same_arrays(artefact: QuantArtefact, field: str, arrays: dict[str, torch.Tensor]) -> None:
    """The artefact's field of every int8 linear is one of `arrays`, in whose place may stand one number for all."""
    for name in artefact.int8_layers:
        value, expected = arrays[name], getattr(artefact.linear(name), field)
        value = decode_deq_scale(value) if field == "deq_scale" else value
        assert torch.equal(value.reshape(expected.shape if value.numel() > 1 else 1).expand_as(expected), expected)


def test_the_same_artefact_has_the_same_bytes(tmp_path):
    assert write_artefact(tmp_path / "a")["files"] == write_artefact(tmp_path / "b")["files"]


def spoil_manifest(path: Path, change) -> None:
    value = read_sealed(path)
    change(value)
    write_sealed(path, value)


def test_a_link_to_another_disk_stays_one(tmp_path):
    (tmp_path / "quant").symlink_to(tmp_path / "disk/quant")  # which is not there yet
    for text in ("first", "second"):
        with publish_directory(tmp_path / "quant") as partial:
            assert partial.parent == tmp_path / "disk"
            (partial / "file").write_text(text)
        assert (tmp_path / "quant").is_symlink()
        assert (tmp_path / "disk/quant/file").read_text() == text
    assert [path.name for path in (tmp_path / "disk").iterdir()] == ["quant"]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("quant_bias.npy", lambda p: p.unlink()),
        ("quant_model_weight_w8a8.safetensors", lambda p: p.write_bytes(p.read_bytes()[:-8])),
        ("quant_model_weight_w8a8.safetensors", flip),
        ("fp_bias.npy", flip),
        ("manifest.json", flip),
        ("manifest.json", lambda p: p.unlink()),
        ("manifest.json", lambda p: spoil_manifest(p, lambda m: m.update(format="else"))),
        ("manifest.json", lambda p: spoil_manifest(p, lambda m: m.update(version=2))),
    ],
)
def test_a_spoilt_artefact_is_named(tmp_path, name, spoil):
    out = tmp_path / "quant"
    write_artefact(out)
    spoil(out / name)
    with pytest.raises(UserError, match=name.replace(".", r"\.")):
        QuantArtefact(out)


def test_a_manifest_that_disagrees_is_refused(tmp_path):
    out = tmp_path / "quant"
    write_artefact(out)
    spoil_manifest(out / "manifest.json", lambda m: m["int8"].append("model.layers.0.mlp.down_proj"))
    with pytest.raises(UserError, match=r"quant_model_description\.json: model\.layers\.0\.mlp\.down_proj"):
        QuantArtefact(out)


def test_a_bias_that_is_not_there_is_refused(tmp_path):
    out = tmp_path / "quant"
    write_artefact(out)
    write_arrays(out / "fp_bias.npy", {"another": torch.ones(1)})
    spoil_manifest(out / "manifest.json", lambda m: m.update(files=files_beside(out, set(m["files"]))))
    artefact = QuantArtefact(out)
    with pytest.raises(UserError, match=r"fp_bias\.npy: model\.layers\.0.*: missing; quantize again"):
        artefact.linear(artefact.int8_layers[0])


def test_a_layer_left_out_is_noticed(tmp_path):
    writer = ArtefactWriter(tmp_path, tensor_shapes(SIZES), linear_names(SIZES), torch.float16)
    with pytest.raises(ValueError, match="never written"):
        writer.finish("test", {})


# The real ModelSlim


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Matrices this small are slower on more threads, far slower on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    """A random float16 model with an outlier channel behind each norm, as real models have."""
    directory = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    sizes = {name: getattr(SIZES, name) for name in tensor_sizes()}
    model = BaichuanForCausalLM(
        BaichuanConfig(**sizes, position_embedding="alibi", model_max_length=64, initializer_range=0.1)
    )
    for layer in model.model.layers:
        for norm in (layer.input_layernorm, layer.post_attention_layernorm):
            norm.weight.data[3] *= 30
        for linear in (layer.self_attn.W_pack, layer.mlp.gate_proj, layer.mlp.up_proj):
            linear.weight.data[:, 3] /= 30
    model.half().save_pretrained(directory)
    fields = json.loads((directory / "config.json").read_text()) | {"auto_map": AUTO_MAP}
    (directory / "config.json").write_text(json.dumps(fields))
    copy_modeling_files(directory)
    write_sealed(directory / "manifest.json", {"config": fields, "files": files_beside(directory)})
    return directory


def tensor_sizes() -> list[str]:
    return ["vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"]


def samples(count: int = 5) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    return [torch.randint(3, SIZES.vocab_size, (1, 12 + i), generator=generator) for i in range(count)]


def float_tensors(directory: Path) -> dict[str, torch.Tensor]:
    with safe_open(directory / "model.safetensors", "pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def dequantized(artefact: QuantArtefact) -> dict[str, torch.Tensor]:
    """The artefact's weights as a float32 state dict."""
    weights = {}
    for name in tensor_shapes(SIZES):
        module = name.removesuffix(".weight")
        if module in artefact.int8_layers:
            layer = artefact.linear(module)
            weights[name] = layer.weight * layer.weight_scale
        else:
            weights[name] = artefact.float_tensor(name).float()
    return weights


def logits(directory: Path, weights: dict[str, torch.Tensor] | None = None) -> torch.Tensor:
    model = BaichuanForCausalLM.from_pretrained(directory, dtype=torch.float32)
    if weights:
        model.load_state_dict(weights)
    with torch.no_grad():
        return model(samples(1)[0]).logits


@pytest.mark.parametrize("act_method", [1, 2, 3])
def test_modelslim_quantizes_as_the_formulas_say(tiny, tmp_path, act_method):
    params = ModelSlimParameters(act_method=act_method, rollback=("*.mlp.down_proj",))
    manifest = quantize_samples(tiny, tmp_path / "quant", params, samples(), guide_arrays=True)
    assert {path.name for path in (tmp_path / "quant").iterdir()} == {
        "config.json",
        "manifest.json",
        "quant_model_description.json",
        "quant_model_weight_w8a8.safetensors",
        "deq_scale.npy",
        "fp_bias.npy",
        "input_offset.npy",
        "input_scale.npy",
        "quant_bias.npy",
        "quant_weight.npy",
        "weight_offset.npy",
        "weight_scale.npy",
    }
    assert manifest["parameters"]["act_method"] == act_method
    artefact, original = QuantArtefact(tmp_path / "quant"), float_tensors(tiny)
    assert artefact.int8_layers == [name for name in linear_names(SIZES) if "down_proj" not in name]
    for name in artefact.int8_layers:
        layer = artefact.linear(name)
        weight, scale = quantize_weight(original[f"{name}.weight"])
        assert torch.equal(layer.weight, weight)
        assert torch.equal(layer.weight_scale, scale)
        assert layer.input_offset == layer.input_offset.round()
    for i in range(SIZES.num_hidden_layers):
        gate, up = (artefact.linear(f"model.layers.{i}.mlp.{name}_proj") for name in ("gate", "up"))
        assert torch.equal(gate.input_scale, up.input_scale)
        assert torch.equal(gate.input_offset, up.input_offset)
    for name in set(original) & set(artefact.names()) - {f"{n}.weight" for n in artefact.int8_layers}:
        assert torch.equal(artefact.float_tensor(name), original[name])


@pytest.mark.parametrize("pr", [1.0, 0.5])
def test_modelslim_gives_the_same_bytes_again(tiny, tmp_path, pr):
    runs = [quantize_samples(tiny, tmp_path / n, ModelSlimParameters(pr=pr, seed=7), samples()) for n in "ab"]
    assert runs[0] == runs[1]
    assert len(runs[0]["int8"]) == 10


def test_one_weight_scale_a_tensor_from_modelslim(tiny, tmp_path):
    quantize_samples(tiny, tmp_path / "quant", ModelSlimParameters(mm_tensor=True), samples())
    artefact, original = QuantArtefact(tmp_path / "quant"), float_tensors(tiny)
    for name in artefact.int8_layers:
        weight, scale = quantize_weight(original[f"{name}.weight"], per_tensor=True)
        assert torch.equal(artefact.linear(name).weight, weight)
        assert torch.equal(artefact.linear(name).weight_scale, scale)


@pytest.mark.parametrize("mm_tensor", [False, True])
def test_the_arrays_that_modelslim_saves_by_itself(tiny, tmp_path, monkeypatch, mm_tensor):
    """People's own artefacts: save type numpy, seven of the eight files, float tensors among quant_weight."""
    monkeypatch.chdir(tmp_path)  # for features.npy
    tools = modelslim._modelslim()
    settings = tools.QuantConfig(act_method=1, mm_tensor=mm_tensor, disable_last_linear=False)
    data = [[ids, torch.ones_like(ids)] for ids in samples()]
    calibrator = tools.Calibrator(modelslim._load_float32(tiny), settings, calib_data=data)
    calibrator.run()
    (tmp_path / "theirs").mkdir()
    calibrator.save(str(tmp_path / "theirs"), save_type=["numpy"])
    quantize_samples(tiny, tmp_path / "ours", ModelSlimParameters(act_method=1, mm_tensor=mm_tensor), samples())
    ours = QuantArtefact(tmp_path / "ours")
    for field in GUIDE_ARRAYS.keys() - {"fp_bias"}:
        same_arrays(ours, field, read_arrays(tmp_path / "theirs" / GUIDE_ARRAYS[field]))


def test_disable_level_never_parts_gate_and_up(tiny, tmp_path):
    for level in ("L1", "L4"):
        manifest = quantize_samples(tiny, tmp_path / level, ModelSlimParameters(disable_level=level), samples())
        assert len(manifest["float"]) >= int(level[1:])
        for i in range(SIZES.num_hidden_layers):
            pair = {f"model.layers.{i}.mlp.{name}_proj" for name in ("gate", "up")}
            assert len(pair & set(manifest["float"])) in (0, 2)


SMOOTH_ROLLBACK = (0, "*.o_proj")


@pytest.fixture(scope="module")
def plain(tiny, tmp_path_factory) -> QuantArtefact:
    out = tmp_path_factory.mktemp("plain") / "quant"
    quantize_samples(tiny, out, ModelSlimParameters(rollback=SMOOTH_ROLLBACK), samples())
    return QuantArtefact(out)


@pytest.mark.parametrize("method", ["m1", "m2", "m3", "m4", "m5", "m6"])
def test_anti_outlier_keeps_the_function_and_lands_in_the_artefact(tiny, plain, tmp_path, method):
    """The smoothed weights, int8 or float, with the changed norms give the float model's logits."""
    params = ModelSlimParameters(anti_outlier=method, rollback=SMOOTH_ROLLBACK)
    quantize_samples(tiny, tmp_path / "quant", params, samples())
    smooth = QuantArtefact(tmp_path / "quant")
    for name in ("model.layers.0.input_layernorm.weight", "model.layers.0.self_attn.W_pack.weight"):
        assert not torch.equal(smooth.float_tensor(name), plain.float_tensor(name))
    layer = "model.layers.1.self_attn.W_pack"
    assert smooth.linear(layer).input_scale < plain.linear(layer).input_scale / 2, "the outlier sets the range still"
    expected = logits(tiny)
    assert (logits(tiny, dequantized(smooth)) - expected).abs().max() < 0.05 * expected.abs().max()


def test_a_rollback_of_everything_is_refused(tiny, tmp_path):
    with pytest.raises(UserError, match=r"quantize\.rollback: leaves no layer"):
        quantize_samples(tiny, tmp_path / "quant", ModelSlimParameters(rollback=("*",)), samples())
    with pytest.raises(UserError, match=r"leaves no layer"):
        quantize_samples(tiny, tmp_path / "quant", ModelSlimParameters(disable_level="L10"), samples())
    assert not (tmp_path / "quant").exists()


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_weights_that_are_not_finite_never_reach_modelslim(tiny, tmp_path, number):
    model, name = shutil.copytree(tiny, tmp_path / "model"), "model.layers.0.mlp.down_proj.weight"
    tensors = load_file(model / "model.safetensors")
    tensors[name][5, 7] = number
    save_file(tensors, model / "model.safetensors", {"format": "pt"})
    with pytest.raises(UserError, match=rf"^{name}: the weights have numbers that are not finite"):
        quantize_samples(model, tmp_path / "quant", ModelSlimParameters(), samples())
    assert not (tmp_path / "quant").exists()


def test_modelslim_that_is_not_installed_is_named(tiny, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "msmodelslim.pytorch.llm_ptq.llm_ptq_tools", None)
    with pytest.raises(UserError, match=r"pip install msmodelslim==26\.1\.0"):
        modelslim.quantize(tiny, tmp_path / "quant", ModelSlimParameters(), tmp_path / "p.txt")


def run_script(*arguments: str) -> subprocess.CompletedProcess:
    scripts = ROOT / "workflow" / "scripts"
    command = [sys.executable, str(scripts / "quantize_modelslim.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def test_the_script_from_prompts_to_artefact(tiny, tmp_path):
    prompts = RESOURCES / "calibration" / "guide-5.jsonl"
    english = read_prompts(RESOURCES / "calibration" / "guide-50.jsonl")[25:]
    SentencePieceTrainer.train(
        sentence_iterator=(prompt.text for prompt in english),
        model_prefix=str(tmp_path / "tokenizer"),
        vocab_size=SIZES.vocab_size,
        model_type="char",
        hard_vocab_limit=False,
        minloglevel=2,
    )
    shutil.copy(tmp_path / "tokenizer.model", tiny)
    common = ["--model", str(tiny), "--out", str(tmp_path / "quant"), "--calibration", str(prompts)]
    wrong = run_script(*common, "--quantize", 'rollback=["*.down"]')
    assert wrong.returncode == 1
    assert wrong.stderr.splitlines()[-1].startswith("error: quantize.rollback: '*.down' matches no linear layer")
    right = run_script(*common, "--quantize", 'act_method=1,rollback=[0, "*.mlp.down_proj"],disable_names=[]')
    assert right.returncode == 0, right.stderr
    assert "4 linears in int8" in right.stderr
    assert QuantArtefact(tmp_path / "quant").manifest["parameters"]["prompts"] == 5
