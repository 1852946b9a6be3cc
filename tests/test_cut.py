"""The cut: one table, exact parts, and ranks that together are the model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from baichuan2.engine.weights import rank_directory
from baichuan2.errors import UserError
from baichuan2.model.checkpoint import Checkpoint, ShardWriter
from baichuan2.model.directory import link_model, patch_config
from baichuan2.model.sizes import SHAPES, ModelConfig, check_world_size, legal_world_sizes, tensor_shapes
from baichuan2.ranks.cutting import check_parts, cut_tensor, cut_weights, join
from baichuan2.ranks.table import part_shape
from helpers.models import ALIBI, ROPE, random_tensors
from helpers.projects import ROOT
from helpers.ranks import run_ranks, save_logits

SCRIPTS = ROOT / "workflow" / "scripts"


@pytest.mark.parametrize("world_size", [2, 4])
def test_parts_make_every_tensor_again(world_size):
    for name, tensor in random_tensors(ALIBI).items():
        parts = cut_tensor(name, tensor, world_size)
        assert {tuple(part.shape) for part in parts} == {part_shape(name, tuple(tensor.shape), world_size)}
        assert torch.equal(join(name, parts), tensor)


WRONG = {
    "self_attn.W_pack": lambda whole: whole.chunk(2),  # the whole cut in two, not q, k and v each
    "self_attn.o_proj": lambda whole: whole.chunk(2, dim=1)[::-1],
    "mlp.up_proj": lambda whole: (whole[:64], whole[63:127]),
    "mlp.down_proj": lambda whole: (whole[:, :64], whole[:, 64:].contiguous() + 1),
}


@pytest.mark.parametrize("module", WRONG)
def test_wrong_parts_are_found(module):
    name = f"model.layers.0.{module}.weight"
    tensor = random_tensors(ALIBI)[name]
    with pytest.raises(RuntimeError, match="do not reassemble"):
        check_parts(name, tensor, list(WRONG[module](tensor)))


def test_shapes_of_13b_on_two_cards_are_the_guides():
    shapes = tensor_shapes(SHAPES["baichuan2-13b"])
    cut = {name: list(part_shape(name, shape, 2)) for name, shape in shapes.items()}
    layer = "model.layers.39."
    assert len(shapes) == 283
    assert cut[layer + "self_attn.W_pack.weight"] == [7680, 5120]
    assert cut[layer + "mlp.gate_proj.weight"] == cut[layer + "mlp.up_proj.weight"] == [6848, 5120]
    assert cut[layer + "self_attn.o_proj.weight"] == [5120, 2560]
    assert cut[layer + "mlp.down_proj.weight"] == [5120, 6848]
    assert cut["lm_head.weight"] == [62848, 5120]
    assert cut["model.embed_tokens.weight"] == [125696, 5120]
    assert cut["model.norm.weight"] == [5120]


def test_legal_world_sizes():
    assert legal_world_sizes(SHAPES["baichuan2-13b"]) == [1, 2, 4, 8]
    assert legal_world_sizes(SHAPES["baichuan2-7b"]) == [1, 2, 4, 8, 16, 32]
    with pytest.raises(
        UserError, match=r"parallel.world_size: 5 does not divide intermediate_size 13696.*1, 2, 4, 8"
    ):
        check_world_size(SHAPES["baichuan2-13b"], 5)


@pytest.mark.parametrize("layout", ["bin-sharded", "safetensors"])
def test_rank_directories_hold_the_parts(make_model, tmp_path, layout):
    model, out = make_model(layout=layout), tmp_path / "part_model"
    cut_weights(model, out, 2)
    ranks = [load_file(out / str(rank) / "model.safetensors") for rank in range(2)]
    for name, tensor in random_tensors(ALIBI).items():
        assert torch.equal(join(name, [rank[name] for rank in ranks]), tensor)
    fields = json.loads((out / "1" / "config.json").read_text())
    whole = json.loads((model / "config.json").read_text())
    assert fields == whole | {"world_size": 2}
    assert fields["auto_map"]["AutoModelForCausalLM"] == "modeling_baichuan.BaichuanForCausalLM"
    files = {path.name for path in (out / "0").iterdir()}
    assert {"modeling_baichuan.py", "configuration_baichuan.py"} <= files
    assert "tokenizer.model" not in files


def test_parts_that_changed_places_are_refused(make_model):
    model = make_model()
    cut_weights(model, model / "part_model", 2)
    assert rank_directory(model, 1, 2) == model / "part_model/1"
    (model / "part_model/0").rename(model / "part_model/2")
    (model / "part_model/1").rename(model / "part_model/0")
    with pytest.raises(UserError, match=r"part_model/0: cut for rank 1 of 2, not 0 of 2; run the workflow's"):
        rank_directory(model, 0, 2)


def test_impossible_world_size_leaves_nothing(make_model, tmp_path):
    out = tmp_path / "part_model"
    command = [sys.executable, SCRIPTS / "cut.py", "--model", make_model(), "--out", out, "--world-size", "5"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("error: parallel.world_size: 5 does not divide")
    assert done.stderr.count("\n") == 1
    assert not any(tmp_path.iterdir())


def check_ranks(
    model: Path,
    cut: Callable[[int], None],
    bound: float,
    record_property,
    *quant: Path,
    counts: Sequence[int] = (2, 4),
) -> None:
    """Hold the logits of 2 and of 4 ranks against one's; cut(world_size) makes the parts that they load."""
    outputs = {}
    for world_size in (1, *counts):
        if world_size > 1:
            cut(world_size)
        out = model / f"logits-{world_size}{'-quant' if quant else ''}.pt"
        run_ranks(world_size, save_logits, model, out, *quant)
        outputs[world_size] = torch.load(out, weights_only=True)
    for world_size in counts:
        for path, whole in outputs[1].items():
            difference = ((outputs[world_size][path] - whole).abs().max() / whole.abs().max()).item()
            record_property(f"{path}, world_size {world_size}: relative difference", float(difference))
            assert difference < bound, (path, world_size)


def few_ranks(config: ModelConfig) -> tuple[int]:
    """One of the numbers that the float test has both of, for either kind of model another."""
    return (4,) if config == ALIBI else (2,)


@pytest.mark.parametrize("config", [ALIBI, ROPE], ids=["13b", "7b"])
def test_ranks_give_the_logits_of_one(make_model, config, record_property):
    model = make_model(config)
    check_ranks(model, lambda ranks: cut_weights(model, model / "part_model", ranks), 1e-5, record_property)


@pytest.mark.exhaustive
def test_cut_streams(tmp_path, make_source, record_property):
    """Peak memory stays under 1 GiB and the largest tensor, for weights well above that."""
    config = replace(ALIBI, hidden_size=2304, intermediate_size=6144, num_hidden_layers=16, dtype="bfloat16")
    source = make_source(tmp_path / "source", replace(ALIBI, num_hidden_layers=1))
    for path in source.glob("pytorch_model*"):
        path.unlink()
    shapes = tensor_shapes(config)
    writer = ShardWriter(source, {name: (torch.bfloat16, shape) for name, shape in shapes.items()})
    for name, shape in shapes.items():
        writer.add(name, torch.randn(shape[:1]).to(torch.bfloat16)[:, None].expand(*shape[:1], shape[-1])
                   if len(shape) > 1 else torch.ones(shape, dtype=torch.bfloat16))  # fmt: skip
    writer.close()
    fields = json.loads((source / "config.json").read_text())
    fields |= {"hidden_size": 2304, "intermediate_size": 6144, "num_hidden_layers": 16, "torch_dtype": "bfloat16"}
    (source / "config.json").write_text(json.dumps(fields))
    size = (source / "model.safetensors").stat().st_size
    largest = max(Checkpoint(source).get(name).nbytes for name in shapes)
    assert size > 1.8 * 2**30
    code = (
        "import re, sys; from pathlib import Path; from baichuan2.ranks.cutting import cut_weights;"
        "cut_weights(Path(sys.argv[1]), Path(sys.argv[2]), 2);"
        # not ru_maxrss, which begins with that of the process which started this one
        "print(re.search(r'VmHWM:\\s+(\\d+) kB', Path('/proc/self/status').read_text())[1])"
    )
    link_model(source, tmp_path / "model")
    patch_config(source, tmp_path / "model")
    command = [sys.executable, "-c", code, tmp_path / "model", tmp_path / "out"]
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS)}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    peak = int(done.stdout) * 1024
    record_property("peak memory, MiB", peak / 2**20)
    print(f"peak {peak / 2**20:.0f} MiB, largest tensor {largest / 2**20:.0f}, weights {size / 2**20:.0f}")
    assert peak < 2**30 + largest
