"""W8A8 against this engine in float, and against peers, over a grid of cases: python benchmarks/grid.py

Random weights of one shape, each precision in a process of its own, in turn at every case. A ratio is the other's
time over W8A8's, the median of per-round ratios: above 1, W8A8 is faster. W8A8 computes in bfloat16 around int8,
its head searched in 8 bits and decided in bfloat16 (engine.head: exact). A case in which W8A8 is not faster than
each, in prefill (TTFT) and in decode (TPOT), is marked. The last column is the host's work before and after a
forward of a next token, in percent of the forward: what measuring itself costs. Peers run a Llama of the same
sizes, as benchmarks/decode.py says.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pandas
import typer

import contenders
import harness
import peers
from baichuan2 import cli
from baichuan2.errors import UserError

OURS = "ours w8a8+exact"  # engine.head: auto on a CPU; its answers are the 16-bit head's
CASE = ["batch", "input", "output"]
CALLED = {"ttft_s": "prefill", "tpot_s": "decode"}


def main(
    shape: Annotated[list[str], typer.Option(help="13b, 7b, 1b or 0.4b; repeat the option.")] = ["0.4b", "1b"],  # noqa: B006
    batch: Annotated[list[int], typer.Option(help="Sequences; repeat the option.")] = [1, 8],  # noqa: B006
    input_len: Annotated[list[int], typer.Option("--input", help="Tokens of the prompt; repeat the option.")] = [  # noqa: B006
        2**exponent for exponent in range(5, 11)
    ],
    output_len: Annotated[int, typer.Option("--output", help="New tokens, at least 2.")] = 32,
    repeats: Annotated[int, typer.Option(help="Measured rounds of a case, after one of warm-up.")] = 5,
    threads: harness.Threads = harness.CORES,
    only: Annotated[list[str], typer.Option(help="A contender by its name, beside w8a8; repeat. All.")] = [],  # noqa: B006
    work: peers.Work = None,
    environments: peers.Home = peers.ENVIRONMENTS,
    out: harness.Out = harness.RESULTS,
) -> None:
    """Measure every case, and write grid.csv and grid.md."""
    if output_len < 2 or repeats < 1:
        raise UserError("--output, --repeats: at least 2 and 1 are needed")
    measured, used, parts = [], [], [f"# W8A8 against others, {output_len} new tokens, {threads} threads"]
    cases = [(sequences, tokens, output_len) for sequences in batch for tokens in input_len]
    with tempfile.TemporaryDirectory(prefix="grid-") as folder:
        for name in shape:
            asked = contenders_of(
                name, work or Path(folder), max(input_len) + output_len, max(batch), threads, environments, only
            )
            runs, left_out = measure(asked, cases, repeats)
            measured.append(runs)
            measured[-1].insert(0, "shape", name)
            used += [contender for contender in asked if contender.name in set(runs.contender)]
            parts += [f"## {name}", harness.markdown(table(measured[-1])), *left_out]
    parts.append(f"Medians over {repeats} rounds. " + harness.prose(__doc__)[0])
    harness.write_results(
        out, "grid", pandas.concat(measured), parts, harness.environment(threads) | peers.described(used)
    )


def contenders_of(
    name: str, work: Path, length: int, sequences: int, threads: int, environments: Path, only: Sequence[str]
) -> list[harness.Contender]:
    """W8A8 and what it is compared with on one shape: `only` those named, or all."""
    shape = f"random:baichuan2-{name}"
    apart = (shape, threads, length, environments, work, sequences)
    return harness.chosen(
        [OURS, *only] if only else [],
        [
            contenders.Ours(shape, "w8a8+exact", threads, length),
            contenders.Ours(shape, "float32", threads, length),
            contenders.Ours(shape, "bfloat16", threads, length),
            peers.OpenVino("int8", *apart),
            peers.Vllm("w8a8", *apart),
        ],
    )


def measure(
    asked: list[harness.Contender], cases: list[tuple[int, int, int]], repeats: int
) -> tuple[pandas.DataFrame, list[str]]:
    """All runs of all cases of one shape, and a line for each contender that does not run here.

    Raises UserError where W8A8 is one of these.
    """
    runs = []
    with harness.workers() as table:
        facts, left_out = peers.load(table, asked)
        if asked[0].name not in facts:
            raise UserError(f"--shape: {left_out[0]} Take a smaller one")
        for case in cases:
            print("batch {}, {} in, {} out".format(*case), file=sys.stderr, flush=True)
            runs += [dict(zip(CASE, case, strict=True)) | run for run in harness.rounds(table, repeats, case)]
    return pandas.DataFrame(runs), left_out


def table(runs: pandas.DataFrame) -> pandas.DataFrame:
    """A row for each case: times of W8A8, ratios, a mark, and the host's share."""
    rows = []
    for case, group in runs.groupby(CASE, sort=False):
        ours = group[group.contender == OURS]
        ratios = {
            f"{what}, {other.removeprefix('ours ')}": statistics.median(
                harness.times_as_fast(group, OURS, other, column)
            )
            for column, what in CALLED.items()
            for other in group.contender.unique()
            if other != OURS
        }
        rows.append(
            dict(zip(CASE, map(str, case), strict=True))
            | {"TTFT ms": f"{ours.ttft_s.median() * 1e3:.1f}", "TPOT ms": f"{ours.tpot_s.median() * 1e3:.2f}"}
            | {f"{what} / w8a8": f"{ratio:.2f}" for what, ratio in ratios.items()}
            | {"W8A8 not faster": "; ".join(what for what, ratio in ratios.items() if ratio <= 1)}
            | {"host, %": f"{(ours.host_s / (ours.tpot_s - ours.host_s)).median() * 100:.2f}"}
        )
    return pandas.DataFrame(rows)


if __name__ == "__main__":
    cli.run(main)
