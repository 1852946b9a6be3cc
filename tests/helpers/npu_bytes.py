"""Run by test_npu.py on the fake CANN, which counts and computes nothing: the bytes of Baichuan2-13B's steps.

usage: npu_bytes.py: for the chip of FAKE_NPU_SOC, a line of JSON for each kind of weights and step: "least", and
"moved", which is {operator: bytes}, of all layers. They are those of the first layer, and of the next one again and
again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import prod

import torch
from fake_cann import references
from npu_shapes import Shapes

from baichuan2.devices.ascend import soc_of
from baichuan2.devices.npu import NpuDevice
from baichuan2.engine.engine import Engine, Settings
from baichuan2.model.sizes import SHAPES, linear_names, tensor_shapes
from baichuan2.ranks.collectives import Ranks

# The norm of NormHead's rows is in the weights before a step: without it they load sooner, and are as large.
MODEL = replace(SHAPES["baichuan2-13b"], norm_head=False)
SLOTS = 4096  # of the cache
PROMPT = 500
FILLED = {"1 sequence of 1100 tokens": [1100], "4 sequences of 800 to 1100": [1100, 1000, 900, 800]}


def engine_of(device: NpuDevice, quantized: bool, dtype: str, graph: str) -> Engine:
    config = replace(MODEL, num_hidden_layers=2)
    weights = partial(Shapes, config, quantized, getattr(torch, dtype))
    return Engine(config, weights, None, device, Ranks(), Settings("npu", dtype, SLOTS, graph=graph))


def counted(work: Callable[[], object]) -> dict[str, int]:
    torch.npu.synchronize()
    references.clear()
    work()
    torch.npu.synchronize()
    return {name.removeprefix("aclnn"): moved for name, moved in references.moved.items()}


def decode(engine: Engine, lengths: list[int]) -> dict[str, int]:
    """The second step, after which the sequences have these lengths: the first one captures a graph, if any."""
    cache = engine.model.cache(len(lengths), SLOTS)
    decoder = engine.model.decoder(cache, [length - 2 for length in lengths])

    def step() -> None:
        decoder.prepare()
        engine.device.most_likely(decoder.step([5] * len(lengths), best=1))

    step()
    return counted(step)


def prefill(engine: Engine) -> dict[str, int]:
    """The second prompt's: the first one makes what all share."""
    cache = engine.model.cache(1, SLOTS)
    engine.prefill(cache, [[5] * PROMPT])
    return counted(lambda: engine.prefill(cache, [[5] * PROMPT]))


def of_all_layers(engine: Engine, work: Callable[[Engine], dict[str, int]]) -> dict[str, int]:
    """From what a model of the first layer and one of both layers move."""
    layers = engine.model.layers
    engine.model.layers = layers[:1]
    first = work(engine)
    engine.model.layers = layers
    both, more = work(engine), MODEL.num_hidden_layers - 1
    return {name: first.get(name, 0) + more * (both[name] - first.get(name, 0)) for name in both}


def least(quantized: bool, tokens: int) -> int:
    """Weights once, without the embeddings, and keys and values of so many tokens once."""
    linears = {f"{name}.weight" for name in linear_names(MODEL)}
    sizes = {name: prod(shape) for name, shape in tensor_shapes(MODEL).items() if "embed_tokens" not in name}
    weights = sum(size * (1 if quantized and name in linears else 2) for name, size in sizes.items())
    return weights + 2 * 2 * MODEL.num_hidden_layers * MODEL.hidden_size * tokens


def main() -> None:
    chip = soc_of(torch.npu.get_device_name(0))
    dtypes = ("float16", "bfloat16") if chip.attention else ("float16",)
    with torch.inference_mode():
        device = NpuDevice(0)
        for quantized in (False, True):
            for dtype in dtypes:
                engine = engine_of(device, quantized, dtype, "eager")
                report = partial(line, chip.name, quantized, dtype)
                for what, lengths in FILLED.items():
                    report(f"decode, {what}", sum(lengths), of_all_layers(engine, partial(decode, lengths=lengths)))
                report(f"prefill, {PROMPT} tokens", PROMPT, of_all_layers(engine, prefill))
                if not chip.attention:
                    continue
                engine = engine_of(device, quantized, dtype, "capture")
                for what, lengths in FILLED.items():
                    moved = of_all_layers(engine, partial(decode, lengths=lengths))
                    report(f"decode in a graph, {what}", sum(lengths), moved)


def line(chip: str, quantized: bool, dtype: str, step: str, tokens: int, moved: dict[str, int]) -> None:
    weights = f"{'W8A8' if quantized else 'float'}, {dtype}"
    record = {"chip": chip, "weights": weights, "step": step, "least": least(quantized, tokens), "moved": moved}
    print(json.dumps(record), flush=True)


if __name__ == "__main__":
    main()
