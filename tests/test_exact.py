"""Exact mode: scores in float64, near ties decided by them, and the check that asks an exam in four ways."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from baichuan2.ceval import checking
from baichuan2.ceval.checking import check_exam, write_check
from baichuan2.ceval.protocols import get_protocol
from baichuan2.ceval.scoring import is_exact
from baichuan2.devices.base import Device
from baichuan2.devices.native import library
from baichuan2.engine import engine as engines
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.engine.exact import exact_scores
from baichuan2.engine.weights import float_weights, quant_weights
from baichuan2.errors import UserError
from baichuan2.model import sizes
from baichuan2.quantization.modelslim import ModelSlimParameters, quantize
from baichuan2.w8a8.arithmetic import quantize_weight
from baichuan2.w8a8.artefact import QuantArtefact
from helpers.models import ALIBI, ROPE, float64_logits, random_tensors, score_exam
from helpers.projects import ROOT
from test_ceval import FakeEngine, make_exam
from test_w8a8 import reference_linear

PROMPTS = [[5 + (7 * k) % 300 for k in range(length)] for length in (40, 9)]


@pytest.mark.parametrize("config", [ALIBI, ROPE], ids=["13b", "7b"])
def test_float64_scores_are_the_formulas(config, make_model):
    scores = exact_scores(config, float_weights(make_model(config), config, 0, 1), PROMPTS)
    for row, prompt in zip(scores, PROMPTS, strict=True):
        expected = float64_logits(config, random_tensors(config), prompt)[-1]
        # the slopes and rotary tables are float32's in both, but not summed in the same order
        assert np.abs(np.array(row) - expected).max() < 1e-6 * np.abs(expected).max()


def test_float64_scores_of_w8a8_are_the_artefacts(make_model):
    model = make_model(ALIBI)
    prompts = model.parent / "p.txt"
    prompts.write_text("中国的首都在哪里？", encoding="utf-8")
    quantize(model, model.parent / "quant", ModelSlimParameters(act_method=1, rollback=[1]), prompts)
    product = reference_linear(QuantArtefact(model.parent / "quant"), ALIBI)
    found = exact_scores(ALIBI, quant_weights(model.parent / "quant", 0, 1), PROMPTS, [3, 4, 5, 6])
    for row, prompt in zip(found, PROMPTS, strict=True):
        expected = float64_logits(ALIBI, random_tensors(ALIBI), prompt, product)[-1]
        assert np.abs(np.array(row) - expected[3:7]).max() < 1e-6 * np.abs(expected).max()


@pytest.mark.parametrize("quantized", [False, True])
@pytest.mark.parametrize("native", [True, False])
def test_an_int8_head_is_near_and_its_float64_scores_are_its_own(monkeypatch, quantized, native):
    monkeypatch.setitem(sizes.SHAPES, "tiny", replace(ALIBI, vocab_size=1000))  # no multiple of a block
    if not native:
        monkeypatch.setattr("baichuan2.devices.cpu.CpuDevice.int8_weight_linear", Device.int8_weight_linear)
    quant, logits = "w8a8" if quantized else None, {}
    for head in ("float", "int8"):
        with open_engine(Settings("cpu", "float32", 128, 2, head), "random:tiny", quant) as engine:
            logits[head] = engine.prefill(engine.cache_for(2, 128), PROMPTS)
            exact = torch.tensor(engine.score_exactly(PROMPTS))
            assert (logits[head] - exact).abs().max() < (1e-4 if not quantized else 0.05)
            there = library() is not None and (native or head == "float")
            assert (engine.model.fused is not None) == there
    difference = (logits["int8"] - logits["float"]).abs().max() / logits["float"].abs().max()
    assert 1e-5 < difference < 0.02


def test_an_int8_head_holds_the_logits_of_float16():
    """A row's product with its codes is its logit over a scale near 4e-4: 72 thousand here, which float16 is not."""
    row = F.normalize(torch.randn(4, 5120, generator=torch.Generator().manual_seed(0)))
    weight, scale = quantize_weight(row)
    x = (30 * row[:1]).half()
    logits = Device().int8_weight_linear(weight, scale)(x)
    torch.testing.assert_close(logits, x.float() @ (weight * scale).T, rtol=2e-3, atol=2e-3)


class Undecided(FakeEngine):
    """Two options so near that the order of computing decides: by whether questions come one by one."""

    near_tie = 1e-3

    def score(self, prefix, suffixes, candidates):
        alone = len(suffixes) == 1
        return [self._tie(row, 1e-5 if alone else -1e-5) for row in super().score(prefix, suffixes, candidates)]

    def score_exactly(self, prompts, candidates):
        return [self._tie(row, 0.1) for row in super().score([], [list(p) for p in prompts], candidates)]

    @staticmethod
    def _tie(row, lead):
        best = row.index(1.0)
        return [1.0 + lead if k == best else 1.0 if k == (best + 1) % 4 else 0.0 for k in range(4)]


def test_near_ties_are_decided_in_float64(tmp_path):
    exam, protocol = make_exam(tmp_path), get_protocol("official")
    fast = score_exam(Undecided(), exam, protocol)
    assert not any(record.correct for record in fast)
    records = score_exam(Undecided(), exam, protocol, exact=True)
    assert all(record.correct and record.exact and record.lead == pytest.approx(0.1) for record in records)


def test_clear_answers_are_left_alone(tmp_path):
    engine = FakeEngine()
    engine.near_tie = 0.5
    records = score_exam(engine, make_exam(tmp_path), get_protocol("official"), exact=True)
    assert all(record.lead == 1.0 and not record.exact for record in records)


def test_the_check_finds_answers_that_depend_on_the_batch(tmp_path):
    exam, protocol = make_exam(tmp_path), get_protocol("official")
    ways, questions = check_exam(Undecided(), exam, protocol, 5, 8, exact=False)
    assert [way.other_answers for way in ways] == [0, questions, 0, questions]
    ways, _ = check_exam(Undecided(), exam, protocol, 5, 8, exact=True)
    assert [(way.other_answers, way.near_ties) for way in ways] == [(0, questions)] * 4
    text = write_check(tmp_path / "check.md", ways, questions, "title", exact=True)
    assert text.count("not shared") == 2
    assert (tmp_path / "check.md").read_text(encoding="utf-8") == text


def test_the_check_refuses_what_exact_mode_does_not_cover(tmp_path, monkeypatch):
    exam, protocol = make_exam(tmp_path), get_protocol("official")
    engine = Undecided()
    engine.near_tie = 1.5e-5  # less than twice what the two ways differ by
    with pytest.raises(UserError, match=r"scores differ by up to 2e-05 where 7\.5e-06 is allowed"):
        check_exam(engine, exam, protocol, 5, 8, exact=True)
    monkeypatch.setattr(checking, "decide_near_ties", lambda *args: list(args[-1]))
    with pytest.raises(UserError, match=r"ceval\.exact: 24 answers depend on how they are computed"):
        check_exam(engine, exam, protocol, 5, 8, exact=True)


def test_exact_needs_float32():
    known, unknown = SimpleNamespace(near_tie=1e-3), SimpleNamespace(near_tie=None)
    assert is_exact("auto", known)
    assert is_exact("true", known)
    assert not is_exact("false", known)
    assert not is_exact("auto", unknown)
    with pytest.raises(UserError, match=r"ceval\.exact: true needs .* engine\.dtype float32"):
        is_exact("true", unknown)


@pytest.mark.parametrize("protocol", ["official", "sdk"])
def test_float64_answers_are_the_engines(project, monkeypatch, protocol):
    """All of a subject's questions taken for near ties: the demo's answers are clear, so none changes."""
    command = [
        sys.executable, "-c", ASK, str(project), protocol,
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=project, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT / "workflow" / "scripts")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["10", "10", "True"]


ASK = """
import sys
from pathlib import Path
from baichuan2 import cli
from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import get_protocol
from baichuan2.ceval.scoring import score_share
from baichuan2.engine import engine as engines
project, protocol = Path(sys.argv[1]), get_protocol(sys.argv[2])
subjects = read_subjects(project / "resources/ceval_subjects.csv")
exam = Exam.read(project / "resources/demo/exam", subjects, selected=["law"])
with engines.open_engine(engines.Settings("cpu", "float32", 4096, 2), project / "results/model") as engine:
    fast = score_share(engine, exam, protocol).values()
    engines.NEAR_TIE["float"] = float("inf")
    exact = score_share(engine, exam, protocol, exact=True).values()
same = [a.prediction for a in fast] == [a.prediction for a in exact]
print(len(fast), sum(record.exact for record in exact), same)
"""


def test_near_tie_is_known_in_float32_alone(monkeypatch):
    monkeypatch.setitem(sizes.SHAPES, "tiny", ALIBI)
    for dtype, expected in (("float32", engines.NEAR_TIE["w8a8"]), ("bfloat16", None)):
        with open_engine(Settings("cpu", dtype, 128, 2), "random:tiny", "w8a8") as engine:
            assert engine.near_tie == expected
