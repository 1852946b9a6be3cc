"""Items of first_day.py that run more than one operator: a model, the ranks, decode as a graph, and the bandwidth."""

from __future__ import annotations

import gc
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ascend_items import Card, card_of, named
from ascend_rows import FAIL, Check, Found, NotHereError, Options, judged, noted, relative, same_bits, within
from baichuan2.devices import open_device
from baichuan2.engine.engine import Engine, Settings, open_engine
from baichuan2.engine.steps import GraphedSteps
from baichuan2.engine.weights import RandomWeights
from baichuan2.model.directory import read_model
from baichuan2.model.prompts import read_prompts
from baichuan2.model.sizes import ModelConfig, named_shape
from baichuan2.ranks.collectives import Ranks
from harness import ROOT

SMALL = ModelConfig(1024, 640, 1024, 3, 5, model_max_length=256, position_embedding="alibi", dtype="float32")
PROMPTS = [[3 + (7 * k + 5 * row) % 1000 for k in range(length)] for row, length in enumerate((21, 14))]
STEPS = 3
# Of logits, over the largest: random int8 weights saturate their inputs, which shows every step of rounding.
BOUNDS = {("float", torch.float16): 3e-3, ("float", torch.bfloat16): 2e-2}
W8A8_BOUND = 0.15
DEMO_PROMPTS, DEMO_TOKENS, DEMO_WIDTH = 5, 1, 1024  # a wider model is not the demo, and takes a CPU too long
RANKS_TIMEOUT_S = 600


# ---- a whole model ---------------------------------------------------------------------------------------------


def model(options: Options) -> Iterator[Check]:
    """A random model's logits on the card against the CPU's in float32, and the demo's answers."""
    card = card_of(options)
    for precision in ("float", "w8a8"):
        for dtype in card.dtypes:
            what = (
                f"{precision} {named(dtype)}: logits after 2 prompts and {STEPS} steps, against the CPU's in float32"
            )
            yield Check(what, partial(logits_differ, precision, dtype))
    for what, quant in (("float", None), ("w8a8", options.results / "quant")):
        name = f"{what} float16: the demo's answers to {DEMO_PROMPTS} prompts, against the CPU's"
        yield Check(name, partial(demo_answers, options.results / "model", quant))


def logits_differ(precision: str, dtype: torch.dtype) -> Found:
    found = logits_of(random_engine("npu", SMALL, precision, named(dtype)))
    expected = logits_of(random_engine("cpu", SMALL, precision, "float32"))
    prefill, steps = relative(found[0], expected[0]), relative(found[1:], expected[1:])
    bound = BOUNDS.get((precision, dtype), W8A8_BOUND)
    return judged(max(prefill, steps) <= bound, prefill=prefill, decode=steps, bound=bound)


def random_engine(device: str, config: ModelConfig, precision: str, dtype: str, graph: str = "auto") -> Engine:
    weights = partial(RandomWeights, config, precision == "w8a8")
    settings = Settings(device, dtype, config.model_max_length, graph=graph)
    with torch.inference_mode():
        return Engine(config, weights, None, open_device(device), Ranks(), settings)


@torch.inference_mode()
def logits_of(engine: Engine, seconds: list[float] | None = None, steps: int = STEPS) -> Tensor:
    """Logits after the prompts and after each of some fixed tokens, float32 [1 + steps, B, V], on the CPU.

    seconds: gets the time of each step.
    """
    cache = engine.cache_for(len(PROMPTS), engine.max_seq_len)
    found = [engine.prefill(cache, PROMPTS).cpu().clone()]
    decoder = engine.model.decoder(cache, [len(prompt) for prompt in PROMPTS])
    for step in range(steps):
        engine.device.synchronise()
        start = time.perf_counter()
        decoder.prepare()
        logits = decoder.step([11 + step + row for row in range(len(PROMPTS))])
        engine.device.synchronise()
        if seconds is not None:
            seconds.append(time.perf_counter() - start)
        found.append(logits.cpu().clone())  # the next step may overwrite them
    return torch.stack(found)


def demo_answers(model: Path, quant: Path | None) -> Found:
    """Greedy answers. Where one differs, look at the least lead: by how little the CPU's best token was ahead."""
    for path in filter(None, (model, quant)):
        if not (path / "manifest.json").is_file():
            raise NotHereError(f"{path} is not made: run snakemake quantize with the demo first")
    if read_model(model).hidden_size > DEMO_WIDTH:
        raise NotHereError(f"{model} is not the demo, and too large to be held against a CPU")
    on_both = (("npu", "float16"), ("cpu", "float32"))
    (found, _), (expected, leads) = (answers(device, dtype, model, quant) for device, dtype in on_both)
    same = sum(ours == theirs for ours, theirs in zip(found, expected, strict=True))
    return judged(same == len(expected), same=same, of=len(expected), **{"least lead": min(leads)})


def answers(device: str, dtype: str, model: Path, quant: Path | None) -> tuple[list[list[int]], list[float]]:
    """New tokens of each prompt, and on the CPU the leads of every best token."""
    asked = read_prompts(ROOT / "resources" / "demo" / "calibration.jsonl")[:DEMO_PROMPTS]
    leads: list[float] = []
    with open_engine(Settings(device, dtype), model, quant) as engine:
        tokens = [prompt.encode(engine.tokenizer, "raw", engine.max_seq_len) for prompt in asked]
        on_leads = leads.extend if device == "cpu" else None
        return [engine.generate([ids], DEMO_TOKENS, on_leads=on_leads)[0] for ids in tokens], leads


# ---- ranks -----------------------------------------------------------------------------------------------------


def hccl(options: Options) -> Iterator[Check]:
    """ascend_ranks.py on all cards: the collectives of the cut model, and how fast the one of every layer is."""
    cards = torch.npu.device_count()
    if cards < 2:
        raise NotHereError(f"{cards} card: collectives need two")
    torch.npu.empty_cache()
    with tempfile.TemporaryDirectory(prefix="ranks-") as folder:
        launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(cards)]
        script = [Path(__file__).with_name("ascend_ranks.py"), folder, *(["--quick"] if options.quick else [])]
        ended, log = started([*launch, *map(str, script)])
        rows = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.json"))]
    if ended or len(rows) != cards:
        raise RuntimeError(f"torchrun ended with code {ended}: {_last_error(log)}")
    for of_ranks in zip(*rows, strict=True):
        yield Check(f"{cards} cards: {of_ranks[0]['what']}", partial(of_all, of_ranks))


def started(command: list[str]) -> tuple[int, str]:
    """The code and stderr of a command, which is ended with all its processes where it takes too long."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            _, log = process.communicate(timeout=RANKS_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise RuntimeError(f"the ranks took over {RANKS_TIMEOUT_S} s: one waits for another") from None
    return process.returncode, log


def _last_error(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if "Error" in line and "torch.distributed" not in line]
    return lines[-1] if lines else "no line says why"


def of_all(of_ranks: list[dict[str, Any]]) -> Found:
    """Rank 0's numbers, or those of the first rank on which it failed."""
    worst = next((row for row in of_ranks if row["verdict"] == FAIL), of_ranks[0])
    return Found(worst["verdict"], worst["numbers"])


# ---- decode as a graph -----------------------------------------------------------------------------------------


def graph(options: Options) -> Iterator[Check]:
    """engine.graph capture: captured steps against the same steps run eagerly, and against steps by their parts."""
    card = card_of(options)
    if not card.device.soc.cache_write:
        raise NotHereError(f"{card.device.soc.name} cannot write its cache in a graph")
    config, steps = (SMALL, 2 * STEPS) if card.quick else (named_shape("baichuan2-0.4b"), 32)
    for precision in ("float", "w8a8"):
        gc.collect()
        engine = random_engine("npu", config, precision, "float16", "capture")
        found, seconds = {}, {}
        for way, fused in (
            ("captured", engine.model.fused),
            ("eager", GraphedSteps(engine.model, _again)),
            ("parts", None),
        ):
            engine.model.fused, seconds[way] = fused, []
            found[way] = logits_of(engine, seconds[way], steps)
        name = f"{precision} float16, {len(PROMPTS)} sequences"
        yield Check(
            f"{name}: captured steps against the same steps run eagerly, to the bit",
            partial(same_bits, found["captured"], found["eager"]),
        )
        bound = BOUNDS.get((precision, torch.float16), W8A8_BOUND)
        yield Check(
            f"{name}: captured steps against steps by their parts, which hide by lengths",
            partial(within, found["captured"], found["parts"], bound),
        )
        yield Check(f"{name}: ms of a step", partial(step_times, seconds))


def _again(function: Callable[[], None]) -> Callable[[], None]:
    """Captures nothing: the step's own operators run every time."""
    return function


def step_times(seconds: dict[str, list[float]]) -> Found:
    """Without the first step, in which a graph is captured."""
    return noted(**{way: [1e3 * second for second in times[1:]] for way, times in seconds.items()})


# ---- bandwidth -------------------------------------------------------------------------------------------------


def bandwidth(options: Options) -> Iterator[Check]:
    """What decode is bound by: reading, and the time of one linear as a share of it."""
    card = card_of(options)
    read = card.device.read_bandwidth(2**22 if card.quick else 2**30)
    yield Check("reading", lambda: noted(**{"GB/s": read / 1e9}))
    hidden = card.sizes.hidden
    layer = card.linear(3 * hidden, hidden)
    weight = card.normal(3 * hidden, hidden, dtype=torch.float16)
    ways = {
        "w8a8, weights in ND": lambda: card.in_nd().int8_linear(layer, torch.float16),
        "float16": lambda: card.device.linear(weight),
    }
    if card.device.soc.nz:
        ways["w8a8, weights in NZ"] = lambda: card.device.int8_linear(layer, torch.float16)
    for name, make in ways.items():
        size = weight.numel() * (2 if name == "float16" else 1)
        yield Check(
            f"linear [1, {hidden}] x [{hidden}, {3 * hidden}], {name}", partial(share, card, make, size, read)
        )


def share(card: Card, make: Callable[[], Callable], size: int, read: float) -> Found:
    """ms of one linear, over so many copies of its weights that no cache holds them, and the bandwidth in that."""
    copies = [make() for _ in range(2 if card.quick else math.ceil(2**30 / size))]
    (x,) = card.npu(card.normal(1, card.sizes.hidden, dtype=torch.float16))
    times = []
    for _ in range(3 if card.quick else 11):
        card.device.synchronise()
        start = time.perf_counter()
        for apply in copies:
            apply(x)
        card.device.synchronise()
        times.append((time.perf_counter() - start) / len(copies))
    shares = [size / seconds / read for seconds in times[1:]]
    return noted(ms=[1e3 * seconds for seconds in times[1:]], **{"of the bandwidth": shares})
