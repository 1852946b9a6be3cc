"""perf.profile: the trace of a prefill and three decode steps, on a CPU; test_npu.py has torch_npu's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from baichuan2.engine.engine import open_engine
from baichuan2.engine.options import Settings
from baichuan2.errors import UserError
from baichuan2.integrity import check_files
from baichuan2.speed.cases import Case
from baichuan2.speed.profiling import profile_case
from helpers.models import ALIBI
from helpers.projects import ROOT, snakemake

CPU = Settings(device="cpu", dtype="float32", max_seq_len=32)


@pytest.fixture(scope="module")
def model(make_model) -> Path:
    return make_model(ALIBI)


def test_a_trace_has_one_prefill_and_three_steps(model, tmp_path):
    with open_engine(CPU, model) as engine:
        profile_case(engine, [Case(1, 30, 8), Case(2, 8, 2)], 0, tmp_path / "out")
    manifest = check_files(tmp_path / "out")
    assert manifest["case"] == {"batch_size": 2, "input_len": 8, "output_len": 2, "reason": None}
    assert list(manifest["files"]) == ["trace.json"]
    events = json.loads((tmp_path / "out/trace.json").read_text())["traceEvents"]
    spans = [event for event in events if event.get("cat") == "user_annotation"]
    assert [span["name"] for span in sorted(spans, key=lambda span: span["ts"])] == [
        "prefill", "decode 1", "decode 2", "decode 3",
    ]  # fmt: skip
    (prefill,) = (span for span in spans if span["name"] == "prefill")
    inside = [
        event
        for event in events
        if event.get("cat") == "cpu_op" and prefill["ts"] <= event["ts"] <= prefill["ts"] + prefill["dur"]
    ]
    attended = [event for event in inside if event["name"] == "aten::scaled_dot_product_attention"]
    assert len(attended) >= 2  # of three layers: the last one may attend in C
    assert any(event["args"].get("Input Dims") for event in inside)


def test_what_cannot_be_traced_is_an_error(model, tmp_path, monkeypatch):
    with open_engine(CPU, model) as engine:
        with pytest.raises(UserError, match=r"perf\.profile: a prompt and 4 tokens are over max_seq_len; take a sho"):
            profile_case(engine, [Case(1, 30, 8)], 0, tmp_path / "out")
        monkeypatch.setattr(engine.device, "profile", lambda function, folder: function())
        with pytest.raises(UserError, match=r"perf\.profile: cpu's profiler wrote nothing"):
            profile_case(engine, [Case(1, 8, 8)], 0, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_tables_come_with_a_trace_where_it_is_asked_for():
    """A job of its own: what is measured is not rerun for it. By default there is none (docs/running.md's graph)."""
    done = snakemake(ROOT, "-n", "--nolock", "perf", "perf_quant", "--config", "perf={profile: true}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "results/perf_profile/manifest.json" in done.stdout
    assert "results/perf_profile_quant/manifest.json" in done.stdout
