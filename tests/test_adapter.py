"""model.adapter: a LoRA adapter merged while the model is linked is peft's own merge, and what is none is refused."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from baichuan2.configuration import settings
from baichuan2.configuration.schema import read_config_file
from baichuan2.errors import UserError
from baichuan2.integrity import check_files
from baichuan2.model.checkpoint import Checkpoint
from baichuan2.model.directory import link_model, patch_config, read_model
from baichuan2.model.sizes import linear_names
from helpers.models import ALIBI, random_tensors
from helpers.projects import ROOT, copy_project, snakemake
from test_errors import edit_json, truncate
from test_rebuild import edit, would_run

ALL = ["W_pack", "o_proj", "gate_proj", "up_proj", "down_proj"]


@pytest.fixture(scope="module")
def make_adapter(make_model, tmp_path_factory):
    """make_adapter(dtype, **options) trains none, but saves one of random A and B, by peft."""

    def make(dtype: str = "float32", **options) -> Path:
        torch.manual_seed(3)
        network = AutoModelForCausalLM.from_pretrained(make_model(), trust_remote_code=True, dtype=torch.float32)
        config = LoraConfig(**{"r": 4, "lora_alpha": 8, "target_modules": ALL, "task_type": "CAUSAL_LM"} | options)
        wrapped = get_peft_model(network, config)
        for name, parameter in wrapped.named_parameters():
            if "lora_" in name:
                parameter.data = torch.randn_like(parameter) / 8
        wrapped.to(getattr(torch, dtype))
        folder = tmp_path_factory.mktemp("adapter 适配器")
        wrapped.save_pretrained(folder)
        return folder

    return make


@pytest.fixture(scope="module")
def adapter(make_adapter) -> Path:
    return make_adapter()


def tensors_of(model: Path) -> dict[str, torch.Tensor]:
    checkpoint = Checkpoint(model, read_model(model))
    return {name: checkpoint.get(name) for name in checkpoint.names()}


def merged_by_peft(model: Path, adapter: Path, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    network = AutoModelForCausalLM.from_pretrained(model, trust_remote_code=True, dtype=dtype)
    merged = PeftModel.from_pretrained(network, adapter).merge_and_unload()
    return {name: tensor for name, tensor in merged.state_dict().items()}


OPTIONS = {
    "all linears": {},
    "two linears, rsLoRA": {"use_rslora": True, "r": 9, "target_modules": ["W_pack", "down_proj"]},
    "saved in bfloat16": {"dtype": "bfloat16", "lora_alpha": 5},
    "some layers": {"layers_to_transform": [0, 2], "layers_pattern": "layers", "lora_alpha": 3},
}


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("options", OPTIONS)
def test_it_is_the_merge_of_peft(make_source, make_adapter, tmp_path, options, dtype):
    """Bit for bit, in every dtype of the model."""
    config, adapter = replace(ALIBI, dtype=dtype), make_adapter(**OPTIONS[options])
    source, model, plain = make_source(tmp_path / "source", config), tmp_path / "model", tmp_path / "plain"
    for out, merge in ((model, adapter), (plain, None)):
        link_model(source, out, merge)
        patch_config(source, out)
    ours, theirs = tensors_of(model), merged_by_peft(plain, adapter, getattr(torch, dtype))
    changed = set()
    for name, before in random_tensors(config).items():
        assert ours[name].dtype == before.dtype
        assert torch.equal(ours[name], theirs[name])
        if not torch.equal(ours[name], before):
            changed.add(name.removesuffix(".weight"))
    layers = OPTIONS[options].get("layers_to_transform", range(3))
    wanted = [name for name in linear_names(config) if int(name.split(".")[2]) in layers]
    assert changed == {name for name in wanted if name.endswith(tuple(OPTIONS[options].get("target_modules", ALL)))}


def test_it_is_the_formula_rounded_once(make_source, adapter, tmp_path):
    """Against float64: W + alpha / r * B @ A, no further off than one rounding to bfloat16."""
    config = replace(ALIBI, dtype="bfloat16")
    link_model(make_source(tmp_path / "source", config), tmp_path / "model", adapter)
    parts, ours, name = (
        load_file(adapter / "adapter_model.safetensors"),
        tensors_of(tmp_path / "model"),
        linear_names(ALIBI)[3],
    )
    a, b = (parts[f"base_model.model.{name}.lora_{part}.weight"].double() for part in "AB")
    exact = random_tensors(config)[f"{name}.weight"].double() + 8 / 4 * (b @ a)
    half_step = 2.0 ** (exact.abs().log2().floor() - 8)
    assert ((ours[f"{name}.weight"].double() - exact).abs() <= half_step * (1 + 1e-4)).all()


def test_the_model_is_its_own_and_says_so(make_source, adapter, tmp_path):
    source, model = make_source(tmp_path / "source"), tmp_path / "model"
    link_model(source, model, adapter)
    patch_config(source, model)
    manifest = check_files(model)
    assert not (model / "model.safetensors").is_symlink()
    assert {key: manifest["adapter"][key] for key in ("rank", "scale", "linears")} == {
        "rank": 4,
        "scale": 2,
        "linears": 15,
    }
    assert set(manifest["adapter"]["files"]) == {"adapter_config.json", "adapter_model.safetensors"}
    assert manifest["rewritten"] == []
    link_model(source, model)
    assert check_files(model)["adapter"] is None
    assert torch.equal(tensors_of(model)["lm_head.weight"], random_tensors(ALIBI)["lm_head.weight"])
    assert not (model / "model.safetensors").exists()


def test_an_adapter_beside_the_weights_is_merged_once(make_source, adapter, tmp_path):
    """transformers with peft must not apply it again to results/model."""
    source, model = make_source(tmp_path / "source"), tmp_path / "model"
    shutil.copytree(adapter, source, dirs_exist_ok=True)
    link_model(source, model, source)
    patch_config(source, model)
    assert not list(model.glob("adapter*"))
    network = AutoModelForCausalLM.from_pretrained(model, trust_remote_code=True, dtype=torch.float32)
    assert not any("lora" in name for name, _ in network.named_parameters())
    assert torch.equal(
        network.model.layers[0].mlp.up_proj.weight, tensors_of(model)["model.layers.0.mlp.up_proj.weight"]
    )


def test_a_bin_is_read(make_source, adapter, tmp_path):
    copy = shutil.copytree(adapter, tmp_path / "adapter")
    torch.save(load_file(copy / "adapter_model.safetensors"), copy / "adapter_model.bin")
    (copy / "adapter_model.safetensors").unlink()
    source = make_source(tmp_path / "source")
    link_model(source, tmp_path / "one", adapter)
    link_model(source, tmp_path / "two", copy)
    one, two = tensors_of(tmp_path / "one"), tensors_of(tmp_path / "two")
    assert all(torch.equal(one[name], two[name]) for name in one)


@pytest.mark.workflow
def test_an_edited_adapter_links_again(tmp_path):
    """model.adapter through snakemake: at a path with a blank, of config.yaml's demo."""
    project, folder = copy_project(tmp_path / "project"), tmp_path / "my adapter"
    folder.mkdir()
    parts = {f"base_model.model.model.layers.1.mlp.up_proj.lora_{part}.weight": torch.ones(shape) / 8
             for part, shape in (("A", (2, 192)), ("B", (512, 2)))}  # fmt: skip
    save_file(parts, folder / "adapter_model.safetensors")
    (folder / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "r": 2, "lora_alpha": 4}))
    edit(project / "config/config.yaml", "adapter: null ", f"adapter: {folder} ")
    done = snakemake(project, "link_model")
    assert done.returncode == 0, done.stdout + done.stderr
    model, name = project / "results/model", "model.layers.1.mlp.up_proj.weight"
    before, after = Checkpoint(project / "resources/demo/model").get(name), tensors_of(model)[name]
    assert torch.equal(after, (before.float() + 2 * 2 / 64).to(torch.bfloat16))
    assert would_run(project, "link_model") == set()
    edit_json(folder / "adapter_config.json", lora_alpha=8)
    assert would_run(project, "link_model") == {"link_model"}


def fields(**changed):
    return lambda a: edit_json(a / "adapter_config.json", **changed)


def tensors(change):
    def spoil(adapter: Path) -> None:
        path = adapter / "adapter_model.safetensors"
        save_file(change(load_file(path)), path)

    return spoil


HEAD = "base_model.model.lm_head.lora_A.weight"
FIRST = "base_model.model.model.layers.0.self_attn.W_pack.lora_A.weight"
MERGE = "which the workflow does not merge; merge it with peft's merge_and_unload(), and set model.source to what it"
REFUSED = {
    "DoRA": (fields(use_dora=True), f"adapter_config.json: use_dora is True, {MERGE}"),
    "whole modules": (fields(modules_to_save=["lm_head"]), f"modules_to_save is ['lm_head'], {MERGE}"),
    "biases": (fields(bias="all"), f"bias is 'all', {MERGE}"),
    "transposed": (fields(fan_in_fan_out=True), f"fan_in_fan_out is True, {MERGE}"),
    "ranks by layer": (fields(rank_pattern={"layers.0": 8}), f"rank_pattern is {{'layers.0': 8}}, {MERGE}"),
    "alphas by layer": (fields(alpha_pattern={"layers.0": 8}), f"alpha_pattern is {{'layers.0': 8}}, {MERGE}"),
    "IA3": (fields(peft_type="IA3"), f"peft_type is 'IA3', {MERGE}"),
    "PiSSA": (fields(init_lora_weights="pissa_niter_4"), f"init_lora_weights is 'pissa_niter_4', {MERGE}"),
    "a key of another version": (fields(use_what=[1]), f"use_what is [1], {MERGE}"),
    "no rank": (fields(r=None), "adapter_config.json: r is null; it must be a number from 1 to"),
    "a rank of 400 digits": (fields(r=10**400), "it must be a number from 1 to"),
    "a rank of 2.5": (fields(r=2.5), "r is 2.5 and use_rslora False; they are a whole number and true or false"),
    "text for alpha": (fields(lora_alpha="8"), "adapter_config.json: lora_alpha is '8'; it must be a number"),
    "alpha NaN": (fields(lora_alpha=math.nan), "adapter_config.json: lora_alpha is nan; it must be a number"),
    "another rank": (fields(r=2), "], but r and config.json mean [2, 128]; take an adapter that"),
    "half of a pair": (tensors(lambda t: {n: t[n] for n in t if n != FIRST}), "lora_A or lora_B alone for model"),
    "no tensor": (tensors(lambda t: {}), "adapter_model.safetensors: holds no tensor; save the adapter again"),
    "another layer": (
        tensors(lambda t: t | {FIRST.replace(".0.", ".7."): t[FIRST].clone()}),
        "is not of LoRA on a linear of this model; take an adapter that was trained on it",
    ),
    "the output layer": (tensors(lambda t: t | {HEAD: torch.ones(4, 96)}), "is not of LoRA on a linear of this"),
    "integers": (tensors(lambda t: t | {FIRST: t[FIRST].int()}), "is of dtype torch.int32; float weights are needed"),
    "not finite": (tensors(lambda t: t | {FIRST: t[FIRST] * math.inf}), "W_pack.weight is not finite when merged"),
    "cut": (lambda a: truncate(a / "adapter_model.safetensors"), "adapter_model.safetensors: truncated or not"),
    "config cut": (lambda a: truncate(a / "adapter_config.json"), "adapter_config.json: not valid JSON"),
    "config a pointer": (
        lambda a: (a / "adapter_config.json").write_text("version https://git-lfs.github.com/spec/v1\n"),
        "adapter_config.json: a git-lfs pointer",
    ),
    "no config": (lambda a: (a / "adapter_config.json").unlink(), "has no adapter_config.json; give the folder"),
    "no weights": (lambda a: (a / "adapter_model.safetensors").unlink(), "has no adapter_model.safetensors or"),
    "no folder": (shutil.rmtree, "is not a directory; give the folder that peft saved, or null"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", REFUSED)
def test_what_is_refused(make_source, adapter, tmp_path, refuse, mistake):
    spoil, expected = REFUSED[mistake]
    source, copy, out = make_source(tmp_path / "source"), tmp_path / "adapter", tmp_path / "model"
    shutil.copytree(adapter, copy)
    spoil(copy)
    command = ["link_model.py", "--source", source, "--out", out, "--adapter", copy]
    refuse(f"adapter: {mistake}", expected, *command)
    assert not [path for path in out.glob("*") if path.name != "manifest.json"]
    assert not (out / "manifest.json").exists()


def test_the_key_is_checked_while_the_workflow_is_parsed(tmp_path):
    plain = read_config_file(ROOT / "config/config.yaml")
    assert settings.model_adapter(plain) is None
    with pytest.raises(UserError, match=r"model.adapter: .* has no adapter_config.json; give the folder that peft"):
        settings.check_files(plain | {"model": plain["model"] | {"adapter": str(tmp_path)}})
