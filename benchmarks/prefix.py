"""C-Eval through our server and vLLM's, by two clients: python benchmarks/prefix.py --exam FOLDER

Both servers have the random model of benchmarks/ceval.py, 34 million float32 parameters, ours as a Baichuan2-7B,
vLLM's the same weights as a Llama; 5-shot, protocol official. A subject's questions have the same examples before
them. Each client asks other subjects in each round, so that nothing is there of what was asked before. Servers take
turns, the other stopped meanwhile.

lm-eval is its local-completions: a request for each option of a question, with the log-probabilities of all its
tokens (echo). The workflow is `engine.server`: one request a question, of one token, with those of the likeliest.
Each has so many requests on their way at a time. Timed is what a server answers: lm-eval from its first request to
its last answer, its tokenizer not counted; the workflow from the exam in memory to the records. vLLM's automatic
prefix caching is on, in blocks of 32 tokens; it is not read for a request that asks for its prompt's
log-probabilities. Tokens that were there: of all prompts' tokens, as the server itself counts them.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

import httpx2
import numpy
import pandas
import typer

import ceval
import harness
import peers
import served
from baichuan2 import cli
from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.scoring import score_share
from baichuan2.ceval.served import of_server
from baichuan2.engine.options import Settings
from baichuan2.errors import UserError
from baichuan2.files import publish_directory
from baichuan2.servers.server import open_server

LENGTH = 2048
BLOCK = 32  # of vLLM's cache: it shares whole blocks
PROMPT_TOKENS = {"ours": "baichuan2_prompt_tokens_total", "vLLM": "vllm:prompt_tokens_total"}
TOKENS_THERE = {"ours": "baichuan2_cached_prompt_tokens_total", "vLLM": "vllm:prefix_cache_hits_total"}


def main(
    exam: Annotated[Path, typer.Option(help="Folder or zip with dev/ and val/; the demo exam.")] = ceval.DEMO,
    questions: Annotated[int, typer.Option(help="Of a round, of whole subjects.")] = 60,
    rounds: Annotated[int, typer.Option(help="Measured rounds, after one of warm-up.")] = 3,
    concurrent: Annotated[int, typer.Option(help="Requests on their way at a time, and answers of a server.")] = 8,
    threads: Annotated[int, typer.Option(help="Of each server.")] = harness.CORES,
    environments: peers.Home = peers.ENVIRONMENTS,
    out: harness.Out = harness.RESULTS,
) -> None:
    """Measure all, and write prefix.csv and prefix.md."""
    if rounds < 1 or questions < 1 or concurrent < 1:
        raise UserError("--rounds, --questions, --concurrent: at least 1 is needed")
    harness.needs("lm_eval")
    for name in ("httpx2", "lm_eval", "baichuan2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    whole = Exam.read(exam, read_subjects(ceval.SUBJECTS))
    asked = list(shares(whole, questions, len(CLIENTS) * (rounds + 1)))
    with tempfile.TemporaryDirectory(prefix="prefix-") as folder, ExitStack() as stack:
        model = ceval.make_model(Path(folder), whole)
        wanted = [
            Ours(model, threads, concurrent),
            Vllm(model, Path(folder) / "llama", threads, concurrent, environments),
        ]
        started, left_out = served.start(stack, wanted)
        runs = pandas.DataFrame(list(measure(started, asked, model, Path(folder), concurrent)))
    about = {"exam": "the demo's" if exam == ceval.DEMO else exam.name, "at a time": str(concurrent)}
    about |= harness.environment(threads) | peers.described([one for one in wanted[1:] if one.name in started])
    parts = [
        f"# C-Eval through servers: {questions} questions a round, {threads} threads",
        harness.markdown(table(runs)),
        *left_out,
        harness.markdown(harness.ratios(runs, "client", "ours", "times as fast")),
        same_answers(runs),
        f"Medians over {rounds} rounds (least to most).",
        *harness.prose(__doc__),
    ]
    harness.write_results(out, "prefix", runs.drop(columns="answers"), parts, about)


def shares(exam: Exam, questions: int, count: int) -> Iterator[Exam]:
    """So many parts of an exam of so many questions each: whole subjects, the last one cut; no subject is in two.

    Raises UserError for too few questions.
    """
    subjects = iter(exam.subjects)
    for _ in range(count):
        asked, lacking = ceval.cut(exam, subjects, questions)
        if lacking:
            raise UserError(f"--questions: the exam has too few for {count} times {questions} of other subjects")
        yield asked


# ---- servers -------------------------------------------------------------------------------------------------


@dataclass
class Ours:
    """This project's server of the model."""

    model: Path
    threads: int
    slots: int
    name: str = "ours"

    def memory(self) -> int:
        return 10**9

    def make(self) -> None:
        """It is there."""

    def command(self, port: int) -> list[str | Path]:
        engine = f"device=cpu,dtype=float32,threads={self.threads},max_seq_len={LENGTH}"
        return served.ours(self.model, None, engine, self.slots, port)

    def variables(self) -> dict[str, str]:
        return {}


@dataclass
class Vllm(peers.Installed):
    """vLLM's server of the model's weights as a Llama."""

    model: Path
    llama: Path
    threads: int
    sequences: int
    environments: Path
    name: str = "vLLM"
    kind: ClassVar[str] = "vllm"

    def memory(self) -> int:
        return 3 * 10**9

    def make(self) -> None:
        with publish_directory(self.llama) as partial:
            ceval.write_llama(partial, self.model)
            served.write_llama_tokenizer(partial, self.model)

    def command(self, port: int) -> list[str | Path]:
        command = served.vllm(self.environment, self.llama, self.llama, "float32", LENGTH, self.sequences, port)
        return [*command, "--enable-prefix-caching", "--block-size", str(BLOCK)]

    def variables(self) -> dict[str, str]:
        return served.vllm_variables(self.environment, self.threads)


# ---- clients -------------------------------------------------------------------------------------------------


def by_workflow(address: str, exam: Exam, model: Path, work: Path, concurrent: int) -> dict[str, Any]:
    """{"seconds", "answers"} by way of engine.server."""
    settings = Settings(max_seq_len=LENGTH, server=address, server_model=served.NAME)
    with open_server(settings, model) as server:
        start = time.perf_counter()
        records = score_share(
            server, exam, ceval.PROTOCOL, ceval.SHOTS, concurrent, answers=of_server, together=concurrent
        )
        seconds = time.perf_counter() - start
    return {"seconds": seconds, "answers": [record.prediction for record in records.values()]}


def by_lm_eval(address: str, exam: Exam, model: Path, work: Path, concurrent: int) -> dict[str, Any]:
    """{"seconds", "answers"} by way of lm-eval's local-completions."""
    with tempfile.TemporaryDirectory(dir=work) as folder:
        client = LmEval(model, Path(folder) / "task", exam, 1, 1)
        client.connect(address, concurrent)
        answers = [ceval.LETTERS[row.index(max(row))] for row in client.scores()]
        return {"seconds": client.lm.seconds, "answers": answers}


class LmEval(ceval.LmEval):
    """On a server; otherwise as its parent, on a task of ready-made prompts."""

    def connect(self, address: str, concurrent: int) -> None:
        os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(self.task / "cache")}
        from lm_eval.tasks import TaskManager

        self._write_task()
        self.lm = timed_client()(
            model=served.NAME, base_url=f"{address}/completions", num_concurrent=concurrent, max_retries=1,
            tokenizer=str(self.model), tokenizer_backend="huggingface", trust_remote_code=True, max_length=LENGTH,
        )  # fmt: skip
        self.tasks = TaskManager(include_path=str(self.task), include_defaults=False)


def timed_client() -> type:
    """lm-eval's local-completions, which notes the seconds of its last requests."""
    from lm_eval.models.openai_completions import LocalCompletionsAPI

    class Timed(LocalCompletionsAPI):
        def _loglikelihood_tokens(self, *arguments, **named):
            start = time.perf_counter()
            found = super()._loglikelihood_tokens(*arguments, **named)
            self.seconds = time.perf_counter() - start
            return found

    return Timed


CLIENTS: dict[str, Callable[..., dict[str, Any]]] = {"lm-eval": by_lm_eval, "the workflow": by_workflow}


def measure(
    started: dict[str, served.Running], asked: list[Exam], model: Path, work: Path, concurrent: int
) -> Iterator[dict[str, Any]]:
    """A row for each round, client and server, each round and client with an exam; the first round is not told."""
    names, exams = list(started), iter(asked)
    for number in range(len(asked) // len(CLIENTS)):
        for client, by in CLIENTS.items():
            exam = next(exams)
            for name in harness.turned(names, number):
                with served.alone(started, name) as address:
                    before = counts(address, name)
                    found = by(address, exam, model, work, concurrent)
                    tokens, there = counts(address, name) - before
                if number:
                    row = {"round": number, "client": client, "contender": name, "questions": len(exam)}
                    yield row | found | {"there": there / tokens}
        print(f"round {number}" if number else "warm-up", file=sys.stderr, flush=True)


def counts(address: str, name: str) -> numpy.ndarray:
    """Tokens of all prompts so far, and those of them that were there."""
    text = httpx2.get(f"{address.removesuffix('/v1')}/metrics").text
    lines = [rf"^{metric[name]}(?:{{.*}})? (\S+)$" for metric in (PROMPT_TOKENS, TOKENS_THERE)]
    return numpy.array([sum(map(float, re.findall(line, text, re.M))) for line in lines])


# ---- tables --------------------------------------------------------------------------------------------------


def table(runs: pandas.DataFrame) -> pandas.DataFrame:
    rows = []
    for (client, name), group in runs.groupby(["client", "contender"]):
        rows.append(
            {
                "client": client,
                "server": name,
                "questions/s": harness.spread(group.questions / group.seconds, "{:.2f}"),
                "seconds": harness.spread(group.seconds, "{:.2f}"),
                "tokens that were there": harness.spread(group.there, "{:.2f}"),
            }
        )
    return pandas.DataFrame(rows)


def same_answers(runs: pandas.DataFrame) -> str:
    """How many answers of the measured rounds the servers gave alike."""
    asked = [zip(*group.answers, strict=True) for _, group in runs.groupby(["round", "client"])]
    alike = [len(set(answers)) == 1 for questions in asked for answers in questions]
    return f"{sum(alike)} of {len(alike)} questions have the same answer from each server."


if __name__ == "__main__":
    cli.run(main)
