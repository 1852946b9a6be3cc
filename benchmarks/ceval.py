"""C-Eval by this engine, vLLM and lm-evaluation-harness, same prompts, same answers: python benchmarks/ceval.py

All run one random model of 34 million float32 parameters in the shape of Baichuan2-7B (RoPE), 5-shot, protocol
official: ours from its results/model directory, lm-eval's hf backend from the same directory with this repository's
modeling files, vLLM the same weights as a Llama, q, k and v apart and the head's rows of norm 1. vLLM's prefix cache
is on, by blocks of 32 tokens and of its default, and empty when a round begins. The prompts that the others get are
ours, ready-made. Every round's token ids and answers must be identical, or nothing is written. The tokenizer is
trained on the exam's own text: the demo's would make byte sequences of another exam.

Timed is the questions' time, without imports and loading. Ours: score_share(), from the exam in memory to the
records. vLLM: generate(), from the prompts' tokens to the likeliest of the letters'. lm-eval: loglikelihood(), from
the prompts' text to the log-probabilities; reading its data set, making its requests and its metrics are not counted.
Peak memory is that of the process while it scores, and the growth beyond what it held when the model was loaded. The
share of the matrix rate is what the products of all tokens that must be computed would take (a subject's examples
once, the questions apart, keys that a query sees), over the seconds: at the rate of our linears alone, 512 tokens at
a time, measured in the same round.
"""

from __future__ import annotations

import io
import json
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pandas
import typer
import yaml

import harness
import peers
from baichuan2 import cli, host
from baichuan2.ceval import exam as exams
from baichuan2.ceval.exam import CLASSES, Exam, Question, Subject, read_subjects
from baichuan2.ceval.protocols import get_protocol, option_tokens
from baichuan2.ceval.scoring import SCORED_TOGETHER, batches, prepare, score_share
from baichuan2.errors import UserError
from baichuan2.files import publish_directory, write_json
from baichuan2.model.sizes import ModelConfig, tensor_shapes

DEMO = harness.ROOT / "resources" / "demo" / "exam"
LETTERS = exams.LETTERS[: exams.OPTIONS]
SUBJECTS = harness.ROOT / "resources" / "ceval_subjects.csv"
PROTOCOL, SHOTS = get_protocol("official"), 5
CONFIG = ModelConfig(32000, 384, 1152, 5, 6, model_max_length=4096, position_embedding="rope", dtype="float32")
LEARNT_PIECES = 8000  # the rest of the vocabulary is unused: more would swallow the small text whole
GAIN = 3  # of random weights: with 1, the last token alone decides, and nearly all answers are one letter
TASK = "ceval_prompts"


def main(
    exam: Annotated[Path, typer.Option(help="Folder or zip with dev/ and val/; the demo exam.")] = DEMO,
    questions: Annotated[int, typer.Option(help="How many, of whole subjects of all classes in turn.")] = 91,
    repeats: Annotated[int, typer.Option(help="Measured rounds, after one of warm-up.")] = 5,
    batch_size: Annotated[int, typer.Option(help="Of lm-eval; ours packs by tokens.")] = 8,
    threads: Annotated[int, typer.Option(help="Of each contender.")] = host.usable_cores(),
    only: Annotated[list[str], typer.Option(help="A contender by its name, beside ours; repeat. All.")] = [],  # noqa: B006
    environments: Annotated[Path, typer.Option(help="Where peers are installed, once.")] = peers.ENVIRONMENTS,
    out: Annotated[Path, typer.Option(help="Folder of the results.")] = harness.RESULTS,
) -> None:
    """Measure all, and write ceval.csv and ceval.md. Ends with code 1 where an answer differs."""
    if repeats < 1 or questions < 1:
        raise UserError("--repeats, --questions: at least 1 is needed")
    whole = Exam.read(exam, read_subjects(SUBJECTS))
    asked = some_of(whole, questions)
    with tempfile.TemporaryDirectory(prefix="ceval-") as folder:
        model = make_model(Path(folder), whole)
        ours, llama = Ours(model, asked, threads), Path(folder) / "llama"
        wanted = harness.chosen(
            [ours.name, *only] if only else [],
            [
                ours,
                Vllm(model, llama, asked, threads, environments, 32),
                Vllm(model, llama, asked, threads, environments),
                LmEval(model, Path(folder) / "task", asked, batch_size, threads),
            ],
        )
        if any(isinstance(contender, LmEval) for contender in wanted):
            harness.needs("lm_eval")
        with harness.workers() as table:
            facts, left_out = peers.load(table, wanted)
            there = [contender for contender in wanted if contender.name in facts]
            found = list(harness.rounds(table, repeats))
            same = check(table, found)
    for run in found:
        del run["answers"]
    runs = pandas.DataFrame(found).assign(loaded_rss=lambda frame: frame.contender.map(facts))
    least = runs.dropna(subset="least_s").set_index("round").least_s
    runs["share"] = runs["round"].map(least) / runs.seconds
    runs["questions_per_s"] = len(asked) / runs.seconds
    parts = [
        f"# C-Eval: {len(asked)} questions of {len(asked.subjects)} subjects, {threads} threads",
        harness.markdown(summary(runs)),
        *left_out,
        *(compared(runs, ours.name, contender.name) for contender in there if contender is not ours),
        same,
        *(" ".join(part.split()) for part in __doc__.split("\n\n")[1:]),
    ]
    about = {"exam": "the demo's" if exam == DEMO else exam.name, "lm-eval batch": str(batch_size)}
    about |= harness.environment(threads) | peers.described(there)
    harness.write_results(out, "ceval", runs, parts, about)


def compared(runs: pandas.DataFrame, ours: str, theirs: str) -> str:
    """How many times as fast ours is, in words."""
    ratio = harness.spread(harness.times_as_fast(runs, ours, theirs, "seconds"), "{:.2f}")
    return f"Ours is {ratio} times as fast as {theirs}: the median of per-round ratios (least to most)."


def some_of(exam: Exam, count: int) -> Exam:
    """`count` questions: whole subjects, a class after the other, the last one cut. Raises UserError for too many."""
    by_class = [[s for s in exam.subjects if s.class_name == class_name] for class_name in CLASSES]
    asked, lacking = cut(exam, (s for turn in zip_longest(*by_class) for s in turn if s is not None), count)
    if lacking:
        raise UserError(f"--questions: the exam has {len(exam)}, fewer than {count}")
    return asked


def cut(exam: Exam, subjects: Iterator[Subject], count: int) -> tuple[Exam, int]:
    """`count` questions of the next subjects, the last one cut, and how many are lacking."""
    chosen, left = {}, count
    while left and (subject := next(subjects, None)) is not None:
        chosen[subject.name] = exam.questions[subject.name][:left]
        left -= len(chosen[subject.name])
    return Exam(exam.split, tuple(s for s in exam.subjects if s.name in chosen), exam.dev, chosen), left


def check(table: dict[str, harness.Worker], found: list[dict[str, Any]]) -> str:
    """A line that says what was the same. Raises UserError where a token or an answer of any round differs."""
    given = {name: worker.call("asked") for name, worker in table.items()}
    ours = next(iter(given.values()))
    for name, theirs in given.items():
        if ours != theirs:
            raise UserError(
                f"{name}: its tokens of prompts or letters are not ours, {first_difference(ours, theirs)}"
            )
    answers = found[0]["answers"]
    for run in found:
        if run["answers"] != answers:
            where = first_difference(answers, run["answers"])
            raise UserError(f"{run['contender']}: an answer of round {run['round']} differs, {where}")
    lengths = [len(prompt) for prompt, _ in ours[:: len(LETTERS)]]
    mean, letters = statistics.fmean(lengths), Counter(answers)
    return (
        f"Identical in all rounds: the token ids of all {len(lengths)} prompts ({min(lengths)} to {max(lengths)}, "
        f"mean {mean:.0f}) and of the letters, and all answers ({', '.join(f'{x} {letters[x]}' for x in LETTERS)})."
    )


def first_difference(one: list, other: list) -> str:
    pairs = enumerate(zip_longest(one, other))
    return next(f"number {index}: {str(a)[:200]} and {str(b)[:200]}" for index, (a, b) in pairs if a != b)


def summary(runs: pandas.DataFrame) -> pandas.DataFrame:
    rows = []
    for name, group in runs.groupby("contender", sort=False):
        rows.append(
            {
                "scored by": name,
                "questions/s": harness.spread(group.questions_per_s, "{:.2f}"),
                "seconds": harness.spread(group.seconds, "{:.2f}"),
                "share of the matrix rate": harness.spread(group.share, "{:.2f}"),
                "peak RSS, GB": f"{group.peak_rss.max() / 1e9:.2f}",
                "beyond the loaded model, GB": f"{(group.peak_rss - group.loaded_rss).max() / 1e9:.2f}",
            }
        )
    return pandas.DataFrame(rows)


# ---- the model ----------------------------------------------------------------------------------------------


def make_model(folder: Path, exam: Exam) -> Path:
    """A results/model directory with random weights and a tokenizer of the exam's text; returns its path."""
    import torch
    from safetensors.torch import save_file

    from baichuan2.model.directory import link_model, patch_config

    source, model = folder / "source", folder / "model"
    source.mkdir()
    (source / "tokenizer.model").write_bytes(train_tokenizer(texts(exam)))
    generator = torch.Generator().manual_seed(0)

    def weights(shape: tuple[int, ...]) -> torch.Tensor:
        if len(shape) == 1:
            return torch.ones(shape)
        return torch.randn(shape, generator=generator) * GAIN / shape[1] ** 0.5

    tensors = {name: weights(shape) for name, shape in tensor_shapes(CONFIG).items()}
    save_file(tensors, source / "model.safetensors")
    write_json(source / "config.json", CONFIG.fields())
    link_model(source, model)
    patch_config(source, model)
    return model


def texts(exam: Exam) -> Iterator[str]:
    """The exam's text as the prompts have it, a line each."""
    for subject in exam.subjects:
        yield PROTOCOL.header.format(chinese=subject.name_zh).strip()
        for question in (*exam.dev[subject.name], *exam.questions[subject.name]):
            yield from lines(question)


def lines(question: Question) -> list[str]:
    """A question and its answer."""
    options = [f"{letter}. {option}" for letter, option in zip(LETTERS, question.options, strict=True)]
    return [*question.text.splitlines(), *options, f"{PROTOCOL.cue}{question.answer}"]


def train_tokenizer(text: Iterator[str]) -> bytes:
    """A SentencePiece model of CONFIG.vocab_size pieces like Baichuan2's: BPE, byte fallback, digits apart."""
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=text,
        model_writer=trained,
        vocab_size=LEARNT_PIECES,
        hard_vocab_limit=False,
        model_type="bpe",
        character_coverage=1.0,
        byte_fallback=True,
        split_digits=True,
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        normalization_rule_name="identity",
        user_defined_symbols=list(LETTERS),  # one token each, in any exam
        num_threads=1,
        minloglevel=2,
    )
    model = sentencepiece_model_pb2.ModelProto.FromString(trained.getvalue())
    for number in range(len(model.pieces), CONFIG.vocab_size):
        model.pieces.add(piece=f"<unused_{number}>", score=0.0, type=model.SentencePiece.UNUSED)
    return model.SerializeToString()


# ---- the contenders -----------------------------------------------------------------------------------------


@dataclass
class Ours:
    """score_share() on this project's engine."""

    model: Path
    exam: Exam
    threads: int
    name: str = "ours"
    _stack: ExitStack = field(default_factory=ExitStack, init=False)

    def load(self) -> int:
        """Returns the resident memory afterwards, in bytes."""
        from baichuan2.engine.engine import Settings, open_engine

        self.engine = self._stack.enter_context(
            open_engine(Settings("cpu", "float32", None, self.threads), self.model)
        )
        return harness.rss()

    def measure(self) -> dict[str, Any]:
        harness.reset_peak_rss()
        start = time.perf_counter()
        records = score_share(self.engine, self.exam, PROTOCOL, SHOTS).values()
        seconds = time.perf_counter() - start
        if any(record.truncated or record.shots < SHOTS for record in records):
            raise UserError(f"--exam: a prompt of {SHOTS} shots has over {CONFIG.model_max_length} tokens")
        answers = [record.prediction for record in records]
        run = {"seconds": seconds, "peak_rss": harness.peak_rss(), "answers": answers}
        return run | {"least_s": operations(self.engine.tokenizer, self.exam) / matrix_rate(self.engine)}

    def asked(self) -> list[tuple[list[int], list[int]]]:
        """For each prompt and each letter, the token ids of both."""
        prompts = prompts_of(self.engine.tokenizer, self.exam)
        letters = option_tokens(PROTOCOL, self.engine.tokenizer, prompts[0].text)
        return [(list(prompt.tokens), [letter]) for prompt in prompts for letter in letters]


def operations(tokenizer, exam: Exam) -> int:
    """Floating-point operations of the products that the exam needs, the head's few rows not counted."""
    hidden, layers, tokens, seen = CONFIG.hidden_size, CONFIG.num_hidden_layers, 0, 0
    for prefix, group in batches(asked_of(tokenizer, exam), SCORED_TOGETHER):
        parts = [(0, len(prefix)), *((len(prefix), len(item.prompt.tokens) - len(prefix)) for item in group)]
        tokens += sum(new for _, new in parts)
        seen += sum(new * before + new * (new + 1) // 2 for before, new in parts)
    linears = layers * (4 * hidden * hidden + 3 * hidden * CONFIG.intermediate_size)
    return 2 * tokens * linears + 4 * seen * hidden * layers


def matrix_rate(engine, repeats: int = 5) -> float:
    """Operations a second of all linears of all layers, the best of some; tokens as a forward takes them."""
    import torch

    rows, rates = engine.device.prefill_tokens, []
    inputs = {name: torch.ones(1, rows, CONFIG.hidden_size) for name in ("qkv", "output", "gate_up")}
    inputs["down"] = torch.ones(1, rows, CONFIG.intermediate_size)
    for _ in range(repeats):
        start, done = time.perf_counter(), 0
        for parts in engine.model.parts:
            for name, x in inputs.items():
                part = getattr(parts, name)
                done += 2 * x.numel() * getattr(part, "linear", part)(x).shape[-1]
        rates.append(done / (time.perf_counter() - start))
    return max(rates)


@dataclass
class Vllm(peers.Installed):
    """vLLM with its prefix cache on, on a Llama of the model's weights, written where it is not there.

    block_size: tokens that its cache shares or not; None is its default.
    """

    model: Path
    llama: Path
    exam: Exam
    threads: int
    environments: Path
    block_size: int | None = None
    kind: ClassVar[str] = "vllm"

    @property
    def name(self) -> str:
        return f"vLLM, block {self.block_size or 'default'}"

    def variables(self) -> dict[str, str]:
        return peers.vllm_variables(self.environment, self.threads)

    def load(self) -> int:
        """Returns the resident memory afterwards, in bytes."""
        from baichuan2.model.tokenizer import Tokenizer

        if not self.llama.exists():
            with publish_directory(self.llama) as partial:
                write_llama(partial, self.model)
        tokenizer = Tokenizer(self.model)
        prompts = prompts_of(tokenizer, self.exam)
        self.prompts = [list(prompt.tokens) for prompt in prompts]
        self.letters = list(option_tokens(PROTOCOL, tokenizer, prompts[0].text))
        return self.start().call(
            "load", model=str(self.llama), dtype="float32", max_seq_len=CONFIG.model_max_length,
            sequences=len(prompts), block_size=self.block_size, prefix_caching=True,
        )  # fmt: skip

    def measure(self) -> dict[str, Any]:
        run = self.driver.call("answer", prompts=self.prompts, candidates=self.letters)
        return run | {"answers": [LETTERS[index] for index in run.pop("chosen")]}

    def asked(self) -> list[tuple[list[int], list[int]]]:
        """For each prompt and each letter, the token ids of both."""
        return [(prompt, [letter]) for prompt in self.prompts for letter in self.letters]


def write_llama(folder: Path, model: Path) -> None:
    """Write a model directory's weights as a Llama."""
    from safetensors.torch import load_file, save_file

    from baichuan2.modeling.network import output_weight

    tensors = {}
    for name, tensor in load_file(model / "model.safetensors").items():
        if name.endswith(".W_pack.weight"):
            parts = zip(("q_proj", "k_proj", "v_proj"), tensor.chunk(3), strict=True)
            tensors |= {name.replace("W_pack", part): rows.clone() for part, rows in parts}
        else:
            tensors[name] = output_weight(tensor, CONFIG.norm_head) if name == "lm_head.weight" else tensor
    save_file(tensors, folder / "model.safetensors")
    write_json(folder / "config.json", peers.llama_config(CONFIG, "float32"))


@dataclass
class LmEval:
    """lm-evaluation-harness's hf backend, on a task of ready-made prompts."""

    model: Path
    task: Path
    exam: Exam
    batch_size: int
    threads: int
    name: str = "lm-eval"

    def load(self) -> int:
        """Returns the resident memory afterwards, in bytes."""
        os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(self.task / "cache")}
        import torch
        from lm_eval.tasks import TaskManager

        torch.set_num_threads(self.threads)
        self._write_task()
        self.lm = timed_backend()(
            str(self.model),
            device="cpu",
            dtype="float32",
            batch_size=self.batch_size,
            max_length=CONFIG.model_max_length,
            trust_remote_code=True,
        )
        self.tasks = TaskManager(include_path=str(self.task), include_defaults=False)
        return harness.rss()

    def _write_task(self) -> None:
        from baichuan2.model.tokenizer import Tokenizer

        prompts = prompts_of(Tokenizer(self.model), self.exam)
        truths = [question.answer for subject in self.exam.subjects for question in self.exam.questions[subject.name]]
        rows = [
            {"prompt": prompt.text, "label": LETTERS.index(truth)}
            for prompt, truth in zip(prompts, truths, strict=True)
        ]
        self.task.mkdir()
        data = self.task / "prompts.jsonl"
        data.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        task = {
            "task": TASK,
            "dataset_path": "json",
            "dataset_kwargs": {"data_files": {"validation": str(data)}},
            "validation_split": "validation",
            "output_type": "multiple_choice",
            "doc_to_text": "prompt",
            "doc_to_target": "label",
            "doc_to_choice": [PROTOCOL.blank + letter for letter in LETTERS],
            "target_delimiter": "",
            "num_fewshot": 0,
            "metric_list": [{"metric": "acc"}],
        }
        (self.task / f"{TASK}.yaml").write_text(yaml.safe_dump(task, allow_unicode=True), encoding="utf-8")

    def measure(self) -> dict[str, Any]:
        answers = [LETTERS[row.index(max(row))] for row in self.scores()]
        return {"seconds": self.lm.seconds, "peak_rss": self.lm.peak, "answers": answers}

    def scores(self) -> list[list[float]]:
        """The letters' log-probabilities, a row for each question."""
        from lm_eval import simple_evaluate

        result = simple_evaluate(self.lm, tasks=[TASK], task_manager=self.tasks, bootstrap_iters=0)
        samples = sorted(result["samples"][TASK], key=lambda sample: sample["doc_id"])
        return [[response[0] for response in sample["filtered_resps"]] for sample in samples]

    def asked(self) -> list[tuple[list[int], list[int]]]:
        """For each prompt and each letter, the token ids of both, as lm-eval made them in the last round."""
        return [(context, continuation) for _, context, continuation in self.lm.asked]


def timed_backend() -> type:
    """lm-eval's hf backend, which notes the seconds and peak memory of its last loglikelihood(), and its tokens."""
    from lm_eval.models.huggingface import HFLM

    class Timed(HFLM):
        def loglikelihood(self, requests, disable_tqdm=False):
            harness.reset_peak_rss()
            start = time.perf_counter()
            found = super().loglikelihood(requests, disable_tqdm=True)
            self.seconds, self.peak = time.perf_counter() - start, harness.peak_rss()
            return found

        def _loglikelihood_tokens(self, requests, *arguments, **named):
            self.asked = requests
            return super()._loglikelihood_tokens(requests, *arguments, **named)

    return Timed


def prompts_of(tokenizer, exam: Exam) -> list:
    return [item.prompt for item in asked_of(tokenizer, exam)]


def asked_of(tokenizer, exam: Exam) -> list:
    """The questions with their prompts."""
    return prepare(tokenizer, exam, PROTOCOL, SHOTS, PROTOCOL.prompt_limit(CONFIG.model_max_length))


if __name__ == "__main__":
    cli.run(main)
