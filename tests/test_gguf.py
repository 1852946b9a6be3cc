"""The GGUF export read back: llama.cpp's names, types and order of rows; test_readers.py has llama.cpp's answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from sentencepiece import sentencepiece_model_pb2

from baichuan2.errors import UserError
from baichuan2.integrity import verify
from baichuan2.model import llama_cpp
from baichuan2.model.checkpoint import Checkpoint
from baichuan2.model.directory import link_model, read_model
from baichuan2.model.llama_cpp import FILE, export_gguf, gguf_shapes, in_pairs
from baichuan2.model.sizes import ModelConfig
from baichuan2.modeling.network import output_weight
from helpers.models import ALIBI, ROPE

# of three layers
FORMS = {"alibi": replace(ALIBI, vocab_size=560), "rope": replace(ROPE, norm_head=False)}


@pytest.fixture
def exported(make_model, tmp_path, monkeypatch):
    """exported(config, kind) -> (model, reader of its GGUF file), of models that are as deep as FORMS."""
    monkeypatch.setattr(llama_cpp, "DEPTHS", dict.fromkeys(llama_cpp.DEPTHS, 3))

    def export(config: ModelConfig, kind: str) -> tuple[Path, gguf.GGUFReader]:
        model = make_model(config)
        export_gguf(model, tmp_path / "out", kind)
        assert verify(tmp_path)[1] == []
        return model, gguf.GGUFReader(tmp_path / "out" / FILE)

    return export


def values(reader: gguf.GGUFReader) -> dict[str, torch.Tensor]:
    """{name: float32 values}, dequantized by gguf itself."""
    return {
        tensor.name: torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32))
        for tensor in reader.tensors
    }


@pytest.mark.parametrize("position", FORMS)
def test_every_tensor_is_the_models(exported, position):
    config = FORMS[position]
    model, reader = exported(config, "f16")
    read, source = values(reader), Checkpoint(model, config)
    assert set(read) == set(gguf_shapes(config))
    tokens = read_model(model).tokens
    assert tokens == 544
    heads = config.num_attention_heads
    for layer in range(3):
        name, block = f"model.layers.{layer}", f"blk.{layer}"
        q, k, v = source.get(f"{name}.self_attn.W_pack.weight").chunk(3)
        expected = [in_pairs(part, heads) if position == "rope" else part for part in (q, k)]
        for part, stored in zip([*expected, v], ("attn_q", "attn_k", "attn_v"), strict=True):
            assert torch.equal(read[f"{block}.{stored}.weight"], part.half().float())
        down = source.get(f"{name}.mlp.down_proj.weight")
        assert torch.equal(read[f"{block}.ffn_down.weight"], down.half().float())
        norm = source.get(f"{name}.post_attention_layernorm.weight")
        assert torch.equal(read[f"{block}.ffn_norm.weight"], norm)  # float32
    head = output_weight(source.get("lm_head.weight")[:tokens], config.norm_head)
    assert torch.equal(read["output.weight"], head.half().float())


def test_pairs_of_rope_turn_as_halves_do():
    """A turned pair's products are the same whether its numbers stand side by side or half a head apart."""
    heads, width, tokens = 2, 8, 5
    generator = torch.Generator().manual_seed(0)
    q, k = (torch.randn(heads * width, 16, generator=generator, dtype=torch.float64) for _ in range(2))
    x = torch.randn(tokens, 16, generator=generator, dtype=torch.float64)
    angle = torch.arange(tokens)[:, None] * 10000.0 ** (-torch.arange(0, width, 2) / width)
    turn = torch.polar(torch.ones_like(angle), angle)

    def scores(q: torch.Tensor, k: torch.Tensor, side_by_side: bool) -> torch.Tensor:
        def turned(weight: torch.Tensor) -> torch.Tensor:
            y = (x @ weight.T).view(tokens, heads, width)
            first, second = (y[..., ::2], y[..., 1::2]) if side_by_side else y.chunk(2, -1)
            return torch.complex(first, second) * turn[:, None]

        return torch.einsum("thd,shd->hts", turned(q), turned(k).conj()).real

    assert torch.allclose(scores(q, k, False), scores(in_pairs(q, heads), in_pairs(k, heads), True), atol=1e-12)


def test_q8_0_is_within_half_a_step_and_falls_back_where_blocks_do_not_fit(exported):
    config = replace(FORMS["alibi"], intermediate_size=120)
    model, reader = exported(config, "q8_0")
    kinds = {tensor.name: tensor.tensor_type.name for tensor in reader.tensors}
    assert kinds["blk.2.attn_q.weight"] == kinds["token_embd.weight"] == kinds["output.weight"] == "Q8_0"
    assert (kinds["blk.2.ffn_down.weight"], kinds["blk.2.attn_norm.weight"]) == ("F16", "F32")
    weight = Checkpoint(model, config).get("model.layers.2.self_attn.W_pack.weight")[: config.hidden_size]
    blocks = (values(reader)["blk.2.attn_q.weight"] - weight).view(-1, 32)
    step = weight.view(-1, 32).abs().amax(1, keepdim=True) / 127
    assert (blocks.abs() <= step * 0.57).all()  # the scale is a float16: 127 of its roundings are 0.06 of a step


def test_its_fields_are_llama_cpps(exported):
    config = FORMS["alibi"]
    model, reader = exported(config, "f16")
    fields = {name: field.contents() for name, field in reader.fields.items()}
    assert fields["general.architecture"] == "baichuan"
    assert fields["baichuan.block_count"] == 3
    assert fields["baichuan.attention.head_count"] == config.num_attention_heads
    assert fields["baichuan.attention.layer_norm_rms_epsilon"] == pytest.approx(config.rms_norm_eps)
    assert (fields["tokenizer.ggml.model"], fields["tokenizer.ggml.add_space_prefix"]) == ("llama", False)
    assert not fields["tokenizer.ggml.add_bos_token"]
    pieces = sentencepiece_model_pb2.ModelProto.FromString((model / "tokenizer.model").read_bytes()).pieces
    tokens = fields["tokenizer.ggml.tokens"]
    assert tokens[: len(pieces)] == [piece.piece for piece in pieces]
    assert fields["tokenizer.ggml.token_type"][:3] == [2, 3, 3]
    assert len(tokens) == fields["baichuan.vocab_size"] == len(values(reader)["token_embd.weight"])


def test_tokens_without_a_piece_are_left_out_and_named(make_source, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(llama_cpp, "DEPTHS", {"ALiBi": 3})
    source, model = make_source(tmp_path / "source", FORMS["alibi"]), tmp_path / "model"
    (source / "added_tokens.json").write_text('{"<tool>": 544}')
    link_model(source, model)
    with caplog.at_level("INFO"):
        export_gguf(model, tmp_path / "out", "f16")
    assert "tokens that llama.cpp will split into pieces, unlike this workflow: <tool>" in caplog.messages
    fields = gguf.GGUFReader(tmp_path / "out" / FILE).fields
    assert len(fields["tokenizer.ggml.tokens"].contents()) == 544


@pytest.mark.parametrize("position", FORMS)
def test_another_depth_is_refused(make_model, tmp_path, position):
    model = make_model(FORMS[position])
    with pytest.raises(
        UserError, match=r"has 3 layers, but llama\.cpp computes Baichuan with .* only where there are"
    ):
        export_gguf(model, tmp_path / "out", "f16")
    assert not (tmp_path / "out").exists()


def test_values_beyond_float16_are_refused(exported, tmp_path, monkeypatch):
    whole = Checkpoint.get
    times = {"model.layers.2.mlp.up_proj.weight": 1e6}
    monkeypatch.setattr(Checkpoint, "get", lambda self, name: whole(self, name) * times.get(name, 1))
    with pytest.raises(UserError, match=r"blk\.2\.ffn_up\.weight: has values beyond float16's"):
        exported(FORMS["alibi"], "f16")
    assert not (tmp_path / "out").exists()


def test_a_tokenizer_of_another_kind_is_refused(exported, monkeypatch):
    monkeypatch.setattr(llama_cpp, "BPE", 1)
    with pytest.raises(UserError, match=r"tokenizer\.model: not plain BPE \(.identity.\), so llama\.cpp would split"):
        exported(FORMS["alibi"], "f16")
