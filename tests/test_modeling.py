"""Weights in, and the network: every layout loads in transformers 5 and agrees with float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from baichuan2.model.tokenizer import Tokenizer
from baichuan2.modeling import network
from baichuan2.modeling.network import alibi_slopes
from helpers.models import ALIBI, ROPE, float64_logits, random_tensors

TEXT = "中国的首都在哪里？ what is the capital"


def load(model):
    return AutoModelForCausalLM.from_pretrained(model, trust_remote_code=True, dtype=torch.float32)


@pytest.mark.parametrize("config", [ALIBI, ROPE], ids=["13b", "7b"])
@pytest.mark.parametrize("layout", ["bin", "bin-sharded", "safetensors", "safetensors-sharded"])
def test_transformers_agrees_with_float64(make_model, config, layout, record_property):
    model = make_model(config, layout)
    ids = AutoTokenizer.from_pretrained(model, trust_remote_code=True)(TEXT)["input_ids"]
    expected = float64_logits(config, random_tensors(config), ids)
    with torch.no_grad():
        found = load(model)(torch.tensor([ids])).logits[0].double().numpy()
    difference = np.abs(found - expected).max() / np.abs(expected).max()
    record_property("relative difference", float(difference))
    assert difference < 1e-4


@pytest.mark.parametrize("config", [ALIBI, ROPE], ids=["13b", "7b"])
def test_generate_continues_as_float64_says(make_model, config):
    model = make_model(config)
    tokenizer = AutoTokenizer.from_pretrained(model, trust_remote_code=True)
    batch = tokenizer([TEXT, "中国"], return_tensors="pt", padding=True)  # left padding
    answers = load(model).generate(**batch, max_new_tokens=6, do_sample=False, repetition_penalty=1.0)
    tensors = random_tensors(config)
    for text, row in zip([TEXT, "中国"], answers, strict=True):
        ids = tokenizer(text)["input_ids"]
        for _ in range(6):
            ids.append(int(float64_logits(config, tensors, ids)[-1].argmax()))
        assert row[-6:].tolist() == ids[-6:]


def test_tokenizers_agree_and_round_trip(make_model, tmp_path):
    model = make_model()
    ours, theirs = Tokenizer(model), AutoTokenizer.from_pretrained(model, trust_remote_code=True)
    for text in [TEXT, "A. 一\nB. two\n答案：", "  two  blanks ", "😀 byte fallback"]:
        assert ours.encode(text) == theirs(text)["input_ids"]
        assert ours.decode(ours.encode(text)) == text == theirs.decode(theirs(text)["input_ids"])
    theirs.save_pretrained(tmp_path / "saved")
    again = AutoTokenizer.from_pretrained(tmp_path / "saved", trust_remote_code=True)
    assert again(TEXT)["input_ids"] == theirs(TEXT)["input_ids"]


def test_slopes_of_40_heads_are_the_published_ones():
    slopes = alibi_slopes(40)
    assert slopes[:4].tolist() == pytest.approx([0.840896, 0.707107, 0.594604, 0.5], abs=1e-6)
    assert slopes[31] == 0.00390625
    assert slopes[32:34].tolist() == pytest.approx([0.917004, 0.771105], abs=1e-6)
    assert slopes[39] == pytest.approx(0.272627, abs=1e-6)


def test_loss_is_the_shifted_cross_entropy(make_model):
    model = load(make_model())
    ids = torch.randint(3, 544, (2, 12), generator=torch.Generator().manual_seed(1))
    output = model(ids, labels=ids)
    expected = torch.nn.functional.cross_entropy(output.logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
    torch.testing.assert_close(output.loss, expected)


@pytest.mark.parametrize("rows", [network.HEAD_ROWS, 2 * network.HEAD_ROWS + 1])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_output_layer_in_pieces_is_that_of_the_whole(rows, dtype):
    weight = torch.randn(rows, 200).to(torch.bfloat16)
    whole = weight.float() * network.inverse_row_norms(weight)[:, None]
    assert torch.equal(network.output_weight(weight, True, dtype), whole.to(dtype))
    assert torch.equal(network.output_weight(weight, False, dtype), weight.to(dtype))
