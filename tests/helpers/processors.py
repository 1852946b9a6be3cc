"""docs/generated/processors.md: what the tests measured of the engine, processor by processor."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from baichuan2 import host

# {row: the processor}
ROWS = {
    "AVX2": "x86, AVX2",
    "AVX2_VNNI": "x86, AVX2 with VNNI",
    "AVX512_CORE": "x86, AVX512",
    "AVX512_CORE_VNNI": "x86, AVX512 with VNNI",
    "AVX512_CORE_BF16": "x86, AVX512 with VNNI and BF16",
    "AMX": "x86, AMX",
    "ARM": "Arm, dot products: a Kunpeng 920, emulated",
}
SUMS, AUTO, W8A8, BYTES, EXAM = (
    "W8A8's sums", "auto, of bfloat16 weights", "W8A8", "artefacts' bytes", "the demo's exam",
)  # fmt: skip
COLUMNS = (SUMS, AUTO, W8A8, BYTES, EXAM)
HEAD = """# Processors

What the tests measured of the CPU engine on each kind of processor. Written by
`python -m pytest tests/test_processors.py tests/test_arm.py --processors docs/generated/processors.md`.
This machine, {cpu}, is the row of `{own}`.
The other rows of x86 are this processor as well: oneDNN, torch and MKL are told to use no more
(`ONEDNN_MAX_CPU_ISA`), and flags that such a processor lacks are hidden. Arm is `qemu-user` with a Kunpeng 920's ids.
So these show what is computed, and how; they show no speed.

- {sums}: int32 sums at the input widths of 13B's widest layers, extreme weights and activations, bit for bit.
- {auto}; and {w8a8}, in float32: which code multiplies. In every row engines of `engine.dtype` float32, bfloat16,
  float16 and auto, in float and in W8A8, are within rounding of float64, for a prompt and for a next token.
- {bytes}: calibrations and artefacts of two small models, in both schemes, smoothed and not.
- {exam}: of its questions, on Arm of two subjects' alone, how many answers are right, and how many are the same as
  those of this machine's row; in W8A8 of config.yaml's artefact, which this machine made.

"""
WITHOUT_AMX = """
No machine of this run has AMX, so that row is empty. Earlier runs on one hold speeds, of another commit
(`benchmarks/results/decode.md`, `benchmarks/results/grid.md`), and 91 answers of a random model in float32, which are
lm-eval's (`benchmarks/results/ceval.md`): none of these columns.
"""
# {class of a linear: what multiplies}
LINEARS = {
    "PackedLinear": "oneDNN",
    "WidenedLinear": "torch, many rows in float32, some of the weight at a time",
    "FloatLinear": "native.c, many rows by torch",
    "PackedInt8Linear": "oneDNN",
    "PackedInt8Linear in halves": "oneDNN, in two halves",
    "Int8Linear": "native.c",
}
# of the largest logit; in W8A8 an activation that rounds the other way moves all logits by a step of its scale
BOUNDS = {
    ("float32", "float"): 1e-5, ("float32", "w8a8"): 0.03, ("bfloat16", "float"): 0.03, ("bfloat16", "w8a8"): 0.15,
}  # fmt: skip
Record = Callable[[str, str], None]


def here() -> str:
    """The row of this x86 processor."""
    flags = {"AMX": "amx_int8", "AVX512_CORE_BF16": "avx512_bf16", "AVX512_CORE_VNNI": "avx512_vnni"}
    flags |= {"AVX512_CORE": "avx512f", "AVX2_VNNI": "avx_vnni"}
    return next((row for row, flag in flags.items() if flag in host.cpu_flags()), "AVX2")


def recorder(record_property: Callable, row: str) -> Record:
    """record(column, text) of a row."""
    return lambda column, text: record_property("processor", (row, column, text))


def check_engine(stdout: str, record: Record) -> list[dict]:
    """Hold what engine_of.py printed against BOUNDS; record what is taken of each; return it."""
    answers = json.loads(stdout)
    for answer in answers:
        assert answer["dtype"] == ("float32" if answer["requested"] == "float32" else "bfloat16")
        assert answer["error"] < BOUNDS[answer["dtype"], answer["precision"]], answer
    taken = {(answer["requested"], answer["precision"]): answer for answer in answers}
    auto, w8a8 = taken["auto", "float"], taken["float32", "w8a8"]
    record(AUTO, f"{auto['dtype']}: {_path(auto)}, KV cache {auto['kv_cache']}")
    record(W8A8, f"{_path(w8a8)}, head {w8a8['head']}")
    return answers


def _path(answer: dict) -> str:
    decode = "torch's operators" if answer["decode"] == "operators" else answer["decode"]
    return f"{LINEARS[answer['linears']]}; decode by {decode}"


def check_exam(stdout: str, reference: dict[str, dict], record: Record) -> None:
    """Hold what exam_of.py printed against this processor's own answers, all of them right; record how many."""
    texts = []
    for precision, answers in json.loads(stdout).items():
        right = sum(prediction == truth for prediction, truth in answers.values())
        same = sum(pair == reference[precision][question] for question, pair in answers.items())
        texts.append(f"{precision}: {right} of {len(answers)} right, {same} the same")
        assert same == len(answers)
    record(EXAM, "; ".join(texts))


def write_processors(path: Path, terminalreporter) -> None:
    """What the tests recorded of each row; a test that failed is a cell that says so."""
    cells: dict[str, dict[str, str]] = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for row, column, text in (value for name, value in report.user_properties if name == "processor"):
                cells.setdefault(row, {})[column] = text if outcome == "passed" else f"{text}: failed"
    path.write_text(document(cells), encoding="utf-8")


def document(cells: dict[str, dict[str, str]]) -> str:
    """The page: a row for each processor that has cells, and AMX's."""
    rows = [
        f"| {title} | {' | '.join(cells.get(row, {}).get(column, '') for column in COLUMNS)} |"
        for row, title in ROWS.items()
        if row in cells or row == "AMX"
    ]
    head = HEAD.format(cpu=host.cpu_name(), own=ROWS[here()], sums=SUMS, auto=AUTO, w8a8=W8A8, bytes=BYTES, exam=EXAM)
    table = [f"| processor | {' | '.join(COLUMNS)} |", f"|---|{'---|' * len(COLUMNS)}", *rows]
    return head + "\n".join(table) + "\n" + ("" if "AMX" in cells else WITHOUT_AMX)
