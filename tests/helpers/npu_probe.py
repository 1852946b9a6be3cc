"""Run by test_npu.py on the fake CANN: a random model on the npu and on the CPU, and what was called.

usage: npu_probe.py OUT.pt: for the chip of FAKE_NPU_SOC, {case: {"npu": logits of each step, "cpu": the same,
"prefill": calls, "decode": calls of one step, ...}}; calls are [(layer or None, operator)], see `recorded`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import torch
from fake_cann import references

from baichuan2.devices import open_device
from baichuan2.devices.ascend import UNKNOWN, soc_of
from baichuan2.engine.engine import Engine, Settings
from baichuan2.engine.weights import RandomWeights
from baichuan2.model.sizes import ModelConfig
from baichuan2.ranks.collectives import Ranks
from helpers.models import RandomDynamic

ALIBI = ModelConfig(544, 192, 256, 3, 12, model_max_length=128, position_embedding="alibi", dtype="float32")
ROPE = replace(ALIBI, position_embedding="rope")
WEIGHTS = {
    "float": lambda config: partial(RandomWeights, config, False),
    "w8a8": lambda config: partial(RandomWeights, config, True),
    "dynamic": lambda config: partial(RandomDynamic, config),
}
PROMPTS = {1: (21,), 2: (21, 14), 3: (9, 9, 9)}  # batch: lengths
STEPS = 3


def engine_of(device: str, config: ModelConfig, precision: str, dtype: str, graph: str = "auto") -> Engine:
    weights = WEIGHTS[precision](config)
    return Engine(config, weights, None, open_device(device), Ranks(), Settings(device, dtype, 128, graph=graph))


def logits_of(engine: Engine, batch: int, on_part: Callable[[str], None] = lambda part: None) -> list[torch.Tensor]:
    """Logits after the prompts and after each of STEPS fixed tokens, as float32 on the CPU."""
    ids = [[3 + (7 * k + 5 * row) % 500 for k in range(length)] for row, length in enumerate(PROMPTS[batch])]
    cache = engine.cache_for(batch, 128)
    found = [engine.prefill(cache, ids).cpu().clone()]
    on_part("prefill")
    decoder = engine.model.decoder(cache, [len(prompt) for prompt in ids])
    for step in range(STEPS):
        torch.npu.synchronize()
        on_part("between")
        decoder.prepare()
        logits = decoder.step([11 + step + row for row in range(batch)])
        engine.device.most_likely(logits)
        on_part("decode")
        found.append(logits.cpu().clone())  # the CPU's next step overwrites its own
    return found


def recorded(engine: Engine) -> tuple[Callable[[str], None], dict]:
    """Number the calls of each layer: what is kept of each part of `logits_of` is [(layer or None, operator)]."""
    marks: list[tuple[int, int]] = []  # (layer, where its calls begin), and -1 behind the last
    kept: dict = {}

    def watched(layer: Callable, index: int) -> Callable:
        def call(*arguments):
            torch.npu.synchronize()  # with a task queue, calls come later
            marks.append((index, len(references.calls)))
            result = layer(*arguments)
            torch.npu.synchronize()
            marks.append((-1, len(references.calls)))
            return result

        return call

    engine.model.layers = [watched(layer, index) for index, layer in enumerate(engine.model.layers)]

    def keep(part: str) -> None:
        torch.npu.synchronize()
        names = [(None, name.removeprefix("aclnn")) for name in references.calls]
        for (layer, begin), (_, end) in zip(marks[::2], marks[1::2], strict=True):
            names[begin:end] = [(layer, name) for _, name in names[begin:end]]
        kept[part], kept[f"{part} copies"] = names, references.copies()
        marks.clear()
        references.clear()

    return keep, kept


def packed(config: ModelConfig, precision: str) -> dict:
    """Prompts behind a shared prefix, scored and answered; how far the best token leads is asked too."""
    found = {}
    ids = [3 + (7 * k) % 500 for k in range(40)]
    for name, dtype in (("npu", "float16"), ("cpu", "float32")):
        engine = engine_of(name, config, precision, dtype)
        leads: list[float] = []
        scores = engine.score(ids[:9], [ids[9:20], ids[20:23], ids[23:40]], [7, 8, 9])
        answers = engine.generate([ids[9:20], ids[20:23]], 5, prefix=ids[:9], on_leads=leads.extend)
        assert min(leads) >= 0
        found[name] = [torch.tensor(scores)]
        found[f"{name} answers"] = answers
    return found


def run(config: ModelConfig, precision: str, dtype: str, batch: int, graph: str = "auto") -> dict:
    npu = engine_of("npu", config, precision, dtype, graph)
    references.clear()
    keep, kept = recorded(npu) if graph != "capture" else (lambda part: None, {})
    ours = logits_of(npu, batch, keep)
    again = logits_of(npu, batch) if graph == "capture" else ours
    assert all(torch.equal(a, b) for a, b in zip(ours, again, strict=True))
    return kept | {"npu": ours, "cpu": logits_of(engine_of("cpu", config, precision, "float32"), batch)}


def cases(soc: str) -> dict[str, Callable[[], dict]]:
    """Everything that this chip can do."""
    found, new = {}, soc_of(soc).token_scale
    static = ("float",) if soc_of(soc) is UNKNOWN else ("float", "w8a8")
    for name, config in (("13b", ALIBI), ("7b", ROPE)):
        for precision in (*static, "dynamic"):
            for dtype in ("float16", "bfloat16"):
                if not new and (precision == "dynamic" or dtype == "bfloat16"):
                    continue
                for batch in PROMPTS:
                    found[f"{name} {precision} {dtype} {batch}"] = partial(run, config, precision, dtype, batch)
    for name, config in (("13b", ALIBI), ("7b", ROPE)):
        for precision in static:
            found[f"{name} {precision} float16 packed"] = partial(packed, config, precision)
    # With a task queue torch_npu waits, while a graph is captured, for operators without letting Python run, in which
    # the fake card's are.
    for precision in static if new and os.environ.get("TASK_QUEUE_ENABLE") == "0" else ():
        found[f"13b {precision} float16 2 captured"] = partial(run, ALIBI, precision, "float16", 2, "capture")
    return found


def main() -> None:
    out = sys.argv[1]
    with torch.inference_mode():
        soc = torch.npu.get_device_name(0)
        torch.save({name: case() for name, case in cases(soc).items()}, out)


if __name__ == "__main__":
    main()
