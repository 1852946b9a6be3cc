"""Checkpoints of other sizes that compute the demo's function, and a run of one held against the demo's own."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from baichuan2.acceptance.rehearsal import Chain, check_answers, rehearse, report
from baichuan2.ceval.records import Record, write_records
from baichuan2.configuration.schema import read_config_file
from baichuan2.configuration.settings import demo_run, is_demo
from baichuan2.engine.engine import open_engine
from baichuan2.engine.options import Settings
from baichuan2.errors import UserError
from baichuan2.integrity import MANIFEST, files_beside, read_sealed, write_sealed
from baichuan2.model.directory import link_model, read_model
from baichuan2.model.known import make, write_known
from baichuan2.model.placement import Placement
from baichuan2.model.sizes import KNOWN, SHAPES, ModelConfig
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.quantization.calibration import calibrate
from baichuan2.quantization.parameters import StreamingParameters
from baichuan2.quantization.quantizing import quantize
from baichuan2.quantization.streaming import open_streamed
from baichuan2.ranks.cutting import cut_weights
from check_known import PROMPTS, differences
from helpers.projects import ROOT, snakemake
from helpers.tiers import sampled

DEMOS = {"demo-13b": ROOT / "resources/demo/model", "demo-7b": ROOT / "resources/demo/model-7b"}
CALIBRATION = ["以下是中国关于税务师考试的单项选择题，请选出其中的正确答案。", "登鹳雀楼->王之涣\n夜雨寄北->"]


def form(name: str, layers: int = 5, **sizes: int) -> ModelConfig:
    return replace(KNOWN[f"{name}-small"], num_hidden_layers=layers, **sizes)


@pytest.fixture(scope="module", params=sampled(DEMOS, "demo-7b"))
def made(request, tmp_path_factory) -> tuple[Path, Path]:
    """(a checkpoint of five layers, the demo that it computes)."""
    folder = tmp_path_factory.mktemp("known 已知")
    write_known(DEMOS[request.param], form(request.param), folder)
    return folder, DEMOS[request.param]


def test_it_is_the_demo_in_float64_layer_by_layer(made, record_property):
    folder, demo = made
    places = dict(differences(folder, demo, PROMPTS[1]))
    record_property("largest", float(max(places.values())))
    assert len(places) == 1 + 4 + 1  # the embeddings, the demo's layers, the logits
    assert max(places.values()) < 1e-6


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", DEMOS)
def test_the_small_forms_are_the_demo_in_float64(name, tmp_path):
    make(f"{name}-small", DEMOS[name], tmp_path / "known", tmp_path / "known.json")
    for prompt in PROMPTS:
        assert max(difference for _, difference in differences(tmp_path / "known", DEMOS[name], prompt)) < 1e-6


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", DEMOS)
def test_the_published_widths_are_the_demo_in_float64(name, tmp_path):
    """Four layers: every weight is the demo's times a power of two, in bfloat16."""
    large = replace(KNOWN[name], num_hidden_layers=4, vocab_size=7856)
    placement = write_known(DEMOS[name], large, tmp_path)
    assert placement.is_exact
    assert max(difference for _, difference in differences(tmp_path, DEMOS[name], PROMPTS[1])) < 1e-6


@pytest.mark.parametrize("name", DEMOS)
def test_published_sizes_need_powers_of_two_alone(name):
    small, large = ModelConfig.read(DEMOS[name]), KNOWN[name]
    assert large == SHAPES[name.replace("demo", "baichuan2")]
    placement = Placement(small, large)
    assert placement.is_exact
    assert not Placement(small, form(name)).is_exact
    copies = placement.channels
    assert len(np.unique(copies)) == copies.size
    assert placement.constant not in copies
    squares = float((placement.amplitudes.astype(np.float64) ** 2).sum())
    assert squares * small.hidden_size / large.hidden_size == pytest.approx(1, abs=1e-7)
    ratio = large.head_dim / small.head_dim
    assert placement.query_factors.sum() == pytest.approx(ratio**0.5, rel=3e-7)
    # read copies' norm weights fit into float16, the demo's largest of some 256 included
    assert 256 / placement.amplitudes[placement.read_copies - 1] < 65504 / 8


def test_a_model_that_does_not_fit_is_refused():
    small = ModelConfig.read(DEMOS["demo-13b"])
    for large in (form("demo-7b"), form("demo-13b", layers=3), form("demo-13b", vocab_size=5000)):
        with pytest.raises(UserError, match="does not fit into"):
            Placement(small, large)


def test_its_bytes_are_the_same_everywhere(tmp_path):
    write_known(DEMOS["demo-7b"], form("demo-7b", layers=4), tmp_path, shards=4)
    names = sorted(path.name for path in tmp_path.glob("*.bin"))
    assert len(names) == 4
    digest = hashlib.sha256(b"".join(hashlib.sha256((tmp_path / name).read_bytes()).digest() for name in names))
    assert digest.hexdigest()[:16] == "0ed54936c1f7c913"


def test_the_tokenizer_has_a_piece_for_every_row(made):
    folder, demo = made
    ours, theirs = Tokenizer(folder), Tokenizer(demo)
    for text in (*PROMPTS, "</s> <reserved_106>", "😀"):
        assert ours.encode(text) == theirs.encode(text)
    assert ours.encode("\ue000") == [5632]


# ---- the rehearsal ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chains(made, tmp_path_factory) -> tuple[Path, Chain, Chain]:
    """(demo's folder, what a run made, what the demo's made): linked, cut, calibrated, quantized and answered."""
    folder, demo = made
    return demo, *(chain(source, tmp_path_factory.mktemp("chain")) for source in (folder, demo))


def chain(source: Path, out: Path) -> Chain:
    link_model(source, out / "model")
    config = read_model(out / "model")
    ids = [torch.tensor([Tokenizer(out / "model").encode(text)]) for text in CALIBRATION]
    with open_streamed(out / "model", "cpu", 2) as streamed:
        calibration = calibrate(streamed, ids)
    calibration.write(out / "calibration.json")
    last = config.num_hidden_layers - 1
    params = StreamingParameters(act_method=1, rollback=(f"model.layers.{last}.mlp.down_proj",))
    quantize(out / "model", out / "quant", params, calibration)
    cut_weights(out / "model", out / "parts", 2)
    records = []
    with open_engine(
        Settings(device="cpu", dtype="float32", max_seq_len=64), str(out / "model"), None, None
    ) as engine:
        letters = [engine.tokenizer.encode(letter)[-1] for letter in "ABCD"]
        for row, scores in enumerate(engine.score([], [ids[k][0].tolist() for k in (0, 1)], letters)):
            lead = sorted(scores)[-1] - sorted(scores)[-2]
            answer = "ABCD"[scores.index(max(scores))]
            records.append(Record("law", str(row), "A", answer, 0, 9, False, scores=scores, lead=lead))
    write_records(out / "records.jsonl", {}, records)
    return Chain(out / "model", out / "records.jsonl", out / "quant", out / "calibration.json")


def test_a_run_is_the_demos_at_every_stage(chains, tmp_path, record_property):
    demo, ours, known = chains
    stages = list(rehearse(demo, ours, known))
    assert [stage.name for stage in stages] == ["link", "ranges", "artefact", "engine"]
    assert not any(stage.error for stage in stages)
    record_property("scores", stages[-1].difference)
    assert stages[-1].difference < 1e-3
    text = report(stages, tmp_path / "r.md", "Rehearsal")
    assert (tmp_path / "r.md").read_text() == text
    in_float = replace(ours, quant=None, calibration=None, parts=ours.model.parent / "parts", world_size=2)
    assert [stage.name for stage in rehearse(demo, in_float, known)] == ["link", "cut", "engine"]


def damage(folder: Path, file: str, name: str, change: Callable[[torch.Tensor], None]) -> None:
    """Change a tensor of a safetensors file, and the manifest as if it had been made so."""
    path = folder / file
    tensors = load_file(path)
    change(tensors[name])
    path.unlink()
    save_file(tensors, path)
    manifest = read_sealed(folder / MANIFEST)
    write_sealed(folder / MANIFEST, manifest | {"files": files_beside(folder, manifest["files"])})


def one_more(tensor: torch.Tensor) -> None:
    tensor.view(-1)[:] += 1


FAULTS = {
    "cut": (
        "parts/1", "model.safetensors", "model.layers.0.mlp.up_proj.weight",
        "differs from the demo since cut: .* is not rank 1's share of the model's",
    ),
    "artefact": (
        "quant", "quant_model_weight_w8a8.safetensors", "model.layers.0.mlp.up_proj.weight",
        "differs from the demo since artefact: model.layers.0.mlp.up_proj: its int8 weights differ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("stage", FAULTS)
def test_a_fault_is_named_where_it_began(chains, tmp_path, stage):
    demo, ours, known = chains
    folder, file, name, line = FAULTS[stage]
    where = ours.model.parent / folder
    kept = {path.name: path.read_bytes() for path in where.iterdir() if path.is_file() and not path.is_symlink()}
    damage(where, file, name, one_more)
    try:
        run = ours if stage == "artefact" else replace(ours, quant=None, parts=where.parent, world_size=2)
        with pytest.raises(UserError, match=line):
            report(list(rehearse(demo, run, known)), tmp_path / "r.md", "Rehearsal")
    finally:
        for file, data in kept.items():
            (where / file).write_bytes(data)
    assert not (tmp_path / "r.md").exists()


def test_other_ranges_are_named(chains, tmp_path):
    demo, ours, known = chains
    ids = [torch.tensor([Tokenizer(ours.model).encode(CALIBRATION[0])])]
    with open_streamed(ours.model, "cpu", 2) as streamed:
        calibrate(streamed, ids).write(tmp_path / "calibration.json")
    stages = list(rehearse(demo, replace(ours, calibration=tmp_path / "calibration.json"), known))
    assert re.fullmatch(r"the inputs of model\.layers\.\S+ have another range than the demo's", stages[1].error)


def test_other_weights_are_named(made, chains, tmp_path):
    demo, ours, known = chains
    source, other, name = tmp_path / "source", tmp_path / "model", "model.layers.0.mlp.gate_proj.weight"
    shutil.copytree(made[0], source)
    shard = source / json.loads((source / "pytorch_model.bin.index.json").read_text())["weight_map"][name]
    tensors = torch.load(shard, weights_only=True)
    tensors[name][0] += 1
    torch.save(tensors, shard)
    link_model(source, other)
    stage = next(rehearse(demo, replace(ours, model=other), known))
    assert stage.error == f"{other}: {name} is not what was made of the demo"


def record(answer: str, lead: float) -> Record:
    return Record("law", "1", "A", answer, 5, 9, False, scores=[lead, 0.0, -1.0, -2.0], lead=lead)


def test_answers_differ_where_the_demo_is_sure():
    assert check_answers([record("B", 0.2)], [record("A", 0.05)]).error is None
    assert "1 near ties answered otherwise" in check_answers([record("B", 0.2)], [record("A", 0.05)]).compared
    error = check_answers([record("B", 0.2)], [record("A", 0.5)]).error
    assert error == "1 answers are not the demo's, the first law 1: B, not A"


# ---- as the workflow runs it -------------------------------------------------------------------------------------


def test_the_demos_run_has_its_own_layers_in_float():
    config = read_config_file(ROOT / "config/config.yaml")
    config["model"]["source"] = "demo-13b"
    config["quantize"]["rollback"] = [
        13,
        14,
        "model.layers.39.mlp.down_proj",
        "model.layers.1.mlp.up_proj",
        "*.o_proj",
    ]
    config["quantize"]["disable_names"] = ["model.layers.26.mlp.up_proj", "model.layers.27.mlp.up_proj"]
    assert demo_run(config)["quantize"]["rollback"] == [1, "model.layers.3.mlp.down_proj", "*.o_proj"]
    assert demo_run(config)["quantize"]["disable_names"] == ["model.layers.2.mlp.up_proj"]
    assert demo_run(config)["engine"]["dtype"] == "float32"  # as the run's own
    config["engine"]["dtype"] = "auto"
    assert demo_run(config)["engine"]["dtype"] == "bfloat16"  # as the 13B is published, and not the demo
    config["quantize"]["rollback"] = "auto"
    with pytest.raises(UserError, match=r"rehearsal: quantize\.rollback is auto; give a list"):
        demo_run(config)


@pytest.mark.parametrize(
    ("source", "of_model", "of_speed"),
    [
        ("demo", True, True),
        ("resources/demo/model", True, True),
        ("resources/demo/model-7b", True, True),
        (f"{ROOT}/docs/../resources/demo/model", True, True),
        ("demo-7b", True, False),
        ("/data/model", False, False),
    ],
)
def test_the_demo_is_marked_however_it_is_named(monkeypatch, source, of_model, of_speed):
    monkeypatch.chdir(ROOT)
    config = read_config_file(ROOT / "config/config.yaml")
    config["model"]["source"], config["ceval"]["source"] = source, "/data/exam"
    assert (is_demo(config, "inference"), is_demo(config, "perf")) == (of_model, of_speed)
    assert is_demo(config, "ceval") == of_model
    config["ceval"]["source"] = "resources/demo/exam"
    assert is_demo(config, "ceval")


def test_a_rehearsal_of_another_model_is_refused(tmp_path):
    done = snakemake(ROOT, "-n", "--nolock", "rehearsal")
    assert done.returncode == 1
    line = (done.stdout + done.stderr).splitlines()[-1]
    assert line.startswith("error: rehearsal: model.source is 'demo', of which no answer is known; set --configfile")


def test_a_job_is_asked_for_a_file_of_the_demos_run(tmp_path):
    """As a cluster does, which starts Snakemake again for each job; the samplesheet plays no part."""
    overlay = ROOT / "config/rehearsal-7b.yaml"
    options = ("-n", "--nolock", "--configfile", str(overlay), "--config", "sweep={runs: none.csv}")
    planned = snakemake(ROOT, *options, "--", "rehearsal_quant")
    homes = set(re.findall(r"results/shared/ceval_quant-\w+/records/ceval_quant\.jsonl", planned.stdout))
    assert len(homes) == 1
    assert snakemake(ROOT, *options, "--", *homes).returncode == 0


def test_what_acceptance_takes_of_a_model_that_computes_the_demo(tmp_path):
    """The run's own model and artefact, and the demo's; with a roll-back list that is left to auto, neither."""
    rehearsal = ROOT / "config/rehearsal-7b.yaml"
    planned = snakemake(ROOT, "-n", "-p", "--nolock", "acceptance", "--configfile", str(rehearsal))
    own = "--model results/model --quant results/quant"
    demo = r"--known-model results/shared/model-\w+/model --known-quant results/shared/quant-\w+/quant"
    assert re.search(f"{own} {demo} --prompts", planned.stdout)
    overlay = tmp_path / "o.yaml"
    overlay.write_text("quantize: {rollback: auto}\n")
    files = (str(rehearsal), str(overlay))
    assert snakemake(ROOT, "-n", "--nolock", "results/perf", "--configfile", *files).returncode == 0
    refused = snakemake(ROOT, "-n", "--nolock", "acceptance", "--configfile", *files)
    assert "error: rehearsal: quantize.rollback is auto; give a list" in refused.stdout + refused.stderr


@pytest.mark.exhaustive
def test_the_workflow_rehearses(project, tmp_path):
    """All layers of the 7B's form, two subjects, two ranks."""
    overlay = tmp_path / "o.yaml"
    overlay.write_text(
        "model: {source: demo-7b-small}\nengine: {dtype: float32, device: cpu}\n"
        "parallel: {world_size: 2}\nceval: {subjects: [law, logic]}\n"
    )
    files = (project / "config/rehearsal-7b.yaml", overlay)
    done = snakemake(project, "rehearsal", "rehearsal_quant", "--configfile", *map(str, files))
    assert done.returncode == 0, done.stdout + done.stderr
    for table in ("rehearsal", "rehearsal_quant"):
        assert (
            "20 answers (20 right, 0 near ties answered otherwise)" in (project / f"results/{table}.md").read_text()
        )
