"""The output layer with and without NormHead, rows beyond the tokenizer's pieces, and tokens without a row."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import sentencepiece
import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from sentencepiece import sentencepiece_model_pb2
from transformers import AutoModelForCausalLM, AutoTokenizer

from baichuan2.devices.cpu import CpuDevice
from baichuan2.engine.engine import Engine, Settings, open_engine
from baichuan2.engine.exact import exact_scores
from baichuan2.engine.sampling import Sampling
from baichuan2.engine.weights import float_weights, quant_weights
from baichuan2.errors import UserError
from baichuan2.model.added_tokens import ADDED, without_rowless
from baichuan2.model.directory import link_model, link_tokenizer, patch_config, read_model
from baichuan2.model.sizes import SHAPES, ModelConfig, check_world_size, norm_head
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.quantization import modelslim
from baichuan2.quantization.calibration import calibrate
from baichuan2.quantization.parameters import StreamingParameters
from baichuan2.quantization.quantizing import quantize
from baichuan2.quantization.sensitivity import divergences
from baichuan2.quantization.streaming import open_streamed
from baichuan2.ranks.collectives import Ranks
from baichuan2.ranks.cutting import cut_quant, cut_weights
from baichuan2.w8a8.artefact import QuantArtefact
from baichuan2.w8a8.exports import export_ascend, export_compressed_tensors, export_guide
from helpers.models import ALIBI, PLAIN, PLAIN_ROPE, ROPE, float64_logits, random_tensors
from helpers.ranks import IDS, answers_of, run_ranks, save_answers
from test_cut import check_ranks
from test_dynamic import reference_linear as dynamic_linear
from test_rollback import VARIANTS, eighths, kl, logits_with_eighths, samples
from test_w8a8 import reference_linear as static_linear

CPU = Settings("cpu", "float32", 128, threads=1)
HEAD = "lm_head.weight"
PIECES = 544


def transformers_model(directory: Path):
    return AutoModelForCausalLM.from_pretrained(directory, trust_remote_code=True, dtype=torch.float32)


def apart(found, expected) -> float:
    """The largest difference, relative to the largest value."""
    found, expected = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    return float(np.abs(found - expected).max() / np.abs(expected).max())


def quantized(model: Path, scheme: str) -> Path:
    """The streaming engine's artefact of a model."""
    config, out = read_model(model), model.parent / f"quant {scheme}"
    if not out.exists():
        with open_streamed(model, "cpu", 1) as streamed:
            calibration = calibrate(streamed, [torch.tensor([IDS[k:]]) for k in range(4)])
        quantize(
            model, out, StreamingParameters(scheme=scheme, rollback=("model.layers.1.mlp.down_proj",)), calibration
        )
    assert config == read_model(model)
    return out


# ---- evidence ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected", "reason"),
    [
        ({"vocab_size": 125696}, True, "vocab_size is 125696"),
        ({"vocab_size": 125760}, True, "vocab_size is 125760"),
        ({"vocab_size": 64000}, False, "vocab_size is 64000"),
        ({"vocab_size": 64064, "pieces": 64000}, False, "pieces is 64000"),
        ({"vocab_size": 5632, "norm_head": True}, True, "config.json's norm_head says so"),
        ({"vocab_size": 125696, "norm_head": False}, False, "config.json's norm_head says so"),
    ],
)
def test_the_vocabulary_or_the_key_tells_norm_head(fields, expected, reason):
    assert norm_head(fields, Path("config.json")) == (expected, reason)


@pytest.mark.parametrize(
    "fields", [{"vocab_size": 5632}, {"vocab_size": 70000}, {"vocab_size": 125700, "pieces": 125000}]
)
def test_another_vocabulary_needs_the_key(fields):
    with pytest.raises(UserError, match=r'config.json: norm_head is missing, .* write into it "norm_head": true'):
        norm_head(fields, Path("config.json"))


def test_norm_head_is_true_or_false():
    with pytest.raises(UserError, match=r"norm_head is 'yes'; it must be true"):
        norm_head({"vocab_size": 64000, "norm_head": "yes"}, Path("config.json"))


def test_shapes_of_baichuan_1():
    for size in ("13b", "7b"):
        first, second = SHAPES[f"baichuan-{size}"], SHAPES[f"baichuan2-{size}"]
        assert first == replace(second, vocab_size=64000, norm_head=False)


@pytest.mark.parametrize("kind", ["13b", "7b"])
def test_a_folder_of_baichuan_1_is_run_without_normhead(kind, make_source, tokenizer_model, tmp_path, caplog):
    """With config.json as published: no key of ours, and 7B's architecture in its own letters."""
    config = replace(PLAIN if kind == "13b" else PLAIN_ROPE, vocab_size=64000, num_hidden_layers=1)
    source, model = make_source(tmp_path / "source", config), tmp_path / "model"
    pieces = sentencepiece_model_pb2.ModelProto.FromString(tokenizer_model)
    for number in range(len(pieces.pieces), 64000):
        pieces.pieces.add(piece=f"<unused_{number}>", score=0.0, type=pieces.SentencePiece.UNUSED)
    (source / "tokenizer.model").write_bytes(pieces.SerializeToString())
    fields = json.loads((source / "config.json").read_text())
    del fields["norm_head"]
    if kind == "7b":
        del fields["model_max_length"]
        fields |= {"architectures": ["BaiChuanForCausalLM"], "max_position_embeddings": 4096}
    (source / "config.json").write_text(json.dumps(fields))
    with caplog.at_level(logging.INFO):
        link_model(source, model)
        patch_config(source, model)
    assert "output layer: plain, without NormHead, since pieces is 64000" in caplog.text
    written = json.loads((model / "config.json").read_text())
    assert (written["norm_head"], written["pieces"]) == (False, 64000)
    expected = float64_logits(config, random_tensors(config), IDS)[-1]
    with open_engine(CPU, model) as engine:
        assert apart(engine.prefill(engine.cache_for(1, 128), [IDS])[0], expected) < 1e-4
    assert apart(transformers_model(model)(torch.tensor([IDS])).logits[0, -1].detach(), expected) < 1e-4


# ---- without NormHead ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[PLAIN, PLAIN_ROPE], ids=["13b", "7b"])
def plain(request, make_model):
    """(config, model) of a Baichuan 1's kind."""
    return request.param, make_model(request.param)


def logits_of(engine: Engine) -> dict[str, np.ndarray]:
    """After IDS: by prefill, by a decode step, and in float64."""
    cache = engine.cache_for(1, 128)
    prefill = engine.prefill(cache, [IDS])[0].numpy()
    engine.prefill(cache, [IDS[:-1]])
    decoder = engine.model.decoder(cache, [len(IDS) - 1])
    decoder.prepare()
    decode = decoder.step([IDS[-1]])[0].numpy().copy()
    return {"prefill": prefill, "decode": decode, "float64": np.array(engine.score_exactly([IDS])[0])}


def test_a_plain_head_is_the_formulas_and_none_of_normheads(plain, record_property):
    config, model = plain
    expected = float64_logits(config, random_tensors(config), IDS)
    with open_engine(CPU, model) as engine:
        found = logits_of(engine)
    with torch.no_grad():
        found["transformers"] = transformers_model(model)(torch.tensor([IDS])).logits[0, -1].numpy()
    found["candidates"] = exact_scores(config, float_weights(model, config, 0, 1), [IDS], range(PIECES))[0]
    normed = float64_logits(replace(config, norm_head=True), random_tensors(config), IDS)[-1]
    for path, logits in found.items():
        record_property(f"{path}: relative difference", apart(logits, expected[-1]))
        assert apart(logits, expected[-1]) < 1e-5, path
        assert apart(logits, normed) > 0.5, path


@pytest.mark.parametrize(("scheme", "product"), [("static", static_linear), ("dynamic", dynamic_linear)])
def test_a_plain_head_in_w8a8(plain, scheme, product, record_property):
    config, model = plain
    artefact = QuantArtefact(quant := quantized(model, scheme))
    assert HEAD.removesuffix(".weight") not in artefact.int8_layers
    assert torch.equal(artefact.float_tensor(HEAD), random_tensors(config)[HEAD])
    expected = float64_logits(config, random_tensors(config), IDS, product(artefact, config))[-1]
    with open_engine(CPU, model, quant) as engine:
        found = logits_of(engine)
    assert apart(found.pop("float64"), expected) < 1e-6
    for path, logits in found.items():
        record_property(f"{path}: relative difference", apart(logits, expected))
        assert apart(logits, expected) < 0.02, path


def test_a_plain_head_by_modelslim_stays_in_float(make_model, tmp_path):
    model, prompts = make_model(PLAIN_ROPE), tmp_path / "p.txt"
    prompts.write_text("中国的首都在哪里？", encoding="utf-8")
    modelslim.quantize(model, tmp_path / "quant", modelslim.ModelSlimParameters(act_method=1), prompts)
    artefact = QuantArtefact(tmp_path / "quant")
    assert len(artefact.int8_layers) == 5 * PLAIN_ROPE.num_hidden_layers
    assert torch.equal(artefact.float_tensor(HEAD), random_tensors(PLAIN_ROPE)[HEAD])
    expected = float64_logits(PLAIN_ROPE, random_tensors(PLAIN_ROPE), IDS, static_linear(artefact, PLAIN_ROPE))[-1]
    found = exact_scores(PLAIN_ROPE, quant_weights(tmp_path / "quant", 0, 1), [IDS])[0]
    assert apart(found, expected) < 1e-6


def test_a_plain_head_in_int8_is_near(plain):
    config, model = plain
    expected = float64_logits(config, random_tensors(config), IDS)[-1]
    with open_engine(replace(CPU, head="int8"), model) as engine:
        found = logits_of(engine)
    for logits in found.values():
        assert 1e-5 < apart(logits, expected) < 0.02
    assert apart(found["prefill"], found["float64"]) < 1e-4


def test_two_ranks_of_a_plain_head(make_model, record_property):
    model = make_model(PLAIN)
    cut = partial(cut_weights, model, model / "part_model")
    check_ranks(model, cut, 1e-5, record_property, counts=(2,))
    quant = quantized(model, "static")
    cut = partial(cut_quant, model, quant, quant / "part_model")
    check_ranks(model, cut, 0.02, record_property, quant, counts=(2,))


def test_divergences_of_a_plain_head_are_those_of_whole_models(plain):
    config, model = plain
    with open_streamed(model, "cpu", 1) as streamed:
        (found,) = divergences(streamed, eighths, samples(), [VARIANTS["all"]])
    rows = [kl(*(logits_with_eighths(config, int8, ids) for int8 in ([], VARIANTS["all"]))) for ids in samples()]
    assert found == pytest.approx(np.concatenate(rows).mean(), rel=1e-4)


# ---- exports -------------------------------------------------------------------------------------------------------


def exported_head(directory: Path) -> torch.Tensor:
    """lm_head.weight of an export."""
    for path in directory.glob("*.safetensors"):
        with safe_open(path, "pt") as file:
            if HEAD in file.keys():  # noqa: SIM118
                return file.get_tensor(HEAD)
    raise AssertionError(f"{directory} has no {HEAD}")


def as_vllm_loads(head: torch.Tensor, vocab_size: int) -> torch.Tensor:
    """vllm/model_executor/models/baichuan.py, and MindIE: it normalises 125,696 rows, and any others not."""
    return F.normalize(head) if vocab_size == 125696 else head


@pytest.mark.parametrize("config", [ALIBI, ROPE, PLAIN, PLAIN_ROPE], ids=["13b", "7b", "first 13b", "first 7b"])
def test_exports_give_other_engines_the_head_that_they_compute(config, make_model, tmp_path):
    model, stored = make_model(config), random_tensors(config)[HEAD]
    quant = quantized(model, "static")
    expected = F.normalize(stored) if config.norm_head else stored
    export_ascend(model, quant, tmp_path / "ascend", "bfloat16")
    export_compressed_tensors(model, quant, tmp_path / "compressed")
    export_guide(quant, tmp_path / "guide")
    assert np.load(tmp_path / "guide/quant_weight.npy", allow_pickle=True).item().keys() == set(
        QuantArtefact(quant).int8_layers
    )
    of_ascend = as_vllm_loads(exported_head(tmp_path / "ascend"), config.vocab_size)
    torch.testing.assert_close(of_ascend.float(), expected, rtol=2**-8, atol=0)
    of_vllm = as_vllm_loads(exported_head(tmp_path / "compressed"), config.vocab_size)
    torch.testing.assert_close(of_vllm, expected)
    with open_engine(CPU, model, quant) as engine, torch.no_grad():
        ours = engine.prefill(engine.cache_for(1, 128), [IDS])[0]
        theirs = transformers_model(tmp_path / "compressed")(torch.tensor([IDS])).logits[0, -1]
    assert apart(theirs, ours) < 0.02


def test_a_head_of_the_published_size_is_exported_as_it_is(make_model, tmp_path, monkeypatch):
    monkeypatch.setattr("baichuan2.w8a8.exports.NORMALISED_ROWS", ALIBI.vocab_size)
    model = make_model(ALIBI)
    export_compressed_tensors(model, quantized(model, "static"), tmp_path / "out")
    assert torch.equal(exported_head(tmp_path / "out"), random_tensors(ALIBI)[HEAD])
    model = make_model(PLAIN)
    with pytest.raises(UserError, match=r"norm_head is false, but vLLM and MindIE normalise .* 544 rows"):
        export_compressed_tensors(model, quantized(model, "static"), tmp_path / "plain")
    assert not (tmp_path / "plain").exists()


# ---- more rows than pieces -----------------------------------------------------------------------------------------

ROWS = (608, 1088)  # on two ranks the second has some pieces, and none


def resized(source: Path, config: ModelConfig, rows: int) -> ModelConfig:
    """Give a source more rows: each 1000 times that of the best token after IDS, so that it beats it, or ties it."""
    tensors = load_file(source / "model.safetensors")
    best = int(float64_logits(config, tensors, IDS)[-1].argmax())
    for name in (HEAD, "model.embed_tokens.weight"):
        tensors[name] = torch.cat([tensors[name], 1000 * tensors[name][[best] * (rows - PIECES)]])
    save_file(tensors, source / "model.safetensors")
    fields = json.loads((source / "config.json").read_text())
    (source / "config.json").write_text(json.dumps(fields | {"vocab_size": rows}))
    return replace(config, vocab_size=rows, pieces=PIECES)


@pytest.fixture(scope="module", params=[ALIBI, PLAIN_ROPE], ids=["NormHead", "plain"])
def family(request, make_source, tmp_path_factory) -> dict[int, Path]:
    """{rows: model}: the same model without and with rows beyond its pieces."""
    models = {}
    for rows in (PIECES, *ROWS):
        root = tmp_path_factory.mktemp(f"rows {rows}")
        source, model = make_source(root / "source", request.param, "safetensors"), root / "model"
        config = resized(source, request.param, rows) if rows > PIECES else replace(request.param, pieces=PIECES)
        (source / "added_tokens.json").write_text(json.dumps({"[PAD]": PIECES}))
        link_model(source, model)
        patch_config(source, model)
        assert read_model(model) == config
        models[rows] = model
    return models


def check_same(found: dict, expected: dict) -> None:
    """Ids alike, logits of as many tokens and to rounding."""
    for what in ("greedy", "sampled", "behind a prefix"):
        assert found[what] == expected[what], what
    for what in ("leads", "logits", "float64"):
        torch.testing.assert_close(found[what], expected[what], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("precision", ["float", "static", "dynamic"])
@pytest.mark.parametrize("head", ["float", "int8", "auto"])
def test_rows_beyond_the_pieces_change_nothing(family, rows, precision, head):
    answers = {}
    for size in (PIECES, rows):
        model = family[size]
        quant = None if precision == "float" else quantized(model, precision)
        with open_engine(replace(CPU, head=head), model, quant) as engine:
            answers[size] = answers_of(engine)
    check_same(answers[rows], answers[PIECES])


def test_an_added_token_of_a_prompt_has_no_logit_to_penalise(family):
    sampling = Sampling(temperature=1.0, repetition_penalty=1.5)
    with open_engine(CPU, family[608]) as engine:
        (new,) = engine.generate([[*IDS, PIECES]], 4, stop_ids=(), sampling=sampling)
    assert max(new) < PIECES


def test_they_would_change_all_if_they_counted(family):
    """The surplus rows are such that a path that forgets them is seen: they win, or they tie."""
    config = replace(read_model(family[608]), pieces=None)
    weights = partial(float_weights, family[608], config)
    with torch.inference_mode():
        found = answers_of(Engine(config, weights, None, CpuDevice(threads=1), Ranks(), CPU))
    with open_engine(CPU, family[PIECES]) as engine:
        expected = answers_of(engine)
    assert found["sampled"] != expected["sampled"]
    assert not torch.allclose(found["leads"], expected["leads"], atol=1e-4)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("precision", ["float", "static"])
def test_two_ranks_with_rows_beyond_the_pieces(family, rows, precision, tmp_path):
    model, quant = family[rows], ()
    if precision == "float":
        cut_weights(model, model / "part_model", 2)
        assert load_file(model / "part_model/1/model.safetensors")[HEAD].shape[0] == rows // 2
    else:
        quant = (quantized(model, precision),)
        cut_quant(model, quant[0], quant[0] / "part_model", 2)
    run_ranks(2, save_answers, model, tmp_path / "answers.pt", *quant)
    found = torch.load(tmp_path / "answers.pt", weights_only=True)
    whole = quantized(family[PIECES], precision) if quant else None
    with open_engine(CPU, family[PIECES], whole) as engine:
        expected = answers_of(engine)
    if quant:  # one activation that rounds the other way moves all logits
        assert apart(found["logits"], expected["logits"]) < 0.02
        assert max(max(ids) for what in ("greedy", "sampled") for ids in found[what]) < PIECES
        return
    check_same(found, expected)
    assert torch.isneginf(found["transformers"][PIECES:]).all()
    torch.testing.assert_close(found["transformers"][:PIECES], expected["logits"][0], rtol=1e-4, atol=1e-4)


def test_transformers_generates_no_row_beyond_the_pieces(family):
    ids, new = torch.tensor([IDS]), {}
    for rows in (PIECES, 608):
        model = transformers_model(family[rows])
        new[rows] = model.generate(ids, max_new_tokens=16, do_sample=False, repetition_penalty=1.0)[0].tolist()
    assert new[608] == new[PIECES]
    torch.manual_seed(3)
    sampled = model.generate(ids.repeat(8, 1), max_new_tokens=16, do_sample=True, temperature=2.0, top_k=0, top_p=1.0)
    assert sampled.max() < PIECES


def test_divergences_leave_rows_beyond_the_pieces_out(family):
    values = []
    for rows in (PIECES, *ROWS):
        with open_streamed(family[rows], "cpu", 1) as streamed:
            values += divergences(streamed, eighths, samples(), [VARIANTS["all"]])
    assert values == pytest.approx([values[0]] * 3, rel=1e-6)


def test_files_keep_the_rows_beyond_the_pieces(family, tmp_path):
    model = family[608]
    quant = quantized(model, "static")
    stored = load_file(model / "model.safetensors")[HEAD]
    assert stored.shape[0] == 608
    assert torch.equal(QuantArtefact(quant).float_tensor(HEAD), stored)
    export_compressed_tensors(model, quant, tmp_path / "out")
    assert exported_head(tmp_path / "out").shape[0] == 608
    answer = transformers_model(tmp_path / "out").generate(torch.tensor([IDS]), max_new_tokens=8, do_sample=False)
    assert answer.max() < PIECES


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (
            500,
            r"tokenizer.model: 544 pieces, but config.json's vocab_size is 500; take tokenizer.model and config.json",
        ),
        (2000, r"544 pieces, but config.json's vocab_size is 2000, and a resize adds at most 1024; take"),
    ],
)
def test_a_tokenizer_of_another_model_is_refused(rows, line, make_source, tmp_path):
    source = make_source(tmp_path / "source", replace(ALIBI, vocab_size=rows))
    with pytest.raises(UserError, match=line):
        link_model(source, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_ranks_that_do_not_divide_the_rows_are_told_of_the_vocabulary():
    with pytest.raises(
        UserError, match=r"parallel.world_size: 2 does not divide vocab_size 545; this model takes 1$"
    ):
        check_world_size(replace(ALIBI, vocab_size=545, pieces=PIECES), 2)


# ---- tokens without a row ------------------------------------------------------------------------------------------


def edit(path: Path, **fields) -> None:
    path.write_text(json.dumps((json.loads(path.read_text()) if path.exists() else {}) | fields))


def padded(source: Path, token: str) -> None:
    """What people's folders have of a padding token: an id, and settings that name it."""
    edit(source / "added_tokens.json", **{token: PIECES})
    described = {"content": token, "special": True, "lstrip": False, "rstrip": False, "normalized": False}
    decoder = {"0": described | {"content": "<unk>"}, str(PIECES): described}
    edit(source / "tokenizer_config.json", pad_token=token, added_tokens_decoder=decoder)
    edit(source / "special_tokens_map.json", pad_token=described, additional_special_tokens=[token, "<s>"])
    edit(source / "config.json", pad_token_id=PIECES)
    edit(source / "generation_config.json", pad_token_id=PIECES)


@pytest.mark.parametrize("rows", [PIECES, 608])
def test_transformers_gets_no_id_without_a_row(make_source, tmp_path, caplog, rows):
    source, model = make_source(tmp_path / "source", ALIBI, "safetensors"), tmp_path / "model"
    padded(source, "<pad>")
    if rows > PIECES:
        resized(source, ALIBI, rows)
    link_model(source, model)
    with caplog.at_level(logging.INFO):
        patch_config(source, model)
    assert ("tokens left out, since the model has 544 rows: <pad>" in caplog.text) == (rows == PIECES)
    tokenizer = AutoTokenizer.from_pretrained(model, trust_remote_code=True)
    assert max(tokenizer.get_vocab().values()) < rows
    assert (tokenizer.pad_token, tokenizer.pad_token_id) == (("<unk>", 0) if rows == PIECES else ("<pad>", PIECES))
    batch = tokenizer(["中国的首都在哪里？", "中国"], return_tensors="pt", padding=True)
    answer = transformers_model(model).generate(**batch, max_new_tokens=4, do_sample=False)
    assert answer.shape[0] == 2


def test_an_added_token_in_a_text_is_its_id(make_source, tmp_path):
    """Whatever flags saved it: the engine's ids are those of transformers."""
    source, model = make_source(tmp_path / "source", ALIBI, "safetensors"), tmp_path / "model"
    padded(source, "[PAD]")
    resized(source, ALIBI, 608)
    flags = {"lstrip": True, "rstrip": True, "single_word": True, "normalized": True, "special": False}
    edit(source / "tokenizer_config.json", added_tokens_decoder={"545": flags | {"content": "[PAD]s"}})
    edit(source / "special_tokens_map.json", additional_special_tokens=["<reserved_106>", "[NEXT]"])
    link_model(source, model)
    patch_config(source, model)
    ours, theirs = Tokenizer(model), AutoTokenizer.from_pretrained(model, trust_remote_code=True)
    assert ours.encode("a[PAD]") == [*ours.encode("a"), PIECES]
    for text in ("中国[PAD]是 [PAD]s [PAD] x<reserved_106>y[NEXT]</s>[PAD]]", "[PAD][PAD]s\n [NEXT]  "):
        assert ours.encode(text) == theirs(text)["input_ids"]


@pytest.mark.parametrize("name", ["add_bos_token", "add_eos_token"])
def test_tokens_around_each_text_are_refused(make_source, tmp_path, name):
    source = make_source(tmp_path / "source")
    edit(source / "tokenizer_config.json", **{name: True})
    with pytest.raises(UserError, match=f"tokenizer_config.json: {name} is set, but no prompt has it here"):
        link_model(source, tmp_path / "model")
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("name", ["user_token_id", "assistant_token_id"])
def test_other_chat_tokens_than_the_published_are_refused(make_source, tmp_path, name):
    """By each step that takes a source, and before it changes anything."""
    source, model = make_source(tmp_path / "source"), tmp_path / "model"
    edit(source / "generation_config.json", user_token_id=195, assistant_token_id=196)
    link_model(source, model)
    edit(source / "generation_config.json", **{name: 300})
    for step, target in ((link_model, "other"), (link_tokenizer, "tokenizer"), (patch_config, "model")):
        with pytest.raises(UserError, match=f"generation_config.json: {name} is 300, but chats have"):
            step(source, tmp_path / target)
    assert not (model / "config.json").exists()
    assert {path.name for path in tmp_path.iterdir()} == {source.name, model.name}


@pytest.mark.parametrize("file", ["tokenizer_config.json", "special_tokens_map.json"])
def test_a_token_that_is_only_named_would_get_the_next_id(make_source, tmp_path, file):
    source, model = make_source(tmp_path / "source"), tmp_path / "model"
    edit(source / file, pad_token="<pad>")
    link_model(source, model)
    patch_config(source, model)
    assert AutoTokenizer.from_pretrained(model, trust_remote_code=True).pad_token_id == 0


def test_added_tokens_of_an_earlier_source_do_not_stay(make_source, tmp_path):
    source, model = make_source(tmp_path / "source", ALIBI, "safetensors"), tmp_path / "model"
    resized(source, ALIBI, 608)
    edit(source / "added_tokens.json", **{"[PAD]": PIECES})
    for ids in ({0, 1, 2, PIECES}, {0, 1, 2}):
        link_model(source, model)
        patch_config(source, model)
        assert set(AutoTokenizer.from_pretrained(model, trust_remote_code=True).added_tokens_decoder) == ids
        (source / "added_tokens.json").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("file", "fields", "line"),
    [
        (
            "added_tokens.json",
            {"<pad>": "last"},
            r"added_tokens.json: '<pad>' has the id 'last'; fetch the file again",
        ),
        ("tokenizer_config.json", {"added_tokens_decoder": {"9" * 5000: "<pad>"}}, r"'<pad>' has the id '9+"),
    ],
)
def test_an_id_that_is_none_is_named(make_source, tmp_path, file, fields, line):
    source, model = make_source(tmp_path / "source"), tmp_path / "model"
    edit(source / file, **fields)
    with pytest.raises(UserError, match=line):
        link_model(source, model)


ODD = (None, [], {}, [1, None, {"content": 3}], {"7": 1}, "", "\0", 5, True, {"8": {"content": None}})


@pytest.mark.parametrize(
    "name", ["added_tokens_decoder", "pad_token", "additional_special_tokens", "extra_special_tokens"]
)
def test_settings_of_any_form_are_read(name, tokenizer_model):
    pieces = sentencepiece.SentencePieceProcessor(model_proto=tokenizer_model)
    for value in ODD:
        settings, _ = without_rowless({"tokenizer_config.json": {name: value, "x": 1}, ADDED: {}}, pieces, PIECES)
        assert settings["tokenizer_config.json"]["x"] == 1
