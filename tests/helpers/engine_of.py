"""What an engine of each dtype takes and gives, in a process of its own, so that another processor can be asked, too.

python -m helpers.engine_of CPUINFO
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import replace
from pathlib import Path

import torch

from baichuan2 import host
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.model.sizes import SHAPES
from helpers.models import ALIBI

DTYPES = ("float32", "bfloat16", "float16", "auto")
PROMPT = [5 + (7 * k) % 300 for k in range(40)]


def answer(requested: str, quant: str | None) -> dict:
    """The dtype, the linears' class, the environment of a decode step, and the largest error of a logit against
    float64, of the largest logit: of a prompt and of a next token.
    """
    shape = "random:published" if requested == "auto" else "random:tiny"
    with open_engine(Settings("cpu", requested, 64), shape, quant) as engine:
        exact = torch.tensor(engine.score_exactly([PROMPT]))
        cache = engine.cache_for(1, 64)
        errors = [engine.prefill(cache, [PROMPT]) - exact]
        engine.prefill(cache, [PROMPT[:-1]])
        decoder = engine.model.decoder(cache, [39])
        decoder.prepare()
        errors.append(decoder.step(PROMPT[-1:]) - exact)
        linear, environment = engine.model.parts[0].qkv, engine.environment()
        return {
            "requested": requested,
            "error": max(part.abs().max().item() for part in errors) / exact.abs().max().item(),
            "linears": f"{type(linear).__name__}{' in halves' if getattr(linear, 'in_halves', False) else ''}",
            **{key: environment[key] for key in ("precision", "dtype", "decode", "head", "kv_cache")},
        }


def main(cpuinfo: Path) -> None:
    """Print a list of `answer`s; CPUINFO: what is taken for this processor's."""
    host.CPUINFO = cpuinfo
    logging.basicConfig(level="INFO", stream=sys.stderr, format="%(message)s")
    SHAPES["tiny"], SHAPES["published"] = ALIBI, replace(ALIBI, dtype="bfloat16")
    print(json.dumps([answer(dtype, quant) for dtype in DTYPES for quant in (None, "w8a8")]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
