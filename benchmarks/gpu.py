"""This engine on a CUDA card, in one command: python benchmarks/gpu.py

First whether it is right: logits of prefill, decode and packed scoring of the 0.4b shape, against float32 on the CPU,
with the same random weights. Then batch-1 decode as a share of the card's measured bandwidths, and C-Eval-shaped
scoring (one shared prefix, a suffix for each question) as a share of its measured bfloat16 matrix rate.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pandas
import torch
import typer

import contenders
import harness
from baichuan2 import cli
from baichuan2.devices import open_device
from baichuan2.engine.engine import Engine, Settings, open_engine
from baichuan2.errors import UserError
from baichuan2.model.sizes import ModelConfig, named_shape, tensor_shapes
from baichuan2.speed.timing import time_run

CHECKED_SHAPE = "baichuan2-0.4b"
FLOAT32_ERROR = 1e-3  # sums in another order give 1e-5; a W8A8 activation that rounds the other way a little more
BFLOAT16_TIMES = 2.0  # how many times the error of torch's own bfloat16 on the CPU
INPUT, OUTPUT = 128, 128  # tokens of a decode run
PREFIX, SUFFIX, QUESTIONS = 600, 100, 50  # tokens, tokens, number of a scoring run
MATRIX, COPIED = 8192, 2**31
PRECISIONS = ("bfloat16", "w8a8")
Limits = dict[str, float]


def main(
    shape: Annotated[str, typer.Option(help="As in random:<shape>; it must fit the card in bfloat16.")] = (
        "baichuan2-13b"
    ),
    repeats: Annotated[int, typer.Option(help="Measured runs, after one of warm-up.")] = 5,
    out: harness.Out = harness.RESULTS,
) -> None:
    """Check and measure, and write gpu.csv and gpu.md; code 1 where a logit is wrong."""
    config, device = named_shape(shape), open_device("cuda")
    checks = pandas.DataFrame(check("cuda"))
    print(harness.markdown(checks), flush=True)
    if not (checks.verdict == "right").all():
        raise UserError("the card's logits differ from the CPU's by more than rounding: nothing was measured")
    limits = {
        "read": device.read_bandwidth(repeats=repeats),
        "copy": copy_rate(device, repeats),
        "matrix": matrix_rate(device, repeats),
    }
    runs = pandas.DataFrame([run for precision in PRECISIONS for run in measure("cuda", shape, precision, repeats)])
    about = harness.environment(torch.get_num_threads()) | device_facts(device)
    parts = [
        f"# {shape} on {device.device_name()}",
        f"Medians of {repeats} runs (least to most). " + harness.prose(__doc__)[0],
        harness.markdown(checks),
        harness.markdown(limits_table(limits)),
        harness.markdown(decode_table(runs, limits)),
        harness.markdown(score_table(runs, limits, config)),
    ]
    harness.write_results(out, "gpu", runs, parts, about)


# ---- whether it is right ---------------------------------------------------------------------------------------


def check(device: str) -> Iterator[dict[str, str]]:
    """A row for each precision and dtype on `device`: the relative error of the logits, and what is allowed."""
    for quantized in (False, True):
        exact = logits("cpu", "float32", quantized)
        allowed = {
            "float32": FLOAT32_ERROR,
            "bfloat16": BFLOAT16_TIMES * error(logits("cpu", "bfloat16", quantized), exact),
        }
        for dtype, most in allowed.items():
            found = error(logits(device, dtype, quantized), exact)
            yield {
                "weights": "w8a8" if quantized else "float",
                "computed in": dtype,
                "relative error of logits": f"{found:.1e}",
                "allowed": f"{most:.1e}",
                "verdict": "right" if found <= most else "WRONG",
            }


def logits(device: str, dtype: str, quantized: bool) -> torch.Tensor:
    """float32 logits of prefills of two lengths, of three decode steps after them, and of packed suffixes."""
    with opened(device, CHECKED_SHAPE, dtype, quantized, max_seq_len=640) as engine:
        ids = contenders.prompt(600, engine.config.vocab_size)
        prompts = [ids[:200], ids[200:277]]
        cache = engine.cache_for(2, engine.max_seq_len)
        found = [engine.prefill(cache, prompts).flatten()]
        decoder = engine.model.decoder(cache, [len(prompt) for prompt in prompts])
        for step in range(3):
            decoder.prepare()
            found.append(decoder.step(ids[300 + step : 302 + step]).flatten().clone())
        scores = engine.score(ids[:300], [ids[300:350], ids[350:353], ids[353:500]], list(range(1000)))
        found.append(torch.tensor(scores).flatten())
        return torch.cat([part.cpu() for part in found])


def error(found: torch.Tensor, exact: torch.Tensor) -> float:
    """The length of the difference, relative to that of `exact`; infinite where something is not a number."""
    difference = torch.linalg.vector_norm(found - exact) / torch.linalg.vector_norm(exact)
    return difference.item() if difference.isfinite() else float("inf")


# ---- how fast it is --------------------------------------------------------------------------------------------


def measure(device: str, shape: str, precision: str, repeats: int) -> Iterator[dict[str, Any]]:
    """`repeats` runs of decode and of scoring, after one each that does not count."""
    with opened(device, shape, "bfloat16", precision == "w8a8") as engine:
        common = {
            "precision": precision,
            "weight_bytes": engine.weight_bytes(),
            "kv_bytes": engine.kv_bytes(1, INPUT + OUTPUT // 2),
        }
        for number in range(repeats + 1):
            decode = contenders.of_run(time_run(engine, 1, INPUT, OUTPUT, "detail", seed=0))
            times = {"tpot_s": decode["tpot_s"], "score_s": score_seconds(engine)}
            if number > 0:
                yield {**common, "round": number, **times}


def score_seconds(engine: Engine) -> float:
    ids = contenders.prompt(PREFIX + SUFFIX * QUESTIONS, engine.config.vocab_size)
    prefix, rest = ids[:PREFIX], ids[PREFIX:]
    suffixes = [rest[begin : begin + SUFFIX] for begin in range(0, len(rest), SUFFIX)]
    engine.device.synchronise()
    start = time.perf_counter()
    engine.score(prefix, suffixes, [10, 11, 12, 13])
    return time.perf_counter() - start


def score_flops(config: ModelConfig) -> float:
    """Multiplications and additions of a scoring run: every linear for every token, a head row a question, and
    q k^T and the product with v for every key that a query sees."""
    tokens = PREFIX + SUFFIX * QUESTIONS
    linears = sum(
        rows * columns
        for name, (rows, *others) in tensor_shapes(config).items()
        for columns in others
        if name.startswith("model.layers.")
    )
    seen = triangle(PREFIX) + QUESTIONS * (SUFFIX * PREFIX + triangle(SUFFIX))
    attention = 2 * config.hidden_size * seen * config.num_hidden_layers
    return 2.0 * (linears * tokens + config.vocab_size * config.hidden_size * QUESTIONS + attention)


def triangle(count: int) -> int:
    return count * (count + 1) // 2


def copy_rate(device, repeats: int) -> float:
    """Measured bytes read and written per second of a copy within the card's memory."""
    data = torch.ones(COPIED, dtype=torch.uint8, device=device.torch_device)
    copy = torch.empty_like(data)
    return 2 * COPIED / device.median_seconds(lambda: copy.copy_(data), repeats)


def matrix_rate(device, repeats: int) -> float:
    """Measured FLOP/s of a large bfloat16 product."""
    a, b = (torch.randn(MATRIX, MATRIX, device=device.torch_device, dtype=torch.bfloat16) for _ in range(2))
    return 2 * MATRIX**3 / device.median_seconds(lambda: a @ b, repeats)


def opened(device: str, shape: str, dtype: str, quantized: bool, max_seq_len: int | None = None):
    """The engine for random weights, after the last one's memory is given back."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    return open_engine(Settings(device, dtype, max_seq_len), f"random:{shape}", Path("w8a8") if quantized else None)


# ---- tables ----------------------------------------------------------------------------------------------------


def device_facts(device) -> dict[str, str]:
    return {
        "card": device.device_name(),
        "card's memory": f"{torch.cuda.get_device_properties(device.torch_device).total_memory / 2**30:.1f} GiB",
        "cuda": str(torch.version.cuda),
        "triton": harness.version("triton"),
    }


def limits_table(limits: Limits) -> pandas.DataFrame:
    rows = [
        ("reading 2 GiB, GB/s", limits["read"] / 1e9),
        ("copying 2 GiB, read and written, GB/s", limits["copy"] / 1e9),
        (f"bfloat16 product of {MATRIX} x {MATRIX}, TFLOP/s", limits["matrix"] / 1e12),
    ]
    return pandas.DataFrame([(name, f"{value:.1f}") for name, value in rows], columns=["the card itself", "measured"])


def decode_table(runs: pandas.DataFrame, limits: Limits) -> pandas.DataFrame:
    rows = []
    for precision, group in runs.groupby("precision", sort=False):
        achieved = (group.weight_bytes + group.kv_bytes) / group.tpot_s
        rows.append(
            {
                f"decode, batch 1, {INPUT} tokens in, {OUTPUT} out": precision,
                "weights read, GB": f"{group.weight_bytes.iloc[0] / 1e9:.3f}",
                "keys and values, GB": f"{group.kv_bytes.iloc[0] / 1e9:.3f}",
                "TPOT ms": harness.spread(group.tpot_s * 1e3, "{:.3f}"),
                "GB/s": f"{achieved.median() / 1e9:.1f}",
                "of read bandwidth": harness.spread(achieved / limits["read"], "{:.2f}"),
                "of copy bandwidth": harness.spread(achieved / limits["copy"], "{:.2f}"),
            }
        )
    return pandas.DataFrame(rows)


def score_table(runs: pandas.DataFrame, limits: Limits, config: ModelConfig) -> pandas.DataFrame:
    rows = []
    for precision, group in runs.groupby("precision", sort=False):
        achieved = score_flops(config) / group.score_s
        rows.append(
            {
                f"scoring, {QUESTIONS} x {SUFFIX} tokens behind {PREFIX}": precision,
                "seconds": harness.spread(group.score_s, "{:.3f}"),
                "questions/s": f"{QUESTIONS / statistics.median(group.score_s):.1f}",
                "TFLOP/s": f"{achieved.median() / 1e12:.1f}",
                "of bfloat16 matrix rate": harness.spread(achieved / limits["matrix"], "{:.2f}"),
            }
        )
    return pandas.DataFrame(rows)


if __name__ == "__main__":
    cli.run(main)
