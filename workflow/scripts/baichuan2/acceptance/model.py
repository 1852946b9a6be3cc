"""Items that run a whole model: they compare logits and answers with float64 on the CPU, and decode as a graph."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import torch
from torch import Tensor

from baichuan2.acceptance.rows import Check, NotHereError, Options, Outcome, judge, note, relative, same_bits, within
from baichuan2.acceptance.trial import Trial, dtype_name, trial_of
from baichuan2.devices.base import Device, Replay
from baichuan2.engine.engine import Engine, Settings, open_engine
from baichuan2.engine.exact import exact_scores
from baichuan2.engine.steps import GraphedSteps
from baichuan2.engine.weights import RandomWeights, Weights, float_weights, quant_weights
from baichuan2.model.directory import read_model
from baichuan2.model.prompts import read_prompts
from baichuan2.model.sizes import ModelConfig, named_shape
from baichuan2.ranks.collectives import Ranks

SMALL = ModelConfig(1024, 640, 1024, 3, 5, model_max_length=256, position_embedding="alibi", dtype="float32")
PROMPTS = [[3 + (7 * k + 5 * row) % 1000 for k in range(length)] for row, length in enumerate((21, 14))]
STEPS = 3
# Relative to the largest logit; random int8 weights saturate their inputs, which shows every rounding.
LOGIT_BOUNDS = {torch.float16: 3e-3, torch.bfloat16: 2e-2, torch.float32: 1e-5}
W8A8_BOUND = 0.15
DEMO_PROMPTS = 5


def bound_of(precision: str, dtype: torch.dtype) -> float:
    return LOGIT_BOUNDS[dtype] if precision == "float" else W8A8_BOUND


# ---- a whole model ---------------------------------------------------------------------------------------------


def model(options: Options) -> Iterator[Check]:
    """Compare a random model's logits on the device and the demo's answers with float64."""
    trial = trial_of(options)
    for precision in ("float", "w8a8"):
        for dtype in trial.dtypes:
            what = f"{precision} {dtype_name(dtype)}: logits after 2 prompts and {STEPS} steps, against float64"
            yield Check(what, partial(logits_differ, trial.device, precision, dtype))
    name = dtype_name(trial.dtypes[0])
    for precision in ("float", "w8a8"):
        what = f"{precision} {name}: the demo's answers to {DEMO_PROMPTS} prompts, against float64"
        yield Check(what, partial(demo_answers, options, precision, name))


def logits_differ(device: Device, precision: str, dtype: torch.dtype) -> Outcome:
    result, expected = logits_of(random_engine(device, SMALL, precision, dtype)), exact_logits(precision)
    prefill, steps = relative(result[0], expected[0]), relative(result[1:], expected[1:])
    bound = bound_of(precision, dtype)
    return judge(max(prefill, steps) <= bound, prefill=prefill, decode=steps, bound=bound)


def random_engine(
    device: Device, config: ModelConfig, precision: str, dtype: torch.dtype, graph: str = "auto"
) -> Engine:
    weights = partial(RandomWeights, config, precision == "w8a8")
    settings = Settings(device.name, dtype_name(dtype), config.model_max_length, graph=graph)
    with torch.inference_mode():
        return Engine(config, weights, None, device, Ranks(), settings)


def step_tokens(step: int) -> list[int]:
    """The fixed token that a decode step feeds to each prompt's row, whatever the logits are."""
    return [11 + step + row for row in range(len(PROMPTS))]


@torch.inference_mode()
def logits_of(engine: Engine, seconds: list[float] | None = None, steps: int = STEPS) -> Tensor:
    """Logits after the prompts and after each of some fixed tokens, float32 [1 + steps, B, V], on the CPU.

    seconds: receives the time of each step.
    """
    kv_cache = engine.cache_for(len(PROMPTS), engine.max_seq_len)
    outputs = [engine.prefill(kv_cache, PROMPTS).cpu().clone()]
    decoder = engine.model.decoder(kv_cache, [len(prompt) for prompt in PROMPTS])
    for step in range(steps):
        engine.device.synchronise()
        start = time.perf_counter()
        decoder.prepare()
        logits = decoder.step(step_tokens(step))
        engine.device.synchronise()
        if seconds is not None:
            seconds.append(time.perf_counter() - start)
        outputs.append(logits.cpu().clone())  # the next step may overwrite them
    return torch.stack(outputs)


@cache
def exact_logits(precision: str) -> Tensor:
    """What logits_of gives for SMALL, computed in float64: [1 + STEPS, B, V]."""
    tokens = [
        prompt + [step_tokens(step)[row] for step in range(steps)]
        for steps in range(1 + STEPS)
        for row, prompt in enumerate(PROMPTS)
    ]
    scores = exact_scores(SMALL, RandomWeights(SMALL, precision == "w8a8"), tokens)
    return torch.tensor(scores, dtype=torch.float64).view(1 + STEPS, len(PROMPTS), -1)


def demo_answers(options: Options, precision: str, dtype: str) -> Outcome:
    """Compare each prompt's next token; "least lead", from the best score to the second best, shows a near tie."""
    is_int8 = precision == "w8a8"
    quant, known_quant = (options.quant, options.known_quant) if is_int8 else (None, None)
    if options.model is None or options.prompts is None or (is_int8 and quant is None):
        raise NotHereError("the demo is not configured, and a larger model takes a CPU too long in float64")
    if options.known_model and options.device == "cpu":
        raise NotHereError("a larger model that computes the demo is for cards; on a CPU run rehearsal")
    with open_engine(Settings(options.device, dtype), options.model, quant) as engine:
        assert engine.tokenizer is not None  # only a random model has none
        prompts = read_prompts(options.prompts)[:DEMO_PROMPTS]
        tokens = [prompt.encode(engine.tokenizer, "raw", engine.max_seq_len) for prompt in prompts]
        answers = [engine.generate([ids], 1, stop_ids=())[0][0] for ids in tokens]
    scores = demo_scores(options.known_model or options.model, known_quant or quant, tokens)
    best = torch.tensor(scores, dtype=torch.float64).topk(2)
    same = sum(answer == exact for answer, exact in zip(answers, best.indices[:, 0].tolist(), strict=True))
    least_lead = (best.values[:, 0] - best.values[:, 1]).min().item()
    return judge(same == len(answers), same=same, of=len(answers), **{"least lead": least_lead})


@torch.inference_mode()
def demo_scores(model: Path, quant: Path | None, tokens: list[list[int]]) -> list[list[float]]:
    """Logits [B, V] of all tokens after each prompt, in float64."""
    config = read_model(model)
    weights: Weights = float_weights(model, config, 0, 1) if quant is None else quant_weights(quant, 0, 1)
    with weights.held():
        return exact_scores(config, weights, tokens)


# ---- decode as a graph -----------------------------------------------------------------------------------------


def graph(options: Options) -> Iterator[Check]:
    """engine.graph capture: compare captured steps with the same steps run eagerly and with steps by their parts."""
    trial = trial_of(options)
    trial.need_graphs()
    config, steps = (SMALL, 2 * STEPS) if trial.quick else (named_shape("baichuan2-0.4b"), 32)
    dtype = trial.dtypes[0]
    for precision in ("float", "w8a8"):
        gc.collect()
        logits, seconds = steps_by_way(trial, config, precision, steps)
        name = f"{precision} {dtype_name(dtype)}, {len(PROMPTS)} sequences"
        yield Check(
            f"{name}: captured steps against the same steps run eagerly, to the bit",
            partial(same_bits, logits["captured"], logits["eager"]),
        )
        yield Check(
            f"{name}: captured steps against steps by their parts",
            partial(within, logits["captured"], logits["parts"], bound_of(precision, dtype)),
        )
        yield Check(f"{name}: ms of a step", partial(step_times, seconds))


def steps_by_way(trial: Trial, config: ModelConfig, precision: str, steps: int) -> tuple[dict, dict]:
    """{way: logits_of} and {way: seconds of each step} of captured, eager and parts, by one engine."""
    engine = random_engine(trial.device, config, precision, trial.dtypes[0], "capture")
    ways = {"captured": engine.model.fused, "eager": GraphedSteps(engine.model, _no_capture), "parts": None}
    logits = {}
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for way, engine.model.fused in ways.items():
        logits[way] = logits_of(engine, seconds[way], steps)
    return logits, seconds


def _no_capture(function: Callable[[], None]) -> Replay:
    """Capture nothing, so that the step's own operators run every time."""
    return lambda filled: function()


def step_times(seconds: dict[str, list[float]]) -> Outcome:
    """Leave out the first step, in which a graph is captured."""
    return note(**{way: [1e3 * second for second in times[1:]] for way, times in seconds.items()})
