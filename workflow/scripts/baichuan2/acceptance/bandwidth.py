"""The item that measures the read bandwidth, which bounds decode, and the share of it that one linear reaches."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial

from baichuan2.acceptance.ascend import in_nd
from baichuan2.acceptance.rows import Check, Options, Outcome, note
from baichuan2.acceptance.trial import Trial, dtype_name, trial_of
from baichuan2.devices.base import Device


def bandwidth(options: Options) -> Iterator[Check]:
    trial = trial_of(options)
    device, hidden, dtype = trial.device, trial.sizes.hidden, trial.dtypes[0]
    read = device.read_bandwidth(2**22 if trial.quick else 2**30)
    yield Check("reading", lambda: note(**{"GB/s": read / 1e9}))
    layer, weight = trial.linear(3 * hidden, hidden), trial.normal(3 * hidden, hidden, dtype=dtype)
    ways = {
        "w8a8": (lambda: device.int8_linear(layer, dtype), layer.weight.nbytes),
        dtype_name(dtype): (lambda: device.linear(weight), weight.nbytes),
    }
    if device.name == "npu":
        ways["w8a8, weights in ND"] = (lambda: in_nd(device).int8_linear(layer, dtype), layer.weight.nbytes)
    if device.multiple > 1:  # its products may re-lay their weight where rows are no multiple of it
        ways[f"{dtype_name(dtype)}, of one row"] = (lambda: Device.linear(device, weight), weight.nbytes)
    for name, (make, size) in ways.items():
        what = f"linear [1, {hidden}] x [{hidden}, {3 * hidden}], {name}"
        yield Check(what, partial(linear_share, trial, make, size, read))


def linear_share(trial: Trial, make: Callable[[], Callable], size: int, read: float) -> Outcome:
    """Time one linear over so many copies of its weights that no cache holds them; read: the device's bytes/s."""
    copies = [make() for _ in range(2 if trial.quick else math.ceil(2**30 / size))]
    (x,) = trial.to_device(trial.normal(1, trial.sizes.hidden, dtype=trial.dtypes[0]))

    def apply() -> None:
        for linear in copies:
            linear(x)

    repeats = 3 if trial.quick else 11
    seconds = [trial.device.median_seconds(apply, 1) / len(copies) for _ in range(repeats)]
    return note(ms=[1e3 * s for s in seconds], **{"of the bandwidth": [size / s / read for s in seconds]})
