"""The OpenVINO export in OpenVINO itself: its logits, the slopes that paged attention takes from it, its tokenizer.

test_readers.py has OpenVINO GenAI's answers.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from baichuan2.errors import UserError
from baichuan2.integrity import verify
from baichuan2.model.checkpoint import Checkpoint
from baichuan2.model.directory import link_model, patch_config
from baichuan2.model.sizes import ModelConfig, tensor_shapes
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.modeling import network
from baichuan2.modeling.network import output_weight
from baichuan2.w8a8.arithmetic import quantize_weight
from helpers.models import ALIBI, PLAIN_ROPE, ROPE, float64_logits, random_tensors
from helpers.readers import InOpenVino

INSTALLED = "openvino and openvino-tokenizers are not installed: make openvino"
ov = pytest.importorskip("openvino", reason=INSTALLED)
pytest.importorskip("openvino_tokenizers", reason=INSTALLED)
openvino_ir = pytest.importorskip("baichuan2.w8a8.openvino_ir")

FORMS = {"alibi": ALIBI, "rope": ROPE, "plain": replace(PLAIN_ROPE, vocab_size=560)}
TEXT = "答案：A\n 2  3</s>问：<reserved_106>好 😀"


@pytest.fixture
def exported(make_model, tmp_path):
    """exported(config, kind) -> (model, its export)."""

    def export(config: ModelConfig, kind: str) -> tuple[Path, Path]:
        model, out = make_model(config), tmp_path / "out"
        openvino_ir.export_openvino(model, out, kind)
        assert verify(tmp_path)[1] == []
        assert not any(path.name.startswith(".") for path in out.iterdir())
        return model, out

    return export


def weights(model: Path, config: ModelConfig, kind: str) -> dict[str, torch.Tensor]:
    """What the export means: in int8, linears and the normalised output layer are their quantized values."""
    checkpoint, values = Checkpoint(model, config), {}
    for name in tensor_shapes(config):
        tensor = checkpoint.get(name).float()
        if kind == "int8" and tensor.dim() == 2 and "embed" not in name:
            rows = output_weight(tensor, config.norm_head) if name == "lm_head.weight" else tensor
            q, scale = quantize_weight(rows)
            # a NormHead's of norms near 1, which normalising once more would change
            tensor = q * scale
        values[name] = tensor
    return values


@pytest.mark.parametrize("kind", openvino_ir.KINDS)
@pytest.mark.parametrize("form", FORMS)
def test_its_logits_are_the_networks(exported, form, kind):
    """Of two sequences, the shorter one padded on the left, then of one more token each, in the other order."""
    config = FORMS[form]
    model, out = exported(config, kind)
    tensors = weights(model, config, kind)
    meant = replace(config, norm_head=config.norm_head and kind == "float")
    theirs = InOpenVino(ov, model, out / openvino_ir.MODEL)
    short, long = [5, 9, 300, 42], [7, 7, 201, 3, 543, 88, 12]
    first = theirs.logits([[0, 0, 0, *short], long], [[0] * 3 + [1] * 4, [1] * 7])
    assert first.shape == (2, 7, 544)
    second = theirs.logits([[11], [12]], [[1] * 8, [0] * 3 + [1] * 5], [1, 0])
    for found, ids in ((first[0, 3:], short), (first[1], long), (second[0], [*long, 11]), (second[1], [*short, 12])):
        expected = float64_logits(meant, tensors, ids)[-len(found) :, :544]
        np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5 * np.abs(expected).max())


def test_an_added_token_in_a_text_has_its_row(make_source, tmp_path):
    """Of a row that is not there OpenVINO gives zeros, without a word."""
    config = replace(ALIBI, vocab_size=560)
    source, model, out = make_source(tmp_path / "source", config), tmp_path / "model", tmp_path / "out"
    (source / "added_tokens.json").write_text('{"<tool>": 544}')
    link_model(source, model)
    patch_config(source, model)
    openvino_ir.export_openvino(model, out, "float")
    (ids,) = ov.Core().compile_model(out / openvino_ir.TOKENIZER, "CPU")(["A<tool>B"])["input_ids"].tolist()
    assert 544 in ids
    found = InOpenVino(ov, model, out / openvino_ir.MODEL).logits([ids])[0]
    expected = float64_logits(config, random_tensors(config), ids)[:, :544]
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5 * np.abs(expected).max())


@pytest.mark.parametrize("form", ["alibi", "rope"])
def test_paged_attention_takes_the_slopes(exported, form):
    """Of a mask of another form it would take none, and compute a 13B without positions."""
    from openvino._offline_transformations import paged_attention_transformation

    _, out = exported(FORMS[form], "float")
    model = ov.Core().read_model(out / openvino_ir.MODEL)
    paged_attention_transformation(model)
    assert all(len(model.input(name).partial_shape) == 1 for name in ("input_ids", "position_ids"))
    attentions = [node for node in model.get_ops() if node.get_type_name() == "PagedAttentionExtension"]
    assert len(attentions) == ALIBI.num_hidden_layers
    assert "attention_mask" not in {name for port in model.inputs for name in port.names}
    slopes = network.alibi_slopes(ALIBI.num_attention_heads).numpy() if form == "alibi" else []
    for node in attentions:
        source = ov.Model([node.input_value(11)], [], "slopes")
        (taken,) = ov.Core().compile_model(source, "CPU")([]).values()
        np.testing.assert_array_equal(taken, slopes)


def test_a_position_beyond_the_tables_is_not_a_number(exported):
    """Zeros, which OpenVINO gives for a row that is not there, would be a wrong number without a word."""
    model, out = exported(replace(ROPE, model_max_length=8), "float")
    theirs = InOpenVino(ov, model, out / openvino_ir.MODEL)
    assert np.isfinite(theirs.logits([list(range(5, 13))])).all()
    assert np.isnan(theirs.logits([[13]], [[1] * 9])).all()


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_its_weights_are_the_models(exported, dtype):
    config = replace(ALIBI, dtype=dtype)
    _, out = exported(config, "float")
    nodes = ov.Core().read_model(out / openvino_ir.MODEL).get_ops()
    constants = [node.output(0) for node in nodes if node.get_type_name() == "Constant"]
    large = {tuple(output.shape): output.element_type for output in constants}
    assert large[288, 96] == {"float32": ov.Type.f32, "bfloat16": ov.Type.bf16, "float16": ov.Type.f16}[dtype]
    assert large[96,] == ov.Type.f32


def test_int8_is_a_byte_of_each_weight(exported):
    config = replace(ALIBI, hidden_size=384, intermediate_size=512)
    _, out = exported(config, "int8")
    shapes = {name: shape for name, shape in tensor_shapes(config).items() if len(shape) == 2}
    embedding = np.prod(shapes.pop(openvino_ir.EMBEDDING))
    expected = 4 * embedding + sum(np.prod(shape) + 4 * shape[0] for shape in shapes.values())
    assert expected <= (out / openvino_ir.MODEL).with_suffix(".bin").stat().st_size < 1.01 * expected


def test_its_tokenizer_splits_as_ours(exported):
    model, out = exported(ALIBI, "int8")
    ours, core = Tokenizer(model), ov.Core()
    split = core.compile_model(out / openvino_ir.TOKENIZER, "CPU")
    joined = core.compile_model(out / openvino_ir.DETOKENIZER, "CPU")
    ids = split([TEXT])["input_ids"]
    assert ids[0].tolist() == ours.encode(TEXT)
    plain = ours.encode("答案：A\n 2  3 好 😀")
    assert joined([[plain]])[0].tolist() == [ours.decode(plain)]


@pytest.mark.parametrize(
    ("kind", "number", "line"),
    [
        ("int8", math.nan, r"up_proj\.weight: the weights have numbers that are not finite"),
        ("float", 1e5, r"config\.json's torch_dtype: .*up_proj\.weight has values beyond float16's"),
    ],
)
def test_numbers_that_it_does_not_hold_are_refused(make_model, tmp_path, monkeypatch, kind, number, line):
    whole, config = Checkpoint.get, replace(ALIBI, dtype="float16")
    other = {"model.layers.2.mlp.up_proj.weight": torch.full((128, 96), number)}
    monkeypatch.setattr(Checkpoint, "get", lambda self, name: other.get(name, whole(self, name)))
    model = make_model(config)
    with pytest.raises(UserError, match=line):
        openvino_ir.export_openvino(model, tmp_path / "out", kind)
    assert list(tmp_path.iterdir()) == []


def test_without_openvino_one_line_says_how_to_install_it(refuse, tmp_path):
    arguments = ("--model", tmp_path, "--out", tmp_path / "out", "--kind", "int8")
    refuse("no openvino", "run: make openvino", "export_openvino.py", *arguments, setup="no openvino")
    assert not (tmp_path / "out").exists()


def test_it_looks_for_room_before_it_writes(make_model, tmp_path, monkeypatch):
    model = make_model(ALIBI)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("Usage", (), {"free": 1000}))
    with pytest.raises(UserError, match=r"its disk has .* GB are to be written"):
        openvino_ir.export_openvino(model, tmp_path / "out", "int8")
    assert list(tmp_path.iterdir()) == []
