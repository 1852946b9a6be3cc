"""Edit something and run again: exactly which jobs run. docs/generated/rebuilds.md is written from here
(--rebuilds FILE).

The project is the demo's with everything cut for two ranks, so that every kind of job is there. What would run is
asked of a dry run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from helpers.projects import ROOT, snakemake

pytestmark = pytest.mark.exhaustive

DOC = ROOT / "docs" / "generated" / "rebuilds.md"


def task(rule: str, name: str) -> set[str]:
    """A task's heavy job and its table, float and quant."""
    return {rule, name, f"{rule}_quant", f"{name}_quant"}


INFERENCE = task("run_inference", "inference")
CEVAL = task("score_ceval", "ceval")
MERGED = task("merge_perf", "perf")
PERF = task("measure_perf", "perf") | MERGED
TABLES = {f"{name}{quant}" for name in ("inference", "ceval", "perf") for quant in ("", "_quant")} | {"compare"}
TASKS = INFERENCE | CEVAL | PERF | {"compare"}
QUANT = {"quantize", "cut_quant", "compare"} | {job for job in TASKS if job.endswith("_quant")}
CALIBRATED = {"calibrate"} | QUANT
MODEL = {"link_model", "patch_config", "cut_weights"} | CALIBRATED | TASKS
COMPARED = CEVAL | {"compare"}
SPEED = PERF | {"compare"}
RATES = task("measure_rates", "perf") | {"compare"}
# With a server, of which there is neither W8A8 nor a comparison with it.
SERVED = {f"{step}_served" for step in ("answer", "score", "measure")} | {
    "link_tokenizer", "merge_perf", "inference", "ceval", "perf",
}  # fmt: skip


def would_run(project: Path, *arguments: str, **environment: str) -> set[str]:
    """The jobs of a dry run; score_ceval_quant is score_ceval of the quantized model, quantize either engine's."""
    done = snakemake(project, "--dry-run", "--printshellcmds", *arguments, **environment)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    scripts = re.findall(r'_SCRIPTS/(?!launch\.py)(?:tabulate_)?(\w+?)(?:_modelslim)?\.py"(.*)', said)
    jobs = {
        name.replace("cut", "cut_quant" if "--quant" in options else "cut_weights")
        + ("_quant" if re.search(r"--out \S+_quant", options) else "")
        for name, options in scripts
    }
    return jobs | ({"write_prompts"} if "records/prompts.jsonl 2>" in said else set())


@pytest.fixture(scope="module")
def cut(project, tmp_path_factory) -> Path:
    """Everything run for two ranks, with few questions and a short speed case."""
    copy = tmp_path_factory.mktemp("rebuild") / "项目 cut"
    shutil.copytree(project, copy, symlinks=True)
    config = copy / "config/config.yaml"
    edit(config, "world_size: 1 ", "world_size: 2 ")
    edit(config, "subjects: all ", "subjects: [law, logic] ")
    edit(config, "case_pair: null ", "case_pair: [[4, 2]] ")
    edit(config, "max_new_tokens: 64", "max_new_tokens: 4")
    done = snakemake(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


# Every key of config.yaml: another value, and the jobs that it means.
KEYS: dict[str, tuple[object, set[str]]] = {
    "model.source": ("resources/demo/moved", MODEL),
    "model.adapter": ("resources/demo/adapter", MODEL),
    "model.name": ("another", TABLES),
    "engine.device": ("cpu", TASKS),
    "engine.dtype": ("bfloat16", TASKS),
    "engine.head": ("int8", TASKS),
    "engine.graph": ("eager", TASKS),
    "engine.max_seq_len": (2048, TASKS),
    "engine.server": ("http://127.0.0.1:8000/v1", SERVED),
    "engine.server_model": ("other", set()),
    "engine.server_timeout": (60, set()),
    "engine.server_retries": (0, set()),
    "parallel.world_size": (4, {"cut_weights", "cut_quant"} | TASKS),
    "parallel.data": (2, COMPARED | {"merge_ceval", "merge_ceval_quant"}),
    "parallel.nodes": (2, TASKS),
    "parallel.gres": ("gpu:a100", set()),
    "quantize.engine": ("modelslim", QUANT),
    "quantize.device": ("cuda", CALIBRATED),
    "quantize.scheme": ("dynamic", QUANT),
    "quantize.w_bit": (None, set()),  # has one value so far
    "quantize.act_method": (1, QUANT),
    "quantize.pr": (None, set()),  # has one value with engine streaming
    "quantize.mm_tensor": (True, QUANT),
    "quantize.disable_level": ("L1", QUANT),
    "quantize.disable_names": (["model.layers.0.mlp.up_proj"], QUANT),
    "quantize.anti_outlier": ("smooth", CALIBRATED),
    "quantize.seed": (1, set()),
    "quantize.calibration": ("resources/calibration/guide-5.jsonl", CALIBRATED),
    "quantize.guide_arrays": (False, QUANT),
    "quantize.rollback": ([1], QUANT),
    "quantize.auto.metric": ("accuracy", set()),
    "quantize.auto.budget": (0.5, set()),
    "quantize.auto.spare": ("layers", set()),
    "export.dtype": ("float16", set()),
    "export.gguf": ("f16", set()),
    "export.openvino": ("float", set()),
    "inference.prompts": (["1 + 1 ="], INFERENCE | {"write_prompts"}),
    "inference.format": ("chat", INFERENCE),
    "inference.sampling": ("published", INFERENCE),
    "inference.max_new_tokens": (8, INFERENCE),
    "inference.batch_size": (2, INFERENCE),
    "inference.seed": (1, set()),
    "ceval.source": ("resources/demo/exam-moved", COMPARED),
    "ceval.protocol": ("sdk", COMPARED),
    "ceval.shots": (4, COMPARED),
    "ceval.split": (None, set()),  # has one value that can be scored
    "ceval.subjects": (["law"], COMPARED),
    "ceval.batch_size": (4, set()),
    "ceval.exact": (False, COMPARED),
    "perf.weights": ("random:baichuan2-0.4b", SPEED),
    "perf.mode": ("normal", SPEED),
    "perf.batch_size": ([1, 2], SPEED),
    "perf.min_len_exp": (4, set()),
    "perf.max_len_exp": (6, set()),
    "perf.case_pair": ([[8, 8]], SPEED),
    "perf.warmup": (2, SPEED),
    "perf.repeats": (1, SPEED),
    "perf.rounds": (2, MERGED | {"compare"}),  # of three that are there
    "perf.max_spread": (0.2, SPEED),
    "perf.again": (0, SPEED),
    "perf.seed": (1, SPEED),
    "perf.rate": ([4, "inf"], RATES),
    "perf.requests": (10, set()),
    "perf.goodput.ttft_ms": (100, set()),
    "perf.goodput.tpot_ms": (10, set()),
    "perf.profile": (True, {"profile_perf", "profile_perf_quant", "perf", "perf_quant", "compare"}),
    "serve.host": ("0.0.0.0", set()),
    "serve.port": (8001, set()),
    "serve.slots": (4, set()),
    "serve.max_queue": (16, set()),
    "compare.of": ("float", {"compare"}),
    "compare.to": ("gpu", {"compare"}),
    "sweep.runs": (None, set()),  # of `snakemake sweep` alone
    "report.language": ("zh", TABLES),
}
OF_NO_ACCOUNT = {
    "engine.server_model": "engine.server is null",
    "engine.server_timeout": "engine.server is null",
    "engine.server_retries": "engine.server is null",
    "quantize.seed": "engine is streaming",
    "quantize.auto.metric": "rollback is a list",
    "quantize.auto.budget": "rollback is a list",
    "quantize.auto.spare": "rollback is a list",
    "export.dtype": "exports are asked for by name",
    "export.gguf": "exports are asked for by name",
    "export.openvino": "exports are asked for by name",
    **{f"serve.{key}": "the server is asked for by name" for key in ("host", "port", "slots", "max_queue")},
    "inference.seed": "answers are greedy",
    "ceval.batch_size": "protocol official scores options",
    "perf.min_len_exp": "case_pair is set",
    "perf.max_len_exp": "case_pair is set",
    **{f"perf.{key}": "rate is null" for key in ("requests", "goodput.ttft_ms", "goodput.tpot_ms")},
}
CHANGED_KEYS = [key for key, (value, _) in KEYS.items() if value is not None]


@dataclass(frozen=True)
class Change:
    """An edit of a file, undone by putting back what it may touch; the jobs that it means; why."""

    what: str
    touches: str
    make: Callable[[Path], None]
    jobs: set[str]


def append(text: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)

    return make


def repoint(changed: bool) -> Callable[[Path], None]:
    """Put a link in the shard's place, to a file of the same or of other content."""

    def make(path: Path) -> None:
        elsewhere = path.parent.parent / "elsewhere.bin"
        data = bytearray(path.read_bytes())
        if changed:
            data[len(data) // 2] ^= 1
        elsewhere.write_bytes(data)
        path.unlink()
        path.symlink_to(elsewhere)

    return make


def swap_answers(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[1] = lines[1].replace(",A\n", ",B\n") if ",A\n" in lines[1] else re.sub(r",[BCD]\n", ",A\n", lines[1])
    path.write_text("".join(lines), encoding="utf-8")


def touch_all(path: Path) -> None:
    for file in path.rglob("*"):
        if file.is_file():
            os.utime(file)


def delete(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def set_json(key: str, value: object) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {key: value}), encoding="utf-8")

    return make


SOURCE, LIBRARY = "resources/demo/model", "workflow/scripts/baichuan2"
SHARD = f"{SOURCE}/pytorch_model-00001-of-00002.bin"
COMMENT, PROMPT = append("# edited\n"), append('{"prompt": "one more"}\n')
CHANGES = [
    Change("a shard re-pointed to the same content", SHARD, repoint(False), set()),
    Change("a shard re-pointed to other content", SHARD, repoint(True), MODEL),
    Change("the tokenizer edited", f"{SOURCE}/tokenizer.model", append(" "), MODEL),
    Change("the model's config.json edited", f"{SOURCE}/config.json", set_json("initializer_range", 0.5), MODEL),
    Change("tokenizer_config.json edited", f"{SOURCE}/tokenizer_config.json", append("\n"), MODEL),
    Change("generation_config.json edited", f"{SOURCE}/generation_config.json", append("\n"), {"patch_config"}),
    Change("a calibration prompt added", "resources/demo/calibration.jsonl", PROMPT, CALIBRATED),
    Change("an exam row edited", "resources/demo/exam/val/law_val.csv", swap_answers, COMPARED),
    Change("an inference prompt added", "resources/inference/guide.jsonl", PROMPT, INFERENCE),
    Change("a comment in config.yaml", "config/config.yaml", COMMENT, set()),
    Change("README.md edited", "README.md", append("\n"), set()),
    Change("library: the engine (engine/model.py)", f"{LIBRARY}/engine/model.py", COMMENT, TASKS),
    Change("library: our network for transformers", f"{LIBRARY}/modeling/modeling_baichuan.py", COMMENT,
           {"patch_config"}),
    Change("library: the network (modeling/network.py)", f"{LIBRARY}/modeling/network.py", COMMENT,
           {"patch_config"} | CALIBRATED | TASKS),
    Change("library: the cut (ranks/cutting.py)", f"{LIBRARY}/ranks/cutting.py", COMMENT,
           {"cut_weights", "cut_quant"} | TASKS),
    Change("library: calibration", f"{LIBRARY}/quantization/observers.py", COMMENT, CALIBRATED),
    Change("library: ModelSlim's adapter, where engine is streaming", f"{LIBRARY}/quantization/modelslim.py", COMMENT,
           set()),
    Change("library: what chooses a roll-back list", f"{LIBRARY}/quantization/frontier.py", COMMENT,
           set()),
    Change("library: C-Eval's prompts (ceval/protocols.py)", f"{LIBRARY}/ceval/protocols.py", COMMENT, COMPARED),
    Change("library: C-Eval's tables (ceval/results.py)", f"{LIBRARY}/ceval/results.py", COMMENT,
           {"ceval", "ceval_quant", "compare"}),
    Change("library: speed tables (speed/tables.py)", f"{LIBRARY}/speed/tables.py", COMMENT,
           {"perf", "perf_quant", "compare"}),
    Change("library: intervals of speeds (speed/bootstrap.py)", f"{LIBRARY}/speed/bootstrap.py", COMMENT,
           MERGED | {"compare"}),
    Change("library: words and their translations (text/words.py)", f"{LIBRARY}/text/words.py", COMMENT,
           TABLES | {"write_configuration"}),
    Change("a script: quantize.py", "workflow/scripts/quantize.py", COMMENT, QUANT),
    Change("results/ceval deleted", "results/ceval", delete, {"ceval", "compare"}),
    Change("results/ceval/summary.md deleted", "results/ceval/summary.md", delete, {"ceval", "compare"}),
    Change("results/records/ceval.jsonl deleted: its tables are whole", "results/records/ceval.jsonl", delete, set()),
    Change("results/records/calibration.json deleted: what was made of it is whole",
           "results/records/calibration.json", delete, set()),
    Change("results/quant deleted: what was made of it is whole", "results/quant", delete, set()),
    Change("every file touched, none changed", ".", touch_all, set()),
]  # fmt: skip


def test_every_key_of_the_schema_is_here():
    schema = yaml.safe_load((ROOT / "config/config.schema.yaml").read_text(encoding="utf-8"))
    assert list(KEYS) == keys_of(schema)


def keys_of(schema: dict) -> list[str]:
    """Dotted, of the schema's mappings at any depth."""
    found = []
    for name, part in schema["properties"].items():
        found += [f"{name}.{key}" for key in keys_of(part)] if "properties" in part else [name]
    return found


def overlay_of(key: str, value: object) -> dict:
    """What a config file with this one key says."""
    for name in reversed(key.split(".")):
        value = {name: value}
    return value


@pytest.fixture(scope="module")
def by_key(cut, tmp_path_factory) -> dict[str, set[str]]:
    """{key: the jobs of a dry run with its other value}; two dry runs at a time."""
    shutil.copytree(cut / "resources/demo/model", cut / "resources/demo/moved")
    shutil.copytree(cut / "resources/demo/exam", cut / "resources/demo/exam-moved")
    for name in ("adapter_config.json", "adapter_model.safetensors"):  # a dry run does not look into them
        (cut / "resources/demo/adapter").mkdir(exist_ok=True)
        (cut / "resources/demo/adapter" / name).write_bytes(b"")
    folder = tmp_path_factory.mktemp("overlays")

    def ask(key: str) -> set[str]:
        overlay = folder / f"{key}.yaml"
        overlay.write_text(yaml.safe_dump(overlay_of(key, KEYS[key][0])), encoding="utf-8")
        return would_run(cut, "--configfile", str(overlay))

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(CHANGED_KEYS, pool.map(ask, CHANGED_KEYS), strict=True))


@pytest.mark.parametrize("key", CHANGED_KEYS)
def test_a_key(by_key, key):
    assert by_key[key] == KEYS[key][1] | {"write_configuration"}


def test_values_that_change_places(cut):
    """Snakemake compares the set of a rule's parameters."""
    assert would_run(cut, "--config", "compare={of: float, to: quant}") == {"compare", "write_configuration"}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)
def test_an_input(cut, tmp_path, change):
    path, kept = cut / change.touches, tmp_path / "kept"
    if change.touches != ".":
        shutil.copytree(path, kept, symlinks=True) if path.is_dir() else shutil.copy2(path, kept)
    change.make(path)
    try:
        assert would_run(cut) == change.jobs
    finally:
        if change.touches != ".":
            if path.exists() or path.is_symlink():
                delete(path)
            shutil.copytree(kept, path, symlinks=True) if kept.is_dir() else shutil.copy2(kept, path)


def test_all_put_back_is_nothing_to_do(cut):
    assert would_run(cut) == set()


def test_a_fresh_checkout_over_restored_results(cut, tmp_path):
    """New times for every file; of .snakemake the metadata alone."""
    ignored = shutil.ignore_patterns("results", ".snakemake")
    fresh = tmp_path / "fresh 检出"
    shutil.copytree(cut, fresh, ignore=ignored, copy_function=shutil.copy)
    shutil.copytree(cut / "results", fresh / "results", symlinks=True, copy_function=shutil.copy)
    shutil.copytree(cut / ".snakemake/metadata", fresh / ".snakemake/metadata", copy_function=shutil.copy)
    assert would_run(fresh) == set()


def test_max_seq_len_in_the_environment(cut):
    assert would_run(cut, MAX_SEQ_LEN="2048") == TASKS | {"write_configuration"}
    assert would_run(cut, MAX_SEQ_LEN="4096") == set()


# What results/rollback reads: another value, and the jobs that it means there.
ROLLBACK = {
    "quantize.auto.metric": ("accuracy", {"measure_sensitivity", "choose_rollback", "measure_recipes", "rollback"}),
    "quantize.auto.budget": (0.5, {"choose_rollback", "measure_recipes", "rollback"}),
    "quantize.auto.spare": ("layers", {"choose_rollback", "measure_recipes", "rollback"}),
    "quantize.rollback": ([1], {"measure_recipes", "rollback"}),
    "quantize.scheme": ("dynamic", {"measure_sensitivity", "choose_rollback", "measure_recipes", "rollback"}),
    "quantize.act_method": (1, {"measure_sensitivity", "choose_rollback", "measure_recipes", "rollback"}),
    "quantize.seed": (1, set()),
    "model.name": ("another", {"rollback"}),
    "ceval.shots": (4, set()),
}


@pytest.fixture(scope="module")
def ranked(project, tmp_path_factory) -> Path:
    """The project with results/rollback, of the guide's five short prompts."""
    copy = tmp_path_factory.mktemp("ranked") / "项目 ranked"
    shutil.copytree(project, copy, symlinks=True)
    edit(copy / "config/config.yaml", "resources/demo/calibration.jsonl ", "resources/calibration/guide-5.jsonl ")
    done = snakemake(copy, "results/rollback")
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


@pytest.mark.parametrize("key", ROLLBACK)
def test_a_key_and_the_rollback(ranked, tmp_path, key):
    value, jobs = ROLLBACK[key]
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(yaml.safe_dump(overlay_of(key, value)), encoding="utf-8")
    assert would_run(ranked, "--configfile", str(overlay), "--", "results/rollback") == jobs


def test_auto_measures_and_chooses_first_and_calibrates_no_more(ranked, cut, tmp_path):
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(yaml.safe_dump(overlay_of("quantize.rollback", "auto")), encoding="utf-8")
    chosen = {"measure_sensitivity", "choose_rollback"}
    assert would_run(cut, "--configfile", str(overlay)) == chosen | QUANT | {"write_configuration"}
    assert would_run(ranked, "--configfile", str(overlay), "--", "results/rollback") == {
        "measure_recipes",
        "rollback",
    }


def test_the_table_in_docs_is_this_one(request):
    text = table()
    if path := request.config.getoption("--rebuilds"):
        Path(path).write_text(text, encoding="utf-8")
    assert DOC.read_text(encoding="utf-8") == text


def table() -> str:
    """Rows of changes by columns of jobs; the tests above hold each row."""
    columns = ["link_model", "patch_config", "cut_weights", "calibrate", "quantize", "cut_quant"]
    tasks = ("run_inference", "score_ceval", "measure_perf", "merge_perf")
    columns += [f"{rule}{quant}" for rule in tasks for quant in ("", "_quant")]
    of_server = {"engine.server": "link_tokenizer, and the scripts *_served instead of these"}
    notes = {key: f" ({note})" for key, note in (OF_NO_ACCOUNT | of_server).items()}
    rows = [(f"`{key}`{notes.get(key, '')}", KEYS[key][1]) for key in CHANGED_KEYS]
    rows += [(change.what, change.jobs) for change in CHANGES]
    rows.append(("a fresh checkout over restored results/ and .snakemake/metadata", set()))
    heads = [name.replace("_quant", " quant") if name != "cut_quant" else name for name in columns]
    lines = [f"| changed | {' | '.join(heads)} | tables |", f"|---|{'---|' * (len(columns) + 1)}"]
    for what, jobs in rows:
        cells = ["x" if name in jobs else "" for name in columns]
        tables = ", ".join(sorted(jobs & TABLES)) if len(jobs & TABLES) < len(TABLES) else "all"
        lines.append(f"| {what} | {' | '.join(cells)} | {tables} |")
    head = [
        "# What runs again",
        "",
        "The jobs that one change makes run, everything having been run before (the demo, cut for two ranks; target",
        "`all`). Written by `python -m pytest tests/test_rebuild.py --rebuilds docs/generated/rebuilds.md`; tests",
        "hold every row. Any edited key also writes results/configuration.html anew. A file of results/ that nothing",
        "needs any more is not missed: what was made of it is whole. To do a step again on purpose:",
        "`snakemake -R quantize_weights`, with any rule's name.",
        "",
    ]
    return "\n".join([*head, *lines]) + "\n"
