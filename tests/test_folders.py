"""Folders of weights as people have them: taken for what they are, or refused with the cure; and LoRA adapters."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections import OrderedDict
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

from baichuan2.engine.engine import Settings, open_engine
from baichuan2.errors import UserError
from baichuan2.integrity import check_files, read_sealed
from baichuan2.model.checkpoint import Checkpoint
from baichuan2.model.directory import link_model, link_tokenizer, patch_config
from baichuan2.model.pickled import described
from baichuan2.model.sizes import ModelConfig, check_baichuan, decide_position
from baichuan2.model.source import Source
from helpers.models import ALIBI, ROPE, float64_logits, published_fields, random_tensors, save_weights
from test_errors import ROOT, edit_json, truncate
from test_hostile import Calls, single, tensor, torch_zip

IDS = [5 + (7 * k) % 300 for k in range(40)]
INV_FREQ = {f"model.layers.{k}.self_attn.rotary_emb.inv_freq": torch.ones(6) for k in range(ROPE.num_hidden_layers)}


def linked(source: Path, model: Path, adapter: Path | None = None) -> dict:
    """The manifest of a model, linked as the workflow does."""
    link_model(source, model, adapter)
    patch_config(source, model)
    return check_files(model)


def tensors_of(model: Path) -> dict[str, torch.Tensor]:
    checkpoint = Checkpoint(model)
    return {name: checkpoint.get(name) for name in checkpoint.names()}


def check_equal(model: Path, expected: dict[str, torch.Tensor]) -> None:
    """The model's weights are bit for bit the expected, as published ones."""
    tensors = tensors_of(model)
    assert tensors.keys() == expected.keys()
    assert all(tensors[name].dtype == expected[name].dtype for name in expected)
    assert all(torch.equal(tensors[name], expected[name]) for name in expected)
    assert Checkpoint(model).forms() == []


def check_logits(model: Path, expected: np.ndarray) -> None:
    """Our engine and transformers give the logits [T, V] of IDS, as far as float32 does."""
    with open_engine(Settings("cpu", "float32", 128, threads=1), model) as engine:
        ours = engine.prefill(engine.cache_for(1, 64), [IDS])[0].double().numpy()
    with torch.no_grad():
        network = AutoModelForCausalLM.from_pretrained(model, trust_remote_code=True, dtype=torch.float32)
        theirs = network(torch.tensor([IDS])).logits[0].double().numpy()
    largest = np.abs(expected).max()
    assert np.abs(ours - expected[-1]).max() < 1e-4 * largest
    assert np.abs(theirs - expected).max() < 1e-4 * largest


# 13B or 7B

SIZES = ("hidden_size", "num_hidden_layers", "num_attention_heads")
B13, B7, OTHER = (dict(zip(SIZES, numbers, strict=True)) for numbers in ((5120, 40, 40), (4096, 32, 32), (96, 3, 12)))
ROTARY = ["lm_head.weight", "model.layers.0.self_attn.rotary_emb.inv_freq"]
WRITTEN = {"position_embedding": "alibi"}


@pytest.mark.parametrize(
    ("fields", "tensors", "expected", "reason"),
    [
        (B13, [], "alibi", "hidden_size 5120, num_hidden_layers 40, num_attention_heads 40"),
        (B13 | {"max_position_embeddings": 4096}, [], "alibi", "hidden_size 5120"),
        (B7, [], "rope", "hidden_size 4096"),
        (B7, ROTARY, "rope", f"{ROTARY[1]} is among the tensors"),
        (OTHER, ROTARY, "rope", f"{ROTARY[1]} is among the tensors"),
        (OTHER | WRITTEN, [], "alibi", "config.json's position_embedding"),
        (B7 | WRITTEN, ROTARY, "alibi", "config.json's position_embedding"),
        (B13 | {"position_embedding": None}, [], "alibi", "hidden_size 5120"),
        (B13, ROTARY, None, "mean ALiBi, but the weights have model.layers.0.self_attn.rotary_emb.inv_freq, which"),
        (OTHER, [], None, "num_attention_heads 12 are those of no published model and no tensor is rotary_emb.inv"),
        (OTHER | {"max_position_embeddings": 4096}, [], None, "set position_embedding in it, to alibi (as Baichuan2"),
        (B13 | {"position_embedding": "yarn"}, [], None, "config.json: position_embedding is 'yarn', not alibi or"),
    ],
)
def test_positions_are_decided_by_evidence(fields, tensors, expected, reason):
    if expected:
        found = decide_position(fields, tensors, Path("config.json"))
        assert found[0] == expected
        assert found[1].startswith(reason)
    else:
        with pytest.raises(UserError) as caught:
            decide_position(fields, tensors, Path("config.json"))
        assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "cure"),
    [
        ("hidden_act", "gelu", '"silu" or null'),
        ("tie_word_embeddings", True, "write false or null"),
        ("rope_theta", 500000.0, "10000 or null"),
        ("rope_scaling", {"type": "linear", "factor": 4.0}, "write null"),
        ("rope_parameters", {"rope_type": "yarn", "rope_theta": 10000.0}, "or null"),
    ],
)
def test_another_computation_than_the_published_is_refused(key, value, cure):
    fields = published_fields(ROPE)
    published = {"rope_theta": 10000.0, "rope_scaling": None}
    published["rope_parameters"] = {"rope_type": "default", "rope_theta": 10000.0}
    check_baichuan(fields | published, Path("config.json"))
    with pytest.raises(UserError) as caught:
        check_baichuan(fields | {key: value}, Path("config.json"))
    assert str(caught.value).startswith(f"config.json: {key} is ")
    assert str(caught.value).endswith(f"{cure}")


def test_a_13b_that_has_max_position_embeddings_keeps_alibi(make_source, tmp_path, caplog):
    source, model = make_source(tmp_path / "source"), tmp_path / "model"
    edit_json(source / "config.json", max_position_embeddings=4096)
    with caplog.at_level("INFO"):
        manifest = linked(source, model)
    assert "positions: ALiBi, by config.json's position_embedding" in caplog.messages
    assert manifest["config"]["position_embedding"] == "alibi"
    check_logits(model, float64_logits(ALIBI, random_tensors(ALIBI), IDS))


@pytest.mark.parametrize("layout", ["bin-sharded", "safetensors"])
def test_a_7b_that_has_rotary_tensors_alone_keeps_rope(make_source, tmp_path, layout):
    source, model = make_source(tmp_path / "source", ROPE), tmp_path / "model"
    edit_json(source / "config.json", max_position_embeddings=None, position_embedding=None)
    for path in source.glob("pytorch_model*"):
        path.unlink()
    save_weights(source, random_tensors(ROPE) | INV_FREQ, layout)
    linked(source, model)
    assert json.loads((model / "config.json").read_text())["position_embedding"] == "rope"
    check_logits(model, float64_logits(ROPE, random_tensors(ROPE), IDS))


def test_a_dtype_that_config_json_leaves_out_is_that_of_the_weights(make_source, tmp_path, caplog):
    source = make_source(tmp_path / "source", replace(ALIBI, dtype="float16"))
    edit_json(source / "config.json", torch_dtype=None)
    with caplog.at_level("INFO"):
        manifest = linked(source, tmp_path / "model")
    assert "dtype: float16, that of the weights, since config.json has none" in caplog.messages
    assert manifest["config"]["torch_dtype"] == "float16"


def test_no_reader_guesses_positions(make_model, tmp_path):
    model = shutil.copytree(make_model(), tmp_path / "model")
    edit_json(model / "config.json", position_embedding=None, max_position_embeddings=4096)
    with pytest.raises(ValueError, match="position_embedding is None"):
        AutoModelForCausalLM.from_pretrained(model, trust_remote_code=True)
    fields = read_sealed(model / "manifest.json")["config"] | {"position_embedding": None}
    with pytest.raises(
        UserError, match="position_embedding is null, not alibi or rope; run the workflow's link_model"
    ):
        ModelConfig.from_fields(fields, model / "manifest.json")


# Without torch, whose import takes longer


@pytest.mark.parametrize("layout", ["bin-sharded", "safetensors"])
def test_published_weights_are_linked_without_torch(make_source, tmp_path, layout):
    source = make_source(tmp_path / "source", layout=layout)
    code = (
        "import sys, pathlib, baichuan2.model.directory as d; d.link_model(*map(pathlib.Path, sys.argv[1:])); "
        "print('torch' in sys.modules)"
    )
    command = [sys.executable, "-c", code, source, tmp_path / "model"]
    done = subprocess.run(command, cwd=ROOT / "workflow" / "scripts", capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr
    patch_config(source, tmp_path / "model")
    check_equal(tmp_path / "model", random_tensors(ALIBI))


PICKLES = {
    "plain": (tensor(4, (2, 2), (2, 1)), (2, 2)),
    "transposed": (tensor(4, (1, 2, 2), (4, 1, 2)), (1, 2, 2)),
    "of no numbers": (tensor(4, (0, 9), (9, 1)), (0, 9)),
    "beyond its storage": (tensor(4, (5,), (1,)), None),
    "a storage beyond its record": (tensor(5, (4,), (1,)), None),
    "backwards": (tensor(4, (2,), (-1,)), None),
    "a storage of two dtypes": (
        tensor(4, (4,), (1,)) | tensor(8, (4,), (1,), "model.norm.weight", torch.HalfStorage),
        None,
    ),
    "a stride too few": (tensor(4, (2, 2), (2,)), None),
    "a storage that is a text": ({"a": Calls(torch._utils._rebuild_tensor_v2, "0", 0, (4,), (1,), False, {})}, None),
    "no tensor": ({"a": 1}, None),
    "another call": ({"a": Calls(set)}, None),
    "nothing": ({}, None),
}


@pytest.mark.parametrize("name", PICKLES)
def test_what_is_described_without_torch_is_what_torch_reads(tmp_path, name):
    value, shape = PICKLES[name]
    torch_zip(tmp_path / "a.bin", value)
    with zipfile.ZipFile(tmp_path / "a.bin") as archive:
        read = described(archive)
    assert read == (shape and {"lm_head.weight": ("F32", shape)})
    if shape:
        assert tuple(torch.load(tmp_path / "a.bin", weights_only=True)["lm_head.weight"].shape) == shape


# Weights that are taken, but not as they are


class Format(IntEnum):
    """As torch_npu.npu._format has it."""

    ND = 2
    FRACTAL_NZ = 29


@pytest.fixture
def save_from_card(monkeypatch):
    """save_from_card(tensors, path, format) saves as torch_npu did from a card, each tensor of that memory format."""
    storage, formats = ModuleType("torch_npu.utils.storage"), ModuleType("torch_npu.npu._format")
    packages = [ModuleType(name) for name in ("torch_npu", "torch_npu.utils", "torch_npu.npu")]

    def _rebuild_npu_tensor(*_):
        raise AssertionError("torch_npu's own function was called")

    storage._rebuild_npu_tensor, formats.Format = _rebuild_npu_tensor, Format
    monkeypatch.setattr(_rebuild_npu_tensor, "__module__", storage.__name__)
    monkeypatch.setattr(_rebuild_npu_tensor, "__qualname__", _rebuild_npu_tensor.__name__)
    monkeypatch.setattr(Format, "__module__", formats.__name__)

    class OnCard:
        def __init__(self, tensor, format):
            self.tensor, self.format = tensor, format

        def __reduce__(self):
            t = self.tensor
            parts = t._typed_storage(), t.storage_offset(), tuple(t.size()), t.stride(), False, OrderedDict()
            return _rebuild_npu_tensor, (*parts, self.format)

    def save(tensors: dict[str, torch.Tensor], path: Path, format: object) -> None:
        with monkeypatch.context() as patch:
            for module in (*packages, storage, formats):
                patch.setitem(sys.modules, module.__name__, module)
            patch.setattr(torch.serialization, "location_tag", lambda _: "npu:0")
            torch.save({name: OnCard(tensor, format) for name, tensor in tensors.items()}, path)

    return save


@pytest.mark.parametrize("format", [True, 2, 29, Format.ND, Format.FRACTAL_NZ], ids=repr)
def test_tensors_from_an_ascend_card(make_source, save_from_card, tmp_path, format):
    source, model, tensors = make_source(tmp_path / "source"), tmp_path / "model", random_tensors(ALIBI)
    tensors["lm_head.weight"] = tensors["lm_head.weight"].t().contiguous().t()  # as strided as a card may have it
    save_from_card(tensors, single(source), format)
    assert b"torch_npu" in (source / "pytorch_model.bin").read_bytes()
    assert linked(source, model)["rewritten"] == ["a .bin was saved from an Ascend card"]
    check_equal(model, tensors)


def prefixed(prefix: str, tensors: dict) -> dict:
    return {prefix + name: tensor for name, tensor in tensors.items()}


FORMS = {
    "peft's names": (lambda t: prefixed("base_model.model.", t), "names begin with 'base_model.model.'"),
    "names of DataParallel": (lambda t: prefixed("module.", t), "names begin with 'module.'"),
    "names doubled": (lambda t: prefixed("model.", t), "names begin with 'model.'"),
    "under module": (lambda t: {"module": t, "epoch": 3, "optimizer": {"state": {}}}, "tensors lie under 'module'"),
    "under state_dict, with prefix": (lambda t: {"state_dict": prefixed("_orig_mod.", t)}, "with '_orig_mod.'"),
    "parameters": (lambda t: {name: torch.nn.Parameter(tensor) for name, tensor in t.items()}, None),
}  # fmt: skip


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "older form"])
@pytest.mark.parametrize("form", FORMS)
def test_other_forms_become_published_ones(make_source, tmp_path, form, zipped):
    make, reason = FORMS[form]
    source, model, tensors = make_source(tmp_path / "source"), tmp_path / "model", random_tensors(ALIBI)
    torch.save(make(tensors), single(source), _use_new_zipfile_serialization=zipped)
    manifest = linked(source, model)
    older = [] if zipped else ["a .bin is in torch's older form"]
    others = [line for line in manifest["rewritten"] if line not in older]
    assert len(manifest["rewritten"]) == len(older) + len(others)
    assert all(reason in "; ".join(others) for reason in filter(None, [reason]))
    assert (model / "model.safetensors").exists() == bool(older or reason)
    check_equal(model, tensors)
    if form == "names of DataParallel":
        check_logits(model, float64_logits(ALIBI, tensors, IDS))


def test_prefixed_shards_and_index(make_source, tmp_path):
    source, tensors = make_source(tmp_path / "source"), random_tensors(ALIBI)
    save_weights(source, prefixed("module.", tensors), "bin-sharded")
    linked(source, tmp_path / "model")
    check_equal(tmp_path / "model", tensors)


def test_written_weights_give_way_to_links_and_back(make_source, tmp_path):
    """Weights of an earlier source are never those that are read."""
    plain, other, model = make_source(tmp_path / "plain"), make_source(tmp_path / "other", seed=1), tmp_path / "model"
    torch.save({"module": random_tensors(ALIBI, 1)}, single(other))
    for source, seed in ((plain, 0), (other, 1), (plain, 0)):
        linked(source, model)
        check_equal(model, random_tensors(ALIBI, seed))
    assert not (model / "model.safetensors").exists()


def test_settings_of_an_earlier_source_do_not_stay(make_source, tmp_path):
    """And a manifest.json of a source, as in another project's results/model, is none of the linked model's."""
    first, second, model = make_source(tmp_path / "first"), make_source(tmp_path / "second"), tmp_path / "model"
    (second / "generation_config.json").unlink()
    (second / "manifest.json").write_text("{}")
    for source, left in ((first, True), (second, False)):
        linked(source, model)
        assert (model / "generation_config.json").exists() == left
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/mine.json").write_text("{}")
    with pytest.raises(UserError, match=r"notes/manifest.json: no such file"):
        patch_config(first, tmp_path / "notes")
    assert [path.name for path in (tmp_path / "notes").iterdir()] == ["mine.json"]


def test_the_entry_of_a_hugging_face_cache(make_source, tmp_path):
    cache, tensors = tmp_path / "models--org--name", random_tensors(ALIBI)
    first = make_source(cache / "snapshots" / "1111")
    linked(cache, tmp_path / "model")
    check_equal(tmp_path / "model", tensors)
    assert Source.parse(str(cache)).directory() == first
    second = make_source(cache / "snapshots" / "2222", seed=1)
    with pytest.raises(UserError, match=r"refs/main names no snapshot here; set model.source to one of 1111"):
        Source.parse(str(cache)).directory()
    (cache / "refs").mkdir()
    (cache / "refs" / "main").write_text("2222")
    assert Source.parse(str(cache)).directory() == second


# Weights that are refused, each with its cure


def pointer(name: str):
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 1234567\n"
    return lambda s: (s / name).write_text(text)


def weights(change, suffix: str = ".bin"):
    """A spoiler that saves what `change` makes of the tensors."""

    def spoil(source: Path) -> None:
        tensors = change(random_tensors(ALIBI))
        if suffix == ".bin":
            torch.save(tensors, single(source))
        else:
            save_file(tensors, single(source, "model.safetensors"))

    return spoil


def without_weights(*names: str, keep: tuple[str, ...] = ()):
    """A spoiler that takes the weights away, all files but `keep`, and puts empty files of these names there."""

    def spoil(source: Path) -> None:
        for path in source.iterdir():
            if path.name.startswith("pytorch_model") or (keep and path.name not in keep):
                path.unlink()
        for name in names:
            (source / name).touch()

    return spoil


def beside(*names: str):
    return lambda s: [(s / name).touch() for name in names]


def stale(source: Path) -> None:
    """An index of safetensors, none of which is there, beside the whole .bin files."""
    mapping = {"lm_head.weight": "model-00001-of-00003.safetensors"}
    (source / "model.safetensors.index.json").write_text(json.dumps({"weight_map": mapping}))


def above(source: Path) -> None:
    shutil.copytree(source, source / "Baichuan2-13B-Chat")
    (source / "config.json").unlink()


LFS = "a git-lfs pointer, not the file itself; run git lfs pull in its folder"
ZERO = "a DeepSpeed checkpoint, in which ZeRO keeps the weights in parts; run python zero_to_fp32.py . OUT in it"
ADAPTER = "a LoRA adapter, not a whole model; set model.adapter to it, and model.source to the model that it was"
REFUSED = {
    "config.json is a git-lfs pointer": (pointer("config.json"), f"config.json: {LFS}"),
    "tokenizer.model is a git-lfs pointer": (pointer("tokenizer.model"), f"tokenizer.model: {LFS}"),
    "the index is a git-lfs pointer": (pointer("pytorch_model.bin.index.json"), f".bin.index.json: {LFS}"),
    "a .bin is a git-lfs pointer": (pointer("pytorch_model-00001-of-00002.bin"), f"-00001-of-00002.bin: {LFS}"),
    "a .safetensors is a git-lfs pointer": (pointer("model.safetensors"), f"model.safetensors: {LFS}"),
    "an empty file": (lambda s: single(s).touch(), "pytorch_model.bin: empty; download it again"),
    "a web page": (
        lambda s: single(s).write_text("<!DOCTYPE html>\n<html>...</html>"),
        "pytorch_model.bin: a web page, not the file itself",
    ),
    "a .bin called .safetensors": (
        lambda s: torch.save({}, single(s, "model.safetensors")),
        "model.safetensors: a file of torch.save under another name; call it .bin, in the index too",
    ),
    "a .safetensors called .bin": (
        lambda s: save_file(random_tensors(ALIBI), single(s)),
        "pytorch_model.bin: a safetensors file under another name; call it .safetensors, in the index too",
    ),
    "a zip of other things": (
        lambda s: shutil.make_archive(str(s / "pytorch_model"), "zip", s, "config.json")
        and (s / "pytorch_model.zip").rename(s / "pytorch_model.bin"),
        "pytorch_model.bin: a zip archive, but not of torch.save; unpack it",
    ),
    "a whole module": (
        lambda s: torch.save(torch.nn.Linear(1, 1), single(s)),
        "pytorch_model.bin: names 'torch.nn.modules.linear.Linear', which no tensor needs; save a state_dict alone",
    ),
    "a list of tensors": (weights(lambda t: list(t.values())), "holds a list that is not of tensors by name"),
    "two sets of tensors": (
        weights(lambda t: {"module": t, "ema": t}),
        "holds several sets of tensors ('module', 'ema'); save a state_dict alone",
    ),
    "prefixes that differ": (
        weights(lambda t: {f"{'module.' * (name != 'model.norm.weight')}{name}": t[name] for name in t}),
        "some tensors' names begin with 'module.', and 'model.norm.weight' does not; save one model with one prefix",
    ),
    "names with and without prefix": (
        weights(lambda t: t | {f"module.{name}": t[name].clone() for name in t}, ".safetensors"),
        "some tensors' names begin with 'module.', and ",
    ),
    "placeholders of ZeRO-3": (
        weights(lambda t: {name: tensor.new_empty(0) for name, tensor in t.items()}),
        "model.embed_tokens.weight is empty, as DeepSpeed's ZeRO-3 leaves it; run python zero_to_fp32.py . OUT in",
    ),
    "one placeholder of ZeRO-3": (
        weights(lambda t: t | {"lm_head.weight": torch.empty(0)}, ".safetensors"),
        "lm_head.weight is empty, as DeepSpeed's ZeRO-3 leaves it",
    ),
    "LoRA in the weights": (
        weights(lambda t: t | {"model.layers.0.self_attn.W_pack.lora_A.default.weight": torch.ones(4, 96)}),
        "lora_A.default.weight is a LoRA adapter's tensor, not merged; save the model again after peft's merge_and",
    ),
    "a checkpoint of ZeRO": (without_weights("zero_to_fp32.py", "latest"), ZERO),
    "an adapter's folder with config.json": (without_weights("adapter_config.json"), ADAPTER),
    "an adapter's folder": (
        without_weights("adapter_config.json", "adapter_model.bin", keep=("tokenizer.model",)),
        ADAPTER,
    ),
    "an adapter beside whole weights": (
        beside("adapter_config.json", "adapter_model.safetensors"),
        "adapter_config.json: a LoRA adapter beside whole weights; set model.adapter to this folder to merge it, or "
        "move adapter_config.json and adapter_model.safetensors out of it",
    ),
    "shards without their index": (
        lambda s: (s / "pytorch_model.bin.index.json").unlink(),
        "pytorch_model-00001-of-00002.bin without its index; fetch pytorch_model.bin.index.json",
    ),
    "a stale index beside whole files": (
        stale,
        "model-00001-of-00003.safetensors: missing, though model.safetensors.index.json names it; but "
        "pytorch_model-00001-of-00002.bin is here: delete model.safetensors.index.json if it is of other files",
    ),
    "GGUF": (without_weights("baichuan2-q4_0.gguf"), "GGUF files, which are another software's"),
    "the folder above": (above, "no config.json here, but in Baichuan2-13B-Chat; set model.source to the model's"),
    "a cut .bin": (lambda s: truncate(s / "pytorch_model-00001-of-00002.bin"), "of-00002.bin: truncated or not"),
    "no evidence of positions": (
        lambda s: edit_json(s / "config.json", position_embedding=None, max_position_embeddings=4096),
        "hidden_size 96, num_hidden_layers 3, num_attention_heads 12 are those of no published model",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", REFUSED)
def test_what_else_a_folder_is(make_source, tmp_path, refuse, mistake):
    spoil, expected = REFUSED[mistake]
    source, out = make_source(tmp_path / "source"), tmp_path / "model"
    spoil(source)
    refuse(f"folder: {mistake}", expected, "link_model.py", "--source", source, "--out", out)
    assert not out.exists()


@pytest.mark.parametrize("link", [link_model, link_tokenizer])
def test_a_published_model_is_not_overwritten(make_source, tmp_path, link):
    """By a slip of --out, or where results/model is a link to it."""
    source, other = make_source(tmp_path / "source"), make_source(tmp_path / "other", seed=1)
    (tmp_path / "model").symlink_to(other)
    files = {path.name: path.read_bytes() for path in other.iterdir()}
    with pytest.raises(UserError, match=r"model: a model that the workflow did not link, which this would overwrite"):
        link(source, tmp_path / "model")
    assert {path.name: path.read_bytes() for path in other.iterdir()} == files


def test_the_linked_model_is_no_source(make_model, tmp_path, refuse):
    model = shutil.copytree(make_model(), tmp_path / "model", symlinks=True)
    refuse(
        "folder: results/model itself",
        "is where the workflow puts",
        "link_model.py",
        "--source",
        model,
        "--out",
        model,
    )
    check_files(model)
