"""Input files, mutated: each is read to a result or refused in one line; no traceback, nothing half-written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings

from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import PROTOCOLS
from baichuan2.ceval.scoring import prepare
from baichuan2.configuration.schema import read_config_file, read_schema
from baichuan2.configuration.settings import check_settings
from baichuan2.configuration.sweep import configs_of, read_sheet
from baichuan2.engine.sampling import Sampler, Sampling
from baichuan2.errors import line_of
from baichuan2.integrity import verify
from baichuan2.model.directory import link_model, patch_config, read_model
from baichuan2.model.prompts import read_prompts
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.quantization.prompts import encode_file
from helpers.models import ALIBI
from helpers.mutations import mutated_json, mutated_lines
from helpers.projects import ROOT

QUICK, ALL = 60, int(os.environ.get("FUZZ", "200"))
SUBJECTS = read_subjects(ROOT / "resources/ceval_subjects.csv")[:1]
SUBJECT = SUBJECTS[0].name
PUBLISHED_SAMPLING = b"""{"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "user_token_id": 195,
"assistant_token_id": 196, "max_new_tokens": 2048, "temperature": 0.3, "top_k": 5, "top_p": 0.85,
"repetition_penalty": 1.05, "do_sample": true, "transformers_version": "4.29.2"}"""
RUNS = b"""name,precision,model.source,quantize.scheme,perf.batch_size,engine.max_seq_len
a,float,demo,,"[1, 2]",
b,quant,demo,static,,512
"""
TEXTS = "登鹳雀楼->王之涣\n\nHamlet->Shakespeare\n</s> 苹果\t \n".encode()
LINES = """{"prompt": "登鹳雀楼"}
{"messages": [{"role": "system", "content": "简短"}, {"role": "user", "content": "?"}]}
""".encode()
CALIBRATION = '{"prompt": "登鹳雀楼"}\n\n{"text": "Hamlet->", "id": 1}\n'.encode()
LIST = '["登鹳雀楼->", {"prompt": "Hamlet->"}, {"messages": [{"role": "user", "content": "?"}]}]'.encode()
QUESTIONS = """id,question,A,B,C,D,answer
0,1+1=?,1,2,3,4,B
1,"下列, 哪项""?
",a,b,c,d,A
2,又？,a,b,c,d,C
""".encode()
OWN_SUBJECTS = f"subject,name_en,name_zh,class\n{SUBJECT},Networks,网络,Own\n".encode()
OWN_QUESTIONS = 'id,question,A,B,C,D,E,answer\n0,几?,1,2,3,4,5,E\n1,"a,b?",x,y,,,,B\n'.encode()
EXAMPLES = b"id,question,A,B,C,D,answer,explanation\n0,q,a,b,c,d,A,because\n1,r,a,b,c,d,D,\n"


@pytest.fixture(scope="module")
def folder(make_source, tmp_path_factory) -> Path:
    """A source, the model linked from it, and an exam."""
    base = tmp_path_factory.mktemp("fuzz 模糊")
    make_source(base / "source", ALIBI, "safetensors-sharded")
    link_model(base / "source", base / "linked")
    for split, data in (("dev", EXAMPLES), ("val", QUESTIONS)):
        (base / "exam" / split).mkdir(parents=True)
        (base / "exam" / split / f"{SUBJECT}_{split}.csv").write_bytes(data)
    (base / "own" / "val").mkdir(parents=True)
    (base / "own" / "dev").mkdir()
    (base / "own" / "subjects.csv").write_bytes(OWN_SUBJECTS)
    (base / "own" / "val" / f"{SUBJECT}_val.csv").write_bytes(OWN_QUESTIONS)
    (base / "own" / "dev" / f"{SUBJECT}_dev.csv").write_bytes(EXAMPLES)
    return base


# Each reads the file that was mutated, in the folder, as the workflow's steps do.


def link(folder: Path) -> None:
    out = folder / "model"
    shutil.rmtree(out, ignore_errors=True)
    link_model(folder / "source", out)
    patch_config(folder / "source", out)
    read_model(out)
    assert verify(out) == (1, [])


def patch(folder: Path) -> None:
    patch_config(folder / "source", folder / "linked")


def sample(folder: Path) -> None:
    sampling = Sampling.published(folder / "source/generation_config.json", seed=0)
    sampler = Sampler(sampling, lambda logits: logits.argmax(-1).tolist())
    logits = torch.randn(2, 544, generator=torch.Generator().manual_seed(0)) * 20
    assert all(0 <= token < 544 for token in sampler.choose(logits, lambda: [[1, 5, 7], [2]]))


def ask(folder: Path) -> None:
    exam = Exam.read(folder / "exam", SUBJECTS)
    assert len(exam)
    for protocol in PROTOCOLS.values():
        prepare(Tokenizer(folder / "linked"), exam, protocol, 2, 2000)


def ask_own(folder: Path) -> None:
    exam = Exam.read(folder / "own", SUBJECTS)
    asked = [question for each in exam.questions.values() for question in each]
    assert asked
    assert all(question.answer in question.letters and len(question.options) > 1 for question in asked)


def sweep(folder: Path) -> None:
    config, schema = read_config_file(ROOT / "config/config.yaml"), read_schema()
    sheet = folder / "runs.csv"
    assert configs_of(sheet, read_sheet(sheet, schema), config, lambda run: check_settings(run, schema))


def prompts_in(name: str) -> Callable[[Path], None]:
    def read(folder: Path) -> None:
        tokenizer = Tokenizer(folder / "linked")
        prompts = read_prompts(folder / name)
        assert prompts
        for style in ("raw", "chat"):
            for prompt in prompts if style == "chat" or all(len(each.messages) == 1 for each in prompts) else ():
                assert all(0 <= token < 544 for token in prompt.encode(tokenizer, style, 100))

    return read


def calibration(folder: Path) -> None:
    assert encode_file(folder / "linked", folder / "c.jsonl")


CASES = {
    "config.json": ("source/config.json", None, mutated_json, link),
    "the index": ("source/model.safetensors.index.json", None, mutated_json, link),
    "tokenizer_config.json": ("source/tokenizer_config.json", None, mutated_json, patch),
    "special_tokens_map.json": ("source/special_tokens_map.json", None, mutated_json, patch),
    "generation_config.json": ("source/generation_config.json", PUBLISHED_SAMPLING, mutated_json, sample),
    "dev's csv": (f"exam/dev/{SUBJECT}_dev.csv", None, mutated_lines, ask),
    "val's csv": (f"exam/val/{SUBJECT}_val.csv", None, mutated_lines, ask),
    "an own exam's subjects": ("own/subjects.csv", OWN_SUBJECTS, mutated_lines, ask_own),
    "an own exam's csv": (f"own/val/{SUBJECT}_val.csv", OWN_QUESTIONS, mutated_lines, ask_own),
    "runs.csv": ("runs.csv", RUNS, mutated_lines, sweep),
    "prompts, a text a line": ("p.txt", TEXTS, mutated_lines, prompts_in("p.txt")),
    "prompts, JSON lines": ("p.jsonl", LINES, mutated_lines, prompts_in("p.jsonl")),
    "calibration, JSON lines": ("c.jsonl", CALIBRATION, mutated_lines, calibration),
    "prompts, a JSON list": ("p.json", LIST, mutated_json, prompts_in("p.json")),
}


@pytest.mark.parametrize("count", [QUICK, pytest.param(ALL, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("case", CASES)
def test_mutated_files_are_read_or_refused_in_one_line(case, count, folder, record_property):
    name, data, mutated, read = CASES[case]
    path = folder / name
    data = data or path.read_bytes()
    ends = {"result": 0, "line": 0}

    @settings(
        max_examples=count, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(mutated(data))
    def run(changed: bytes) -> None:
        path.write_bytes(changed)
        try:
            read(folder)
            ends["result"] += 1
        except Exception as error:
            line = line_of(error)
            if line is None:
                raise
            assert line.isprintable()
            ends["line"] += 1
        assert not list(folder.rglob("*.partial"))

    try:
        run()
    finally:
        path.write_bytes(data)
    read(folder)  # as it was, it is good
    record_property("ends", f"{case}: {ends}")
    print(case, ends)
    assert ends["result"]
    assert ends["line"]
