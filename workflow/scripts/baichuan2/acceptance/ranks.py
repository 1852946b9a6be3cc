"""The item of the cut model's collectives, by the model's own calls: on all cards, or with two ranks on a CPU.

Under torchrun this module is one rank: python -m baichuan2.acceptance.ranks DEVICE FOLDER [--quick] writes what it
found to FOLDER/<rank>.json.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import torch

from baichuan2.acceptance import rows
from baichuan2.acceptance.rows import FAIL, Check, Found, NotHereError, Options, judged, noted, same_bits
from baichuan2.acceptance.trial import dtypes_of
from baichuan2.devices import open_device
from baichuan2.devices.base import Device
from baichuan2.files import write_json
from baichuan2.ranks.collectives import Ranks, ranks_of_launch

SCRIPTS = Path(__file__).resolve().parents[2]
TIMEOUT_S = 600
HIDDEN = 5120  # of 13B: what a decode step sums after every row-parallel linear
LARGE = 64 * 2**20  # bytes of a long prefill's sum
NUMBERS = torch.arange(1000)


def ranks(options: Options) -> Iterator[Check]:
    """Each rank's checks, told as one."""
    on_cpu = options.device == "cpu"
    count = 2 if on_cpu else getattr(torch, options.device).device_count()
    if count < 2:
        raise NotHereError(f"{count} card: collectives need two")
    if not on_cpu:
        getattr(torch, options.device).empty_cache()
    with tempfile.TemporaryDirectory(prefix="ranks-") as folder:
        launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count)]
        quick = ["--quick"] if options.quick else []
        ended, log = started([*launch, "--module", __name__, options.device, folder, *quick])
        of_ranks = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.json"))]
    if ended or len(of_ranks) != count:
        raise RuntimeError(f"torchrun ended with code {ended}: {_last_error(log)}")
    for found in zip(*of_ranks, strict=True):
        yield Check(f"{count} ranks: {found[0]['what']}", partial(of_all, found))


def started(command: list[str]) -> tuple[int, str]:
    """The code and stderr of a command, which is ended with all its processes where it takes too long."""
    paths = os.pathsep.join(filter(None, (str(SCRIPTS), os.environ.get("PYTHONPATH"))))
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True, env=os.environ | {"PYTHONPATH": paths}
    ) as process:
        try:
            _, log = process.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise RuntimeError(f"the ranks took over {TIMEOUT_S} s: one waits for another") from None
    return process.returncode, log


def _last_error(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if "Error" in line and "torch.distributed" not in line]
    return lines[-1] if lines else "no line says why"


def of_all(of_ranks: list[dict[str, Any]]) -> Found:
    """Rank 0's numbers, or those of the first rank on which it failed."""
    worst = next((row for row in of_ranks if row["verdict"] == FAIL), of_ranks[0])
    return Found(worst["verdict"], worst["numbers"])


# ---- one rank ----------------------------------------------------------------------------------------------


def checks(ranks: Ranks, device: Device, quick: bool) -> Iterator[Check]:
    there, dtypes = device.torch_device, dtypes_of(device)
    for dtype in dtypes:
        yield Check(f"all_reduce, sum of {str(dtype)[6:]}", partial(summed, ranks, there, dtype))
    yield Check("all_reduce, maximum of float32", partial(largest, ranks, there))
    yield Check(f"all_gather of {str(dtypes[0])[6:]}", partial(gathered, ranks, there, dtypes[0]))
    yield Check("broadcast_object_list", partial(from_first, ranks))
    for size in (2 * HIDDEN, 2**20 if quick else LARGE):
        values = torch.zeros(size // dtypes[0].itemsize, dtype=dtypes[0], device=there)
        yield Check(f"all_reduce of {size} bytes", partial(speed, ranks, device, values, 2 if quick else 20))


def summed(ranks: Ranks, there: torch.device, dtype: torch.dtype) -> Found:
    """Small integers, whose sums 16 bits hold exactly."""
    ours, total = NUMBERS % 3, ranks.world_size * (ranks.world_size + 1) // 2
    found = ranks.sum(((ranks.rank + 1) * ours).to(dtype).to(there))
    return same_bits(found.cpu(), (total * ours).to(dtype))


def largest(ranks: Ranks, there: torch.device) -> Found:
    """Another rank has the largest number at every place."""
    of_ranks = [((7 * NUMBERS + 5 * rank) % 11).float() for rank in range(ranks.world_size)]
    found = ranks.largest(of_ranks[ranks.rank].to(there))
    return same_bits(found.cpu(), torch.stack(of_ranks).amax(0))


def gathered(ranks: Ranks, there: torch.device, dtype: torch.dtype) -> Found:
    of_ranks = [(NUMBERS.view(10, 100) + 1000 * rank % 2048).to(dtype) for rank in range(ranks.world_size)]
    return same_bits(ranks.gather(of_ranks[ranks.rank].to(there)).cpu(), torch.cat(of_ranks, dim=-1))


def from_first(ranks: Ranks) -> Found:
    found = ranks.from_first({"答案": [ranks.rank, 0.5]})
    return judged(found == {"答案": [0, 0.5]}, found=str(found))


def speed(ranks: Ranks, device: Device, values: torch.Tensor, calls: int) -> Found:
    """Bytes of the tensor over the time of one of `calls` calls in a row."""
    times = []
    for _ in range(8):
        device.synchronise()
        start = time.perf_counter()
        for _ in range(calls):
            ranks.sum(values)
        device.synchronise()
        times.append((time.perf_counter() - start) / calls)
    rates = [values.nbytes / seconds / 1e9 for seconds in times[1:]]
    return noted(us=[1e6 * seconds for seconds in times[1:]], **{"GB/s": rates})


def main() -> None:
    name, folder, *quick = sys.argv[1:]
    device = open_device(name)
    with ranks_of_launch(device.backend) as ranks, torch.inference_mode():
        found = [rows.row(check.what, check.found()) for check in checks(ranks, device, bool(quick))]
    write_json(Path(folder) / f"{ranks.rank}.json", found)


if __name__ == "__main__":
    main()
