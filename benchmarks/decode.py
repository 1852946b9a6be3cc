"""Batch-1 TTFT and TPOT of this engine and its peers: python benchmarks/decode.py

Each has random weights of the same sizes, one prompt of random token ids, and as many threads; each runs in a process
of its own, in turn. TTFT: from the prompt's ids to the first new token. TPOT: mean time of each further token, the
choice of the likeliest token included. MBU: the weights that a decode step reads, over TPOT, over the read bandwidth
measured right before and after; keys and values are not counted. All but transformers run a Llama of the same shape,
since they run no Baichuan2 of these shapes: q, k and v apart, RoPE for ALiBi, otherwise the same products. OpenVINO's
int8 cuts the head's weights too, and quantizes activations as it computes, as vLLM's w8a8 does, which leaves the head
in bfloat16; xFasterTransformer's int8 are weights alone, the head in float16. llama.cpp's Q8_0 has 8.5 bits a weight,
the head's too; Q8_0-plain is without the repacking for AMX. Our w8a8 leaves the head in bfloat16, as ModelSlim does;
w8a8+head has 8 bits there too (engine.head: int8), and w8a8+exact both: 8 bits to find the likeliest token, bfloat16
to decide (engine.head: exact).
"""

from __future__ import annotations

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
from baichuan2.devices import open_device
from baichuan2.errors import UserError
from baichuan2.model.sizes import named_shape

PAIRS = (  # (theirs, ours): how many times as fast ours is
    ("OpenVINO int8", "ours w8a8"),
    ("OpenVINO int8", "ours w8a8+exact"),
    ("OpenVINO int8", "ours w8a8+head"),
    ("vLLM w8a8", "ours w8a8"),
    ("vLLM w8a8", "ours w8a8+exact"),
    ("xFasterTransformer int8", "ours w8a8"),
    ("llama.cpp Q8_0", "ours w8a8"),
    ("llama.cpp Q8_0", "ours w8a8+exact"),
    ("llama.cpp Q8_0", "ours w8a8+head"),
    ("ours w8a8", "ours w8a8+exact"),
    ("ours w8a8+head", "ours w8a8+exact"),
    ("llama.cpp Q8_0-plain", "ours w8a8"),
    ("OpenVINO bfloat16", "ours bfloat16"),
    ("vLLM bfloat16", "ours bfloat16"),
    ("xFasterTransformer float16", "ours bfloat16"),
    ("llama.cpp F16", "ours bfloat16"),
    ("transformers bfloat16", "ours bfloat16"),
    ("transformers float32", "ours float32"),
)
CALLED = {"tpot_s": "decode (TPOT)", "ttft_s": "prefill (TTFT)"}


def main(
    shape: Annotated[list[str], typer.Option(help="13b, 7b, 1b or 0.4b; repeat the option.")] = ["1b", "0.4b"],  # noqa: B006
    repeats: Annotated[int, typer.Option(help="Measured rounds, after one of warm-up.")] = 5,
    input_len: Annotated[int, typer.Option("--input", help="Tokens of the prompt.")] = 128,
    output_len: Annotated[int, typer.Option("--output", help="New tokens, at least 2.")] = 32,
    threads: harness.Threads = harness.CORES,
    only: harness.Only = [],  # noqa: B006
    work: peers.Work = None,
    environments: peers.Home = peers.ENVIRONMENTS,
    out: harness.Out = harness.RESULTS,
) -> None:
    """Measure every contender that fits into memory, and write decode.csv and decode.md."""
    if output_len < 2 or repeats < 1:
        raise UserError("--output, --repeats: at least 2 and 1 are needed")
    measured, used, parts = [], [], [f"# Decode, batch 1, {input_len} tokens in, {output_len} out, {threads} threads"]
    with tempfile.TemporaryDirectory(prefix="decode-") as folder:
        for name in shape:
            asked = contenders_of(name, work or Path(folder), input_len + output_len, threads, environments, only)
            runs, left_out = measure(name, asked, repeats, input_len, output_len, threads)
            measured.append(runs)
            used += [contender for contender in asked if contender.name in set(runs.contender)]
            parts += [f"## {name}", harness.markdown(table(runs)), *left_out, harness.markdown(ratios(runs))]
    parts.append(f"Medians over {repeats} rounds (least to most). " + harness.prose(__doc__)[0])
    harness.write_results(
        out, "decode", pandas.concat(measured), parts, harness.environment(threads) | peers.described(used)
    )


def contenders_of(
    name: str, work: Path, length: int, threads: int, environments: Path, only: Sequence[str]
) -> list[harness.Contender]:
    """The contenders on one shape, or `only` those named. Raises UserError for a wrong name."""
    shape = f"random:baichuan2-{name}"
    named_shape(shape)
    work.mkdir(parents=True, exist_ok=True)
    apart = (shape, threads, length, environments, work)
    return harness.chosen(
        only,
        [
            contenders.Ours(shape, "w8a8", threads, length),
            contenders.Ours(shape, "w8a8+head", threads, length),
            contenders.Ours(shape, "w8a8+exact", threads, length),
            peers.OpenVino("int8", *apart),
            peers.Vllm("w8a8", *apart),
            peers.XFasterTransformer("int8", *apart),
            contenders.LlamaCpp(shape, "Q8_0", threads, length, work),
            contenders.LlamaCpp(shape, "Q8_0", threads, length, work, repacked=False),
            contenders.Ours(shape, "bfloat16", threads, length),
            peers.OpenVino("bfloat16", *apart),
            peers.Vllm("bfloat16", *apart),
            peers.XFasterTransformer("float16", *apart),
            contenders.LlamaCpp(shape, "F16", threads, length, work),
            contenders.Transformers(shape, "bfloat16", threads),
            contenders.Ours(shape, "float32", threads, length),
            contenders.Transformers(shape, "float32", threads),
        ],
    )


def measure(
    name: str, asked: list[harness.Contender], repeats: int, input_len: int, output_len: int, threads: int
) -> tuple[pandas.DataFrame, list[str]]:
    """All runs of one shape, and a line for each contender that does not run here."""
    if any(isinstance(contender, contenders.LlamaCpp) for contender in asked):
        harness.needs("llama_cpp_python")
    device = open_device("cpu", threads)
    with harness.workers() as table:
        facts, left_out = peers.load(table, asked)
        found = harness.rounds(table, repeats, (1, input_len, output_len), meter=device.read_bandwidth)
        runs = pandas.DataFrame([{"shape": name, **run, **facts[run["contender"]]} for run in found])
    return runs.drop(columns="host_s", errors="ignore").rename(columns={"meter": "read_bandwidth"}), left_out


def table(runs: pandas.DataFrame) -> pandas.DataFrame:
    """A row for each contender: medians over rounds."""
    rows = []
    for name, group in runs.groupby("contender", sort=False):
        achieved = group.weight_bytes / group.tpot_s
        engine, precision = name.rsplit(" ", 1)
        rows.append(
            {
                "engine": engine,
                "precision": precision,
                "weights read, GB": f"{group.weight_bytes.iloc[0] / 1e9:.3f}",
                "TTFT ms": harness.spread(group.ttft_s * 1e3),
                "TPOT ms": harness.spread(group.tpot_s * 1e3),
                "tokens/s": f"{1 / group.tpot_s.median():.1f}",
                "GB/s": f"{achieved.median() / 1e9:.1f}",
                "MBU": harness.spread(achieved / group.read_bandwidth, "{:.2f}"),
                "peak RSS, GB": f"{group.peak_rss.max() / 1e9:.2f}",
            }
        )
    return pandas.DataFrame(rows).sort_values(["engine", "precision"])


def ratios(runs: pandas.DataFrame) -> pandas.DataFrame:
    """How many times as fast ours is, the median of the per-round ratios, for every pair that was measured."""
    there = set(runs.contender)
    rows = [
        {
            "times as fast": f"{ours} against {theirs}, {CALLED[column]}",
            "ratio": harness.spread(harness.times_as_fast(runs, ours, theirs, column), "{:.2f}"),
        }
        for column in CALLED
        for theirs, ours in PAIRS
        if {theirs, ours} <= there
    ]
    return pandas.DataFrame(rows, columns=["times as fast", "ratio"])


if __name__ == "__main__":
    cli.run(main)
