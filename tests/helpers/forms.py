"""Models of 40 and 32 layers with heads of 32, which other engines' kernels take, as the workflow makes them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import get_protocol
from baichuan2.ceval.records import Record
from baichuan2.ceval.scoring import option_ids, prepare
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.model.directory import link_model, patch_config
from baichuan2.model.known import make
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.quantization.calibration import calibrate
from baichuan2.quantization.parameters import StreamingParameters
from baichuan2.quantization.quantizing import quantize
from baichuan2.quantization.streaming import open_streamed
from baichuan2.w8a8.exports import export_compressed_tensors
from helpers.models import score_exam
from helpers.projects import ROOT

FORMS = {"demo-13b-small": "model", "demo-7b-small": "model-7b"}
# The layers that config/rehearsal-*.yaml leave in float; and a gate with its up, which are one module in vLLM.
IN_FLOAT = {
    "demo-13b-small": ("13.mlp.down_proj", "39.self_attn.W_pack", "39.mlp.down_proj", "2.mlp.gate_proj"),
    "demo-7b-small": ("10.mlp.down_proj", "31.self_attn.W_pack", "31.mlp.down_proj", "2.mlp.gate_proj"),
}
PRECISIONS = ("float", "static", "dynamic")
SUBJECTS, QUESTIONS = ("law", "logic"), 20
MAX_SEQ_LEN = 512
TEXTS = ["Hamlet->Shakespeare\nOne Hundred Years of Solitude->", "登鹳雀楼->王之涣\n夜雨寄北->"]
NEW_TOKENS = 24


@dataclass(frozen=True)
class Form:
    """folders: of float weights, and of static and dynamic ones as compressed-tensors. quants: their artefacts."""

    folders: dict[str, Path]
    quants: dict[str, Path]
    exam: Exam

    @property
    def model(self) -> Path:
        """The linked model."""
        return self.folders["float"]

    def prompts(self) -> tuple[list[list[int]], list[int]]:
        """The exam's prompts and its four options, as tokens."""
        tokenizer, protocol = Tokenizer(self.model), get_protocol("official")
        items = prepare(tokenizer, self.exam, protocol, 5, MAX_SEQ_LEN)
        return [item.prompt.tokens for item in items], option_ids(tokenizer, protocol, items)

    def ours(self, precision: str) -> tuple[list[Record], list[list[int]]]:
        """This engine's records of the exam, and its continuations of TEXTS."""
        settings = Settings("cpu", "float32", MAX_SEQ_LEN)
        with open_engine(settings, self.model, self.quants.get(precision)) as engine:
            texts = [engine.tokenizer.encode(text) for text in TEXTS]
            return self.asked(engine), engine.generate(texts, NEW_TOKENS, stop_ids=())

    def asked(self, engine) -> list[Record]:
        """The records of what score_exam takes for an engine."""
        return score_exam(engine, self.exam, get_protocol("official"))


@contextmanager
def made(name: str, folder: Path) -> Iterator[Form]:
    """One of FORMS, linked, calibrated, quantized and exported; its files are gone afterwards."""
    source, model = folder / "known", folder / "model"
    make(name, ROOT / "resources/demo" / FORMS[name], source, folder / "known.json")
    link_model(source, model)
    patch_config(source, model)
    tokenizer = Tokenizer(model)
    lines = (ROOT / "resources/demo/calibration.jsonl").read_text().splitlines()[:4]
    texts = [json.loads(line)["prompt"] for line in lines]
    with open_streamed(model, "cpu", 2) as streamed:
        calibration = calibrate(streamed, [torch.tensor([tokenizer.encode(text)]) for text in texts])
    quants, folders = {}, {"float": model}
    rollback = tuple(f"model.layers.{module}" for module in IN_FLOAT[name])
    for scheme in ("static", "dynamic"):
        quants[scheme], folders[scheme] = folder / f"quant-{scheme}", folder / f"export-{scheme}"
        quantize(model, quants[scheme], StreamingParameters(scheme, 1, rollback=rollback), calibration)
        export_compressed_tensors(model, quants[scheme], folders[scheme])
    listed = read_subjects(ROOT / "resources/ceval_subjects.csv")
    yield Form(folders, quants, Exam.read(ROOT / "resources/demo/exam", listed, SUBJECTS))
    shutil.rmtree(folder)


def check_same(
    ours: Sequence[Record], theirs: Sequence[Sequence[float]], near: float, record: Callable[[str, object], None]
) -> None:
    """Assert that scores of A, B, C, D mean our answers, but for near ties, of a smaller lead than `near`.

    And that none is further from ours than that. The figures are what `record`, pytest's record_property, takes.
    """
    check_answers(ours, ["ABCD"[np.argmax(row)] for row in theirs], near, record)
    _check_scores([np.subtract(one.scores, row) for one, row in zip(ours, theirs, strict=True)], near, record)


def check_served(
    ours: Sequence[Record], theirs: Sequence[Record], near: float, record: Callable[[str, object], None]
) -> None:
    """As check_same, of a server's records: by how much the answer leads each option whose score it shows, if any."""
    check_answers(ours, [other.prediction for other in theirs], near, record)
    leads = [
        [(one.scores[k] - one.scores[place]) - (score - other.scores[place]) for k, score in enumerate(other.scores)
         if score is not None]
        for one, other in zip(ours, theirs, strict=True) if other.scores
        for place in ["ABCD".index(other.prediction)]
    ]  # fmt: skip
    if leads:
        _check_scores(leads, near, record)


def check_answers(
    ours: Sequence[Record], theirs: Sequence[str], near: float, record: Callable[[str, object], None]
) -> None:
    """Assert that each answer is ours, but for near ties."""
    assert len(ours) == len(theirs) == QUESTIONS
    equal = [one.prediction == answer for one, answer in zip(ours, theirs, strict=True)]
    record("answers", f"{sum(equal)} of {len(equal)}")
    assert all(same for same, one in zip(equal, ours, strict=True) if one.lead > near)


def _check_scores(differences: Sequence[Sequence[float]], near: float, record: Callable[[str, object], None]) -> None:
    values = np.abs(np.concatenate(differences))
    record("largest difference of scores", float(values.max()))
    record("mean difference of scores", float(values.mean()))
    assert values.max() < near
