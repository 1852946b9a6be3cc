"""W8A8 against float32 and bfloat16 of this engine over a grid of cases: python benchmarks/grid.py

Random weights of one shape, each precision in a process of its own, in turn at every case. A ratio is the other's
time over W8A8's, the median of per-round ratios: above 1, W8A8 is faster. W8A8 computes in bfloat16 around int8. A
case in which W8A8 is not faster than both, in prefill (TTFT) and in decode (TPOT), is marked. The last column is the
host's work before and after a forward of a next token, in percent of the forward: what measuring itself costs.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from typing import Annotated

import pandas
import typer

import contenders
import harness
from baichuan2 import cli, host
from baichuan2.errors import UserError

OURS, OTHERS = "ours w8a8", ("ours float32", "ours bfloat16")
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
    threads: Annotated[int, typer.Option(help="Of each contender.")] = host.usable_cores(),
    out: Annotated[Path, typer.Option(help="Folder of the results.")] = harness.RESULTS,
) -> None:
    """Measure every case, and write grid.csv and grid.md."""
    if output_len < 2 or repeats < 1:
        raise UserError("--output, --repeats: at least 2 and 1 are needed")
    measured, parts = [], [f"# W8A8 against float, {output_len} new tokens, {threads} threads"]
    cases = [(sequences, tokens, output_len) for sequences in batch for tokens in input_len]
    for name in shape:
        asked = [
            contenders.Ours(f"random:baichuan2-{name}", precision, threads, max(input_len) + output_len)
            for precision in ("w8a8", "float32", "bfloat16")
        ]
        measured.append(measure(asked, cases, repeats))
        measured[-1].insert(0, "shape", name)
        parts += [f"## {name}", harness.markdown(table(measured[-1]))]
    parts.append(f"Medians over {repeats} rounds. " + " ".join(__doc__.split("\n\n")[1].split()))
    harness.write_results(out, "grid", pandas.concat(measured), parts, harness.environment(threads))


def measure(asked: list[contenders.Ours], cases: list[tuple[int, int, int]], repeats: int) -> pandas.DataFrame:
    """All runs of all cases of one shape. Raises UserError where memory does not suffice."""
    runs = []
    with harness.workers() as table:
        for contender in asked:
            if needed := harness.lacking(contender):
                raise UserError(f"--shape: {contender.shape}: {contender.name} needs {needed}; take a smaller one")
            harness.load(table, contender)
        for case in cases:
            print("batch {}, {} in, {} out".format(*case), file=sys.stderr, flush=True)
            runs += [dict(zip(CASE, case, strict=True)) | run for run in harness.rounds(table, repeats, case)]
    return pandas.DataFrame(runs)


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
            for other in OTHERS
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
