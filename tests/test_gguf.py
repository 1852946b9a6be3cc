"""The GGUF export read back: llama.cpp's names, types and order of rows; and llama.cpp's own answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from sentencepiece import sentencepiece_model_pb2

from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import get_protocol
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.errors import UserError
from baichuan2.integrity import verify
from baichuan2.model import llama_cpp
from baichuan2.model.checkpoint import Checkpoint
from baichuan2.model.directory import link_model, read_model
from baichuan2.model.known import make
from baichuan2.model.llama_cpp import FILE, KINDS, export_gguf, gguf_shapes, in_pairs
from baichuan2.model.sizes import ModelConfig
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.modeling.network import output_weight
from baichuan2.ranks.collectives import Ranks
from helpers.models import ALIBI, ROPE, score_exam
from helpers.projects import ROOT

FEW = ("law", "logic")
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


class InLlamaCpp:
    """A linked model's GGUF file in llama.cpp, asked as score_exam asks an engine."""

    rank, max_seq_len, ranks = 0, 512, Ranks()

    def __init__(self, peer, model: Path, file: Path):
        self.tokenizer, self._peer = Tokenizer(model), peer
        self._llama = peer.Llama(str(file), n_ctx=self.max_seq_len, n_threads=2, verbose=False)

    def split(self, text: str) -> list[int]:
        """llama.cpp's own ids of a text."""
        return self._llama.tokenize(text.encode(), add_bos=False, special=True)

    def score(self, prefix: list[int], suffixes: list[list[int]], candidates: list[int]) -> list[list[float]]:
        return [self._logits(prefix + suffix)[candidates].tolist() for suffix in suffixes]

    def _logits(self, ids: list[int]) -> np.ndarray:
        self._llama.reset()
        self._llama.eval(ids)
        pointer = self._peer.llama_get_logits_ith(self._llama.ctx, -1)
        return np.ctypeslib.as_array(pointer, shape=(self._llama.n_vocab(),))


# The largest difference of a score: 0.05 was seen in F16, in which llama.cpp rounds activations too.
NEAR = {"f16": 0.25, "q8_0": 1.0}


@pytest.mark.exhaustive
@pytest.mark.parametrize("form", ["demo-13b-small", "demo-7b-small"])
@pytest.mark.parametrize("kind", KINDS)
def test_llama_cpp_answers_as_this_engine(form, kind, tmp_path, record_property):
    peer = pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed: make peers")
    demo = ROOT / "resources/demo" / ("model" if form.startswith("demo-13b") else "model-7b")
    model = tmp_path / "model"
    make(form, demo, tmp_path / "known", tmp_path / "known.json")
    link_model(tmp_path / "known", model)
    export_gguf(model, tmp_path / "out", kind)
    subjects = [subject for subject in read_subjects(ROOT / "resources/ceval_subjects.csv") if subject.key in FEW]
    exam = Exam.read(ROOT / "resources/demo/exam", subjects)
    theirs = InLlamaCpp(peer, model, tmp_path / "out" / FILE)
    for text in ("答案：A\n 2  3", "</s>问：<reserved_106>好", "😀 Hamlet->"):
        assert theirs.split(text) == theirs.tokenizer.encode(text)
    with open_engine(Settings("cpu", "float32", 512), model) as engine:
        ours = score_exam(engine, exam, get_protocol("official"))
    pairs = list(zip(ours, score_exam(theirs, exam, get_protocol("official")), strict=True))
    differences = np.abs([np.subtract(one.scores, other.scores) for one, other in pairs])
    record_property("largest difference of scores", float(differences.max()))
    assert len(pairs) == 20
    assert differences.max() < NEAR[kind]
    assert [b.prediction for a, b in pairs if a.lead > NEAR[kind]] == [
        a.prediction for a, b in pairs if a.lead > NEAR[kind]
    ]
