"""A plan past these machines: python benchmarks/plan.py [--measure] [--exam DIR]

Writes docs/plan.md: jobs, bytes, files and time of 13B, and of 100 checkpoints of 13B, on 1 to 512 cards. Every
figure is an input, which the page lists with its source, or arithmetic on inputs. --measure counts the workflow's
jobs, files and records again, in sweeps of the demo; --exam counts C-Eval's prompts in a folder or zip with dev/ and
val/. What was counted is kept in benchmarks/results/plan.json.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import numpy
import pandas
import typer
import yaml

import checkpoints
import harness
from baichuan2 import cli
from baichuan2.ceval import scoring
from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import get_protocol
from baichuan2.errors import UserError
from baichuan2.files import read_json, write_json, write_text
from baichuan2.model.sizes import SHAPES, legal_world_sizes, linear_names, tensor_shapes
from baichuan2.quantization.rollback import resolve_rollback
from baichuan2.ranks.memory import needs_of, weight_bytes
from baichuan2.report.sides import MS_PER_TOKEN, Rate
from baichuan2.speed.cases import grid

PAGE = harness.ROOT / "docs" / "plan.md"
SUBJECTS = harness.ROOT / "resources" / "ceval_subjects.csv"
SPEEDS = "config/references/speed.csv"
MODEL = SHAPES["baichuan2-13b"]
CHECKPOINTS, CARDS = (1, 100), (1, 8, 64, 512)
PROTOCOL, SHOTS, SLOTS = "official", 5, 2048  # SLOTS of the KV cache: the guide's MAX_SEQ_LEN
GRID = grid(5, 10)  # the guide's speed cases, (input, output)
RUNS = 1 + 3  # of each case: perf.warmup and perf.repeats
FLOAT, W8A8 = "float", "W8A8"
STARTS = 2  # of snakemake in a job of Slurm's
MEASURED_PROMPT = 128  # tokens of the prompts of benchmarks/results/decode.csv

# How often a job reads all of the weights: to hold them against their checksums, and to use them.
READS = {
    "link_shared": {FLOAT: 2},  # the CRC-32 of .bin files, then the SHA-256 for the manifest
    "calibrate_shared": {FLOAT: 2},
    "quantize_shared": {FLOAT: 2, W8A8: 1},  # the last: the SHA-256 of what it wrote
    "score_shared": {FLOAT: 2, W8A8: 2},  # a job in either form
    "measure_shared": {FLOAT: 2, W8A8: 2},
}


@dataclass(frozen=True)
class Input:
    """A figure that the plan starts from. kind: measured here, published, counted in this project, or assumed."""

    what: str
    value: float
    shown: str
    kind: str
    source: str


ASSUMED = {
    "tokens": Input(
        "tokens a character", 0.66, "0.66", "assumed",
        "all Chinese: 3 bytes a character, 4.53 bytes a token of Baichuan2's tokenizer (Tokenizer Arena, cc100)",
    ),
    "prompt": Input(
        "prompt behind a published first token", statistics.mean(case[0] for case in GRID), "336 tokens", "assumed",
        "the mean input of the guide's grid, 2^5 to 2^10: the table of the 800T A2 does not state its own",
    ),
    "job": Input(
        "cards of a job", 1, "1", "assumed", "the published table does not state on how many cards it was measured",
    ),
    "int8": Input(
        "speed of W8A8 on a card, x of float", 1, "1", "assumed", "not published for these two",
    ),
    "host": Input("cards of a host", 8, "8", "assumed", "as profiles/host has them"),
    "disk": Input(
        "weights read by a host", 1e9, "1 GB/s", "assumed", "a property of your file system: put your own"
    ),
    "cached": Input(
        "reads of a job from the disk", 1, "1", "assumed", "of each form; the others come from the host's memory"
    ),
    "cpu": Input("calibrations that a host does at once", 1, "1", "assumed", "it takes all cores (threads)"),
}  # fmt: skip


# ---- what is measured and counted ------------------------------------------------------------------------


class Characters:
    """A tokenizer whose tokens are characters."""

    def encode(self, text: str) -> list[int]:
        return list(map(ord, text))

    def decode(self, ids: Sequence[int]) -> str:
        return "".join(map(chr, ids))


def count_exam(source: Path) -> dict[str, Any]:
    """The characters of an exam's prompts, and of what is computed of them: a subject's examples once."""
    exam = Exam.read(source, read_subjects(SUBJECTS))
    asked = scoring.prepare(Characters(), exam, get_protocol(PROTOCOL), SHOTS, limit=10**9)
    batches = scoring.batches(asked, scoring.SCORED_TOGETHER)
    return {
        "questions": len(asked),
        "batches": len(batches),
        "characters": sum(len(item.prompt.tokens) for item in asked),
        "computed": sum(computed(*batch) for batch in batches),
    }


def computed(prefix: Sequence[int], group: Sequence[scoring.Asked]) -> int:
    """Characters of a batch: those that its prompts share are computed once."""
    return len(prefix) + sum(len(item.prompt.tokens) - len(prefix) for item in group)


def count_workflow() -> dict[str, Any]:
    """Jobs and files of sweeps of one and of two checkpoints, and the bytes of an answer and of a time in records."""
    jobs, files = [], []
    for size in (1, 2):
        with checkpoints.project(size) as copy:
            counts, remote = checkpoints.jobs(copy)
            checkpoints.snakemake(copy, "sweep")
            jobs.append(counts)
            files.append({name: count_files(copy / name) for name in ("results", ".snakemake")})
            records = record_bytes(next(copy.glob("results/shared/*/records/ceval.jsonl")),
                                   next(copy.glob("results/shared/*/records/perf.json")))  # fmt: skip
    return {"jobs": jobs, "remote": sorted(remote), "files": files, "record_bytes": records}


def count_files(folder: Path) -> int:
    """Files and links below `folder`."""
    return sum(path.is_symlink() or path.is_file() for path in folder.rglob("*"))


def record_bytes(ceval: Path, perf: Path) -> dict[str, float]:
    answers = len(ceval.read_text(encoding="utf-8").splitlines()) - 2  # header and seal
    runs = [run for case in read_json(perf)["cases"] for run in case["runs"]]
    times = sum(len(run[part]) for run in runs for part in ("pre_s", "forward_s", "post_s"))
    return {"answer": ceval.stat().st_size / answers, "time": perf.stat().st_size / times}


# ---- inputs ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """A published card: seconds of a first and of a next token."""

    name: str
    first: Input
    next: Input

    @classmethod
    def read(cls, row: str) -> Card:
        found = pandas.read_csv(harness.ROOT / SPEEDS).set_index("name").loc[row]
        first, later = (
            Input(
                f"{token} token of 13B in float, {found.device}",
                (seconds := float(Rate(found[token], found.unit).given_in(MS_PER_TOKEN) / 1000)),
                f"{1000 * seconds:.1f} ms",
                "published",
                f"{SPEEDS}, {row}: {found[token]:.4g} {found.unit}",
            )
            for token in ("first", "next")
        )
        return cls(found.device, first, later)

    @property
    def prompt_s(self) -> float:
        """Seconds a token of a prompt."""
        return self.first.value / ASSUMED["prompt"].value

    @property
    def grid_s(self) -> float:
        """Seconds of the speed cases."""
        return RUNS * sum(self.first.value + (output - 1) * self.next.value for _, output in GRID)


def calibrating(results: Path) -> Input:
    """Seconds to calibrate and quantize 13B on a host's CPU."""
    runs = pandas.read_csv(results / "quantizing.csv").set_index("contender")
    seconds = runs.seconds["baichuan2-7b"]
    times = numbers("baichuan2-13b") / numbers("baichuan2-7b")
    return Input(
        "calibrating and quantizing 13B on a CPU",
        seconds * times,
        f"{seconds * times:.0f} s",
        "measured",
        f"benchmarks/results/quantizing.csv: {seconds:.0f} s, the 7B shape on 2 cores of an AMD EPYC, which may have "
        f"been busy; times {times:.2f}, the parameters",
    )


def numbers(shape: str) -> int:
    """Parameters."""
    return sum(map(math.prod, tensor_shapes(SHAPES[shape]).values()))


def left_in_float() -> list[str]:
    """The linears that the guide leaves in float."""
    overlay = harness.ROOT / "config" / "baichuan2-13b-chat.yaml"
    return resolve_rollback(yaml.safe_load(overlay.read_text(encoding="utf-8"))["quantize"]["rollback"], MODEL)


def slurm_profile() -> dict[str, Any]:
    return yaml.safe_load((harness.ROOT / "profiles/slurm/config.yaml").read_text(encoding="utf-8"))


def status_seconds() -> int:
    """The shortest time between two questions to Slurm."""
    return slurm_profile()["slurm-init-seconds-before-status-checks"]


# ---- the arithmetic --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Work:
    """What a sweep of so many checkpoints of 13B, each in float and in W8A8, has to do."""

    checkpoints: int
    counted: Mapping[str, Any]
    calibrating: Input

    def grown(self, one: float, two: float) -> float:
        """A count of this many checkpoints, by those of one and of two."""
        return one + (self.checkpoints - 1) * (two - one)

    @cached_property
    def jobs(self) -> dict[str, int]:
        one, two = self.counted["jobs"]
        return {rule: int(self.grown(one[rule], two[rule])) for rule in one}

    @property
    def remote(self) -> int:
        """Jobs that go to Slurm."""
        return sum(self.jobs[rule] for rule in self.counted["remote"])

    def files(self, folder: str) -> int:
        return int(self.grown(*(files[folder] for files in self.counted["files"])))

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Bytes of a checkpoint's weights in either form."""
        names = set(linear_names(MODEL)) - set(left_in_float())
        return {FLOAT: weight_bytes(MODEL, 2), W8A8: weight_bytes(MODEL, 2, int8=names)}

    @property
    def guide_arrays(self) -> int:
        """Bytes of the guide's arrays: the int8 weights once more."""
        shapes, floats = tensor_shapes(MODEL), set(left_in_float())
        return sum(math.prod(shapes[f"{name}.weight"]) for name in linear_names(MODEL) if name not in floats)

    def read(self, *rules: str) -> int:
        """Bytes of a checkpoint's weights that jobs of these rules read, in both forms."""
        return sum(times * self.sizes[form] for rule in rules for form, times in READS[rule].items())

    def from_disk(self, *rules: str) -> float:
        """Those that do not come from memory."""
        return ASSUMED["cached"].value * sum(self.sizes[form] for rule in rules for form in READS[rule])

    @property
    def records(self) -> float:
        """Bytes of answers and times."""
        each = self.counted["record_bytes"]
        times = 3 * (RUNS - 1) * sum(output for _, output in GRID)
        return 2 * self.checkpoints * (self.counted["exam"]["questions"] * each["answer"] + times * each["time"])

    @property
    def tokens(self) -> float:
        """Tokens of C-Eval that one form computes."""
        return self.counted["exam"]["computed"] * ASSUMED["tokens"].value

    def bounds(self, card: Card, cards: int) -> dict[str, float]:
        """Seconds below which no schedule comes, by what is scarce."""
        hosts, disk = hosts_of(cards), ASSUMED["disk"].value
        float_s = self.tokens * card.prompt_s + card.grid_s
        both_s = float_s + float_s / ASSUMED["int8"].value
        cases = card.grid_s / ASSUMED["int8"].value
        to_quantize = ("link_shared", "calibrate_shared", "quantize_shared")
        to_measure = ASSUMED["cached"].value * self.sizes[W8A8]
        return {
            "cards": self.checkpoints * both_s * ASSUMED["job"].value / cards,
            "the hosts' CPUs": self.checkpoints * self.calibrating.value / hosts / ASSUMED["cpu"].value,
            "reading weights": self.checkpoints * self.from_disk(*READS) / disk / hosts,
            "one checkpoint's steps": (self.from_disk(*to_quantize) + to_measure) / disk
            + self.calibrating.value
            + cases,
        }


def hosts_of(cards: int) -> int:
    return math.ceil(cards / ASSUMED["host"].value)


def planning(results: Path, jobs: int) -> dict[str, float]:
    """Of so many jobs, between those that were measured: seconds and peak bytes of a dry run, the start of a job."""
    runs = pandas.read_csv(results / "dry_run.csv").groupby("jobs").median()
    return {column: float(numpy.interp(jobs, runs.index, runs[column])) for column in ("seconds", "peak", "start")}


def on_this_cpu(results: Path, tokens: float) -> dict[str, float]:
    """Seconds of 13B in W8A8 where decode.csv was measured, by those of the 1B shape: C-Eval and the speed cases.

    A prompt takes as long as it has products to compute, a next token as long as it has weights to read.
    """
    runs = pandas.read_csv(results / "decode.csv")
    small = runs[(runs["shape"] == "1b") & (runs.contender == "ours w8a8")].median(numeric_only=True)
    products = [sum(math.prod(tensor_shapes(SHAPES[shape])[f"{name}.weight"]) for name in linear_names(SHAPES[shape]))
                for shape in ("baichuan2-13b", "baichuan2-1b")]  # fmt: skip
    prompt = small.ttft_s / MEASURED_PROMPT * products[0] / products[1]
    read = weight_bytes(MODEL, 2, int8=linear_names(MODEL)) - 2 * MODEL.vocab_size * MODEL.hidden_size
    later = small.tpot_s * read / small.weight_bytes
    cases = RUNS * sum(input_len * prompt + (output - 1) * later for input_len, output in GRID)
    return {"prompt": prompt, "next": later, "ceval": tokens * prompt, "perf": cases}


# ---- the page --------------------------------------------------------------------------------------------


def page(results: Path = harness.RESULTS) -> str:
    """docs/plan.md."""
    counted = read_json(results / "plan.json")
    cards = [Card.read("800t-a2"), Card.read("gpu")]
    works = [Work(number, counted, calibrating(results)) for number in CHECKPOINTS]
    parts = [
        "# A plan past these machines",
        "13B, and 100 checkpoints of 13B, each in float and in W8A8: C-Eval and the guide's grid of speed cases, by "
        "`snakemake sweep`, a card a job. **None of this was run on a card.** Every figure is an input of the last "
        "table, or arithmetic on inputs; each column says which. Written by `python benchmarks/plan.py`.",
        "## What there is to do",
        markdown(to_do(works, results)),
        "## How long it takes at least",
        markdown(times(works, cards)),
        "With these inputs no schedule comes below: the cards' work shared evenly, calibrations one at a time on "
        "each host's CPU, all weights read at each host's speed of the disk, and the steps of one checkpoint, one "
        f"after another. Shown is the largest, and which it is. {use_of_cards(works[0], cards[0])}",
        "Waiting in a queue, imports and tables are not in it. profiles/slurm has "
        f"`jobs: {slurm_profile()['jobs']}`: give as many as cards. One squeue asks for all jobs; while none ends, "
        "the plugin (2.8.0) asks less and less often, down to every 180 s.",
        "## Memory of a card",
        markdown(memory()),
        f"Weights and a KV cache of {SLOTS} tokens in 16 bits, without activations, by ranks.memory; W8A8 with "
        "the guide's 20 layers in float. A card of 64 GB or of 80 GB holds either form alone.",
        "## Without a card",
        without_card(results, works[0]),
        "## Inputs",
        markdown(input_rows(works[0], cards)),
    ]
    return "\n\n".join(parts) + "\n"


def markdown(rows: Sequence[Mapping[str, str]]) -> str:
    return pandas.DataFrame(rows).to_markdown(index=False, disable_numparse=True)


def to_do(works: Sequence[Work], results: Path) -> list[dict[str, str]]:
    """What does not depend on the number of cards."""
    rows = {
        "jobs": ("counted", lambda work: total(work)),
        "of them to Slurm": ("counted", lambda work: work.remote),
        "planning them, s": ("measured", lambda work: f"{planning(results, total(work))['seconds']:.0f}"),
        "peak memory of it, MiB": ("measured", lambda work: f"{planning(results, total(work))['peak'] / 2**20:.0f}"),
        "starts of Slurm's jobs, CPU min": (
            "measured x counted",
            lambda work: f"{starts(work, results):.0f}",
        ),
        "files in results/": ("counted", lambda work: work.files("results")),
        "files in .snakemake/": ("counted", lambda work: work.files(".snakemake")),
        "weights linked, GB": ("shapes", lambda work: gigabytes(work, work.sizes[FLOAT])),
        "weights read, GB": ("shapes x counted", lambda work: gigabytes(work, work.read(*READS))),
        "weights cut, GB": ("assumed: a card a job", lambda work: 0),
        "W8A8 and the guide's arrays written, GB": (
            "shapes",
            lambda work: gigabytes(work, work.sizes[W8A8] + work.guide_arrays),
        ),
        "answers and times written, MB": ("measured x counted", lambda work: f"{work.records / 1e6:.0f}"),
    }
    return [
        {"": name, "what it is": kind} | {f"{work.checkpoints} x 13B": str(value(work)) for work in works}
        for name, (kind, value) in rows.items()
    ]


def starts(work: Work, results: Path) -> float:
    """Minutes that the jobs of a cluster take to start, on all nodes together."""
    return work.remote * STARTS * planning(results, total(work))["start"] / 60


def total(work: Work) -> int:
    return sum(work.jobs.values())


def gigabytes(work: Work, each: int) -> str:
    return f"{work.checkpoints * each / 1e9:.0f}"


def times(works: Sequence[Work], cards: Sequence[Card]) -> list[dict[str, str]]:
    """A row for each number of checkpoints and of cards; above them, what each column is."""
    kinds = {"checkpoints": "asked", "cards": "asked", "hosts": "assumed"}
    kinds |= {f"at least, {card.name}": "published speeds x counted work" for card in cards}
    first = cards[0].name
    kinds |= {f"{what}, {first}": "from the time" for what in ("decided by", "submissions a minute")}
    kinds |= {f"squeue asked at most, {first}": "from the time"}
    return [kinds, *(dict(zip(kinds, row, strict=True)) for work in works for row in _rows(work, cards))]


def _rows(work: Work, cards: Sequence[Card]) -> list[list[str]]:
    rows = []
    for number in CARDS:
        bounds = [work.bounds(card, number) for card in cards]
        seconds = max(bounds[0].values())
        rows.append(
            [str(work.checkpoints), str(number), str(hosts_of(number))]
            + [duration(max(found.values())) for found in bounds]
            + [max(bounds[0], key=bounds[0].get), f"{60 * work.remote / seconds:.2g}"]
            + [f"{seconds / status_seconds():.0f} times"]
        )
    return rows


def duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds < 2 * 3600 else f"{seconds / 3600:.1f} h"


def use_of_cards(work: Work, card: Card) -> str:
    """What the speed cases mean for one checkpoint."""
    return (
        f"One checkpoint keeps four cards busy at most. Its speed cases take {duration(card.grid_s)} a form on the "
        f"{card.name} and cannot be shared out; its C-Eval takes {work.tokens * card.prompt_s:.0f} s. "
        "Where the CPUs decide, quantize.device can be the cards: they were not measured."
    )


def memory() -> list[dict[str, str]]:
    """GiB, for each number of cards that 13B can be cut for."""
    rows = []
    for ranks in legal_world_sizes(MODEL):
        needs = needs_of("13B", MODEL, 1, SLOTS, ("float16", "float16"), ranks, left_in_float())
        row = {"cards of a job (parallel.world_size)": str(ranks)}
        for form, need in zip((FLOAT, W8A8), needs, strict=True):
            row[f"{form}, GiB"] = f"{(need.weights + need.cache) / 2**30:.1f}"
        rows.append(row)
    return rows


def without_card(results: Path, work: Work) -> str:
    found = on_this_cpu(results, work.tokens)
    return (
        "On the 2 cores of benchmarks/results/decode.md (Intel Xeon with AMX), from 1B in W8A8 as measured there: a "
        f"prompt in proportion to the products of its linears, {1000 * found['prompt']:.0f} ms a token; a next token "
        f"in proportion to the weights read, {1000 * found['next']:.0f} ms. So 13B in W8A8, no linear in float, takes"
        f" {duration(found['ceval'])} for C-Eval and {duration(found['perf'])} for the speed cases. In 16 bits it"
        " does not fit into that machine's 23.5 GiB."
    )


def input_rows(work: Work, cards: Sequence[Card]) -> list[dict[str, str]]:
    """Every input with its source."""
    exam, each = work.counted["exam"], work.counted["record_bytes"]
    mean = exam["characters"] / exam["questions"]
    prompts = (
        f"C-Eval's val, {PROTOCOL}, {SHOTS}-shot: {exam['questions']} questions in {exam['batches']} batches, "
        f"{mean:.0f} characters a prompt; computed are {exam['computed']}, a subject's examples once"
    )
    reads = "; ".join(
        f"{rule.removesuffix('_shared')} {', '.join(f'{form} {times}' for form, times in forms.items())}"
        for rule, forms in READS.items()
    )
    jobs = ", ".join(f"{rule} {count}" for rule, count in work.jobs.items())
    found = [
        *(figure for card in cards for figure in (card.first, card.next)),
        work.calibrating,
        Input("characters of C-Eval", exam["computed"], str(exam["computed"]), "counted", prompts),
        *ASSUMED.values(),
        Input("jobs of a sweep of one checkpoint", 0, str(total(work)), "counted", f"`snakemake -n sweep`: {jobs}"),
        Input("reads of all weights by a job", 0, "1 to 4", "counted", f"in the steps' code: {reads}"),
        Input("runs of a speed case", RUNS, str(RUNS), "counted", "config.yaml: a warm-up and 3 repeats"),
        Input("bytes of an answer", each["answer"], f"{each['answer']:.0f}", "measured", "records of the demo"),
        Input("bytes of a time", each["time"], f"{each['time']:.0f}", "measured", "records of the demo"),
        Input("s between questions to Slurm", status_seconds(), str(status_seconds()), "counted", "profiles/slurm"),
        Input("starts of snakemake in a job", STARTS, str(STARTS), "counted", "the executor's, and its jobstep's"),
        Input("planning", 0, "in proportion", "measured", "benchmarks/results/dry_run.md"),
    ]
    return [{"input": one.what, "value": one.shown, "kind": one.kind, "source": one.source} for one in found]


def main(
    measure: Annotated[bool, typer.Option(help="Count jobs, files and records of sweeps of the demo again.")] = False,
    exam: Annotated[Path | None, typer.Option(help="C-Eval, to count its prompts again.")] = None,
    results: Annotated[Path, typer.Option(help="Folder with the results of benchmarks.")] = harness.RESULTS,
    out: Annotated[Path, typer.Option(help="The page.")] = PAGE,
) -> None:
    """Write the page, from counts new or old."""
    path = results / "plan.json"
    counted = read_json(path) if path.exists() else {}
    if measure:
        counted |= count_workflow() | {"environment": harness.environment(1)}
    if exam:
        counted["exam"] = count_exam(exam)
    if "jobs" not in counted or "exam" not in counted:
        raise UserError(f"{path}: has no counts of the workflow and of C-Eval; run with --measure --exam DIR")
    write_json(path, counted)
    write_text(out, page(results))
    print(out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    cli.run(main)
