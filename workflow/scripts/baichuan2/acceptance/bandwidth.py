"""The item that measures what decode is bound by: reading, and the time of one linear as a share of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial

from baichuan2.acceptance.ascend import in_nd
from baichuan2.acceptance.rows import Check, Found, Options, noted
from baichuan2.acceptance.trial import Trial, named, trial_of


def bandwidth(options: Options) -> Iterator[Check]:
    trial = trial_of(options)
    device, hidden, dtype = trial.device, trial.sizes.hidden, trial.dtypes[0]
    read = device.read_bandwidth(2**22 if trial.quick else 2**30)
    yield Check("reading", lambda: noted(**{"GB/s": read / 1e9}))
    layer, weight = trial.linear(3 * hidden, hidden), trial.normal(3 * hidden, hidden, dtype=dtype)
    ways = {
        "w8a8": (lambda: device.int8_linear(layer, dtype), layer.weight.nbytes),
        named(dtype): (lambda: device.linear(weight), weight.nbytes),
    }
    if device.name == "npu":
        ways["w8a8, weights in ND"] = (lambda: in_nd(device).int8_linear(layer, dtype), layer.weight.nbytes)
    for name, (make, size) in ways.items():
        what = f"linear [1, {hidden}] x [{hidden}, {3 * hidden}], {name}"
        yield Check(what, partial(share, trial, make, size, read))


def share(trial: Trial, make: Callable[[], Callable], size: int, read: float) -> Found:
    """ms of one linear, over so many copies of its weights that no cache holds them, and the bandwidth in that."""
    copies = [make() for _ in range(2 if trial.quick else math.ceil(2**30 / size))]
    (x,) = trial.there(trial.normal(1, trial.sizes.hidden, dtype=trial.dtypes[0]))

    def apply() -> None:
        for linear in copies:
            linear(x)

    repeats = 3 if trial.quick else 11
    seconds = [trial.device.median_seconds(apply, 1) / len(copies) for _ in range(repeats)]
    return noted(ms=[1e3 * s for s in seconds], **{"of the bandwidth": [size / s / read for s in seconds]})
