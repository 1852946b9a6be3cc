"""Prompts as people have them: formats, line ends, special tokens; and the same ids as transformers' tokenizer."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from transformers import AutoTokenizer

from baichuan2.errors import UserError
from baichuan2.model.directory import link_model, patch_config
from baichuan2.model.prompts import read_prompts
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.quantization.prompts import encode_file
from helpers.projects import ROOT

DEMO = ROOT / "resources" / "demo" / "model"


def texts_of(path: Path, data: str | bytes) -> list[str]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return [prompt.text for prompt in read_prompts(path)]


@pytest.mark.parametrize(
    ("name", "data", "texts"),
    [
        ("p.txt", "one\n\n二\n", ["one", "二"]),
        ("p.txt", "one\r\n \r\n二\r\n", ["one", "二"]),
        ("p.txt", "one\r\r二\r", ["one", "二"]),
        ("p.txt", b"\xef\xbb\xbfone\r\n", ["one"]),
        ("p", "a\u2028b\x85c\x0bd", ["a\u2028b\x85c\x0bd"]),
        ("p.txt", "[INST] a\n{b} c\n[[1, 2]] d", ["[INST] a", "{b} c", "[[1, 2]] d"]),
        ("p.jsonl", '{"prompt": "a\\r\\nb\\rc"}\r\n\r\n{"text": "d"}\r\n', ["a\nb\nc", "d"]),
        ("p.JSONL", '{"question": "a"}\n{"instruction": "b"}\n"c"\n', ["a", "b", "c"]),
        ("p.ndjson", '{"inputs_pretokenized": "a", "targets_pretokenized": ["b"]}\n{"input": "c"}', ["a", "c"]),
        ("p.jsonl", '{"instruction": "a", "input": "b", "output": "c"}', ["a\nb"]),
        ("p.jsonl", '{"input": " ", "instruction": "a", "output": "c"}', ["a"]),
        ("p.jsonl", '{"messages": [{"role": "user", "content": "a\\r\\nb"}]}', ["a\nb"]),
        ("p.json", '[\n  "one",\n  {"prompt": "二"},\n  {"text": "\\u2028"}\n]', ["one", "二", "\u2028"]),
        ("p.JSON", '{"data": ["a", "b"], "version": 1}', ["a", "b"]),
        ("p.json", '{"prompt": "a", "tags": ["b"]}', ["a"]),
    ],
)
def test_prompts_of_every_format(tmp_path, name, data, texts):
    assert texts_of(tmp_path / name, data) == texts


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("p.jsonl", "", "p.jsonl: holds no prompts; put one on each line"),
        ("p.txt", "\r\n \n", "p.txt: holds no prompts; put one on each line"),
        ("p.json", "[]", "p.json: holds no prompts; put one on each line"),
        ("p.jsonl", '{"prompt": "a"}\n{"promt": "b"}\n',
         "p.jsonl:2: must be a text, or an object with one of messages, prompt, text, input, question, instruction, "
         "inputs_pretokenized"),
        ("p.jsonl", '{"prompt": 3}\n', "p.jsonl:1: prompt is empty or no text; write the prompt there"),
        ("p.jsonl", '{"prompt": ""}\n', "p.jsonl:1: prompt is empty or no text; write the prompt there"),
        ("p.jsonl", '{"instruction": "a", "input": ["b"]}',
         "p.jsonl:1: instruction or input is empty or no text; write the prompt there"),
        ("p.jsonl", '{"prompt": "a", "question": "b"}',
         "p.jsonl:1: has prompt and question, and which is the prompt is not known; keep one of them"),
        ("p.jsonl", '{"messages": [{"role": "human", "content": "a"}]}',
         'p.jsonl:1: messages must be [{"role": system | user | assistant, "content": text}, ...]'),
        ("p.json", '["a", 3]',
         "p.json: prompt 2: must be a text, or an object with one of messages, prompt, text, input, question, "
         "instruction, inputs_pretokenized"),
        ("p.csv", "prompt\na\n",
         "p.csv: a table, whose column of prompts is not known; save that as .txt, a prompt a line"),
        ("p.txt", '[\n  "a",\n  "b"\n]\n',
         "p.txt: begins as JSON does, but its name says text; name it .json, or .jsonl"),
        ("p", '\n{"prompt": "a"}\n{"prompt": "b"}\n',
         "p: begins as JSON does, but its name says text; name it .json, or .jsonl"),
    ],
)  # fmt: skip
def test_prompts_that_cannot_be_read_are_named_with_the_cure(tmp_path, name, data, line):
    with pytest.raises(UserError) as caught:
        texts_of(tmp_path / name, data)
    assert str(caught.value) == f"{tmp_path}/{line}"


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("p.jsonl", '[\n{"prompt": "a"}\n]',
         r"p\.jsonl:1: not JSON \(.*\); one object a line, or name a list \.json"),
        ("p.json", '{"prompt": "a"}\n{"prompt": "b"}',
         r"p\.json: not JSON \(Extra data.*\); correct it, or name it \.jsonl if it has one a line"),
    ],
)  # fmt: skip
def test_prompts_that_are_not_the_json_of_their_name(tmp_path, name, data, line):
    with pytest.raises(UserError, match=line):
        texts_of(tmp_path / name, data)


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    """The demo's model, linked."""
    model = tmp_path_factory.mktemp("demo") / "model"
    link_model(DEMO, model)
    patch_config(DEMO, model)
    return model


SPECIAL = ("</s>", "<s>", "<unk>")
PARTS = (
    *SPECIAL * 3, "<pad>", "<reserved_106>", "<reserved_107>", "</s", "s>", "<", "/", "<0x0A>", "▁",
    " ", "  ", "\t", "\n", "\n\n", "\r\n", "\r", "\u3000", "\u00a0", "\u2028", "\u200b", "\x01", "\x1f", "\x7f",
    "\x85", "\ue000", "\uf8ff", "\U000f0000", "😀", "👩‍👩‍👧", "🇨🇳", "e\u0301", "Ａ", "ß", "№", "한", "ع",
    "中国的首都", "答案：", "请选出其中的正确答案。", "夜雨寄北", "𠮷", "the capital", "Answer:", "A", "word",
    "2023", "3.14", "def f(x):\n    return x", "{", "}", "\\", '"', "，", "……",
)  # fmt: skip


def generated_texts(count: int) -> list[str]:
    draw = random.Random(18)
    return ["".join(draw.choices(PARTS, k=draw.randint(1, 24))) for _ in range(count)]


def test_ids_are_those_of_transformers(demo, record_property):
    ours, theirs = Tokenizer(demo), AutoTokenizer.from_pretrained(demo, trust_remote_code=True)
    texts = generated_texts(10_000)
    expected = theirs(texts)["input_ids"]
    differences = sum(ours.encode(text) != ids for text, ids in zip(texts, expected, strict=True))
    record_property("texts", len(texts))
    record_property("differences", differences)
    assert sum(any(token in text for token in SPECIAL) for text in texts) > 5_000
    assert differences == 0


@pytest.mark.parametrize("single_word", [True, False])
def test_special_tokens_are_their_ids_wherever_they_stand(demo, tmp_path, single_word):
    """Whatever later transformers wrote of them beside a fine-tuned model."""
    source = tmp_path / "source"
    source.mkdir()
    for path in DEMO.iterdir():
        (source / path.name).symlink_to(path)
    flags = {"lstrip": single_word, "rstrip": single_word, "single_word": single_word, "normalized": True}
    saved = {str(k): flags | {"content": piece, "special": True} for k, piece in enumerate(("<unk>", "<s>", "</s>"))}
    settings = json.loads((DEMO / "tokenizer_config.json").read_text())
    (source / "tokenizer_config.json").unlink()
    (source / "tokenizer_config.json").write_text(json.dumps(settings | {"added_tokens_decoder": saved}))
    link_model(source, tmp_path / "model")
    patch_config(source, tmp_path / "model")
    theirs = AutoTokenizer.from_pretrained(tmp_path / "model", trust_remote_code=True)
    ours = Tokenizer(tmp_path / "model")
    a, b, blank = (ours.encode(text)[0] for text in ("a", "b", " "))
    for tokenizer in (ours.encode, lambda text: theirs(text)["input_ids"]):
        assert tokenizer("a</s>b") == [a, 2, b]
        assert tokenizer(" </s> <s><unk> ") == [blank, 2, blank, 1, 0, blank]


def test_a_chat_of_several_turns_is_transformers_own(demo):
    chat = [
        {"role": "system", "content": "你是助手。\n"},
        {"role": "user", "content": " 中国的首都</s>"},
        {"role": "assistant", "content": "答案：<reserved_106>\n"},
        {"role": "user", "content": "the capital\r\n"},
    ]
    theirs = AutoTokenizer.from_pretrained(demo, trust_remote_code=True)
    ours = Tokenizer(demo)
    for messages in (chat, chat[1:], chat[1:2]):
        expected = theirs.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
        assert ours.chat(messages, 4096) == expected


def test_calibration_reads_as_inference(demo, tmp_path):
    path = tmp_path / "p.JSON"
    path.write_text(json.dumps([{"question": "中国\r\n首都</s>"}]))
    (sample,) = encode_file(demo, path)
    assert sample.tolist() == [
        AutoTokenizer.from_pretrained(demo, trust_remote_code=True)("中国\n首都</s>")["input_ids"]
    ]


def test_a_chat_calibrates_in_its_chat_form(demo, tmp_path):
    chat = [{"role": role, "content": f"{role}</s>"} for role in ("system", "user", "assistant", "user")]
    path = tmp_path / "p.jsonl"
    path.write_text(json.dumps({"messages": chat}) + "\n")
    (sample,) = encode_file(demo, path)
    assert sample.tolist() == [Tokenizer(demo).chat(chat, 4096)]
    path.write_text(json.dumps({"messages": chat[:3]}) + "\n")
    with pytest.raises(UserError, match=r"p\.jsonl:1: a chat must end with a user's message"):
        encode_file(demo, path)
