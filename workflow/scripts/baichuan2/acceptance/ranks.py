"""The item that checks the collectives of a cut model by the model's own calls, on all cards or two CPU ranks.

Under torchrun this module is one rank: python -m baichuan2.acceptance.ranks DEVICE FOLDER [--quick] writes its rows
to FOLDER/<rank>.json.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch

from baichuan2.acceptance import rows
from baichuan2.acceptance.rows import FAIL, Check, NotHereError, Options, Outcome, judge, note, same_bits
from baichuan2.acceptance.trial import dtype_name, dtypes_of
from baichuan2.devices import open_device
from baichuan2.devices.base import Device
from baichuan2.errors import UserError
from baichuan2.files import write_json
from baichuan2.ranks.collectives import Ranks, ranks_of_launch

SCRIPTS = Path(__file__).resolve().parents[2]
TIMEOUT_S = 600
HIDDEN = 5120  # of 13B; a decode step sums this many numbers after every row-parallel linear
LARGE = 64 * 2**20  # bytes of a long prefill's sum
NUMBERS = torch.arange(1000)


def ranks(options: Options) -> Iterator[Check]:
    """One check for each check that every rank runs."""
    on_cpu = options.device == "cpu"
    world_size = 2 if on_cpu else getattr(torch, options.device).device_count()
    if world_size < 2:
        raise NotHereError(f"{world_size} card: collectives need two")
    if not on_cpu:
        getattr(torch, options.device).empty_cache()
    with tempfile.TemporaryDirectory(prefix="ranks-") as folder:
        launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(world_size)]
        quick = ["--quick"] if options.quick else []
        exit_code, log = run_command([*launch, "--module", __name__, options.device, folder, *quick])
        rank_rows = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.json"))]
    if exit_code or len(rank_rows) != world_size:
        raise RuntimeError(f"torchrun ended with code {exit_code}: {_last_error(log)}")
    for check_rows in zip(*rank_rows, strict=True):
        yield Check(f"{world_size} ranks: {check_rows[0]['what']}", partial(worst_outcome, check_rows))


def run_command(command: list[str]) -> tuple[int, str]:
    """Run a command -> its exit code and stderr; after TIMEOUT_S kill it and all its processes."""
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


def worst_outcome(check_rows: Sequence[dict[str, Any]]) -> Outcome:
    """The outcome of the first rank on which the check failed, else rank 0's."""
    worst = next((row for row in check_rows if row["verdict"] == FAIL), check_rows[0])
    return Outcome(worst["verdict"], worst["numbers"])


# ---- one rank ----------------------------------------------------------------------------------------------


def checks(ranks: Ranks, device: Device, quick: bool) -> Iterator[Check]:
    torch_device, dtypes = device.torch_device, dtypes_of(device)
    for dtype in dtypes:
        yield Check(f"all_reduce, sum of {dtype_name(dtype)}", partial(all_reduce_sum, ranks, torch_device, dtype))
    yield Check("all_reduce, maximum of float32", partial(all_reduce_max, ranks, torch_device))
    yield Check(f"all_gather of {dtype_name(dtypes[0])}", partial(all_gather, ranks, torch_device, dtypes[0]))
    yield Check("broadcast_object_list", partial(broadcast, ranks))
    if _captures(device, ranks.world_size):
        yield Check(
            f"all_reduce of {dtype_name(dtypes[0])} in a graph", partial(captured_sum, ranks, device, dtypes[0])
        )
    for size in (2 * HIDDEN, 2**20 if quick else LARGE):
        values = torch.zeros(size // dtypes[0].itemsize, dtype=dtypes[0], device=torch_device)
        yield Check(f"all_reduce of {size} bytes", partial(sum_speed, ranks, device, values, 2 if quick else 20))


def _captures(device: Device, world_size: int) -> bool:
    try:
        return device.graphs("capture", world_size) is not None
    except UserError:
        return False


def all_reduce_sum(ranks: Ranks, torch_device: torch.device, dtype: torch.dtype) -> Outcome:
    """Sum small integers, whose sums 16 bits hold exactly."""
    values, total = NUMBERS % 3, ranks.world_size * (ranks.world_size + 1) // 2
    result = ranks.sum(((ranks.rank + 1) * values).to(dtype).to(torch_device))
    return same_bits(result.cpu(), (total * values).to(dtype))


def all_reduce_max(ranks: Ranks, torch_device: torch.device) -> Outcome:
    """The rank that holds the maximum changes from number to number."""
    rank_values = [((7 * NUMBERS + 5 * rank) % 11).float() for rank in range(ranks.world_size)]
    result = ranks.largest(rank_values[ranks.rank].to(torch_device))
    return same_bits(result.cpu(), torch.stack(rank_values).amax(0))


def all_gather(ranks: Ranks, torch_device: torch.device, dtype: torch.dtype) -> Outcome:
    rank_values = [(NUMBERS.view(10, 100) + 1000 * rank % 2048).to(dtype) for rank in range(ranks.world_size)]
    return same_bits(ranks.gather(rank_values[ranks.rank].to(torch_device)).cpu(), torch.cat(rank_values, dim=-1))


def broadcast(ranks: Ranks) -> Outcome:
    result = ranks.from_first({"答案": [ranks.rank, 0.5]})
    return judge(result == {"答案": [0, 0.5]}, found=str(result))


def captured_sum(ranks: Ranks, device: Device, dtype: torch.dtype) -> Outcome:
    """Sum in a graph, captured of zeros, what is there when it is replayed."""
    values, result = (torch.zeros(len(NUMBERS), dtype=dtype, device=device.torch_device) for _ in range(2))

    def add() -> None:
        ranks.sum(result.copy_(values))

    replay = device.capture(add)
    small, total = NUMBERS % 3, ranks.world_size * (ranks.world_size + 1) // 2
    values.copy_((ranks.rank + 1) * small)
    replay(())
    return same_bits(result.cpu(), (total * small).to(dtype))


def sum_speed(ranks: Ranks, device: Device, values: torch.Tensor, calls: int) -> Outcome:
    """Time a call, as the mean of `calls` in a row, and the tensor's bytes over that time; 7 repeats."""
    times = []
    for _ in range(8):
        device.synchronise()
        start = time.perf_counter()
        for _ in range(calls):
            ranks.sum(values)
        device.synchronise()
        times.append((time.perf_counter() - start) / calls)
    rates = [values.nbytes / seconds / 1e9 for seconds in times[1:]]
    return note(us=[1e6 * seconds for seconds in times[1:]], **{"GB/s": rates})


def main() -> None:
    name, folder, *quick = sys.argv[1:]
    device = open_device(name)
    with ranks_of_launch(device.backend) as ranks, torch.inference_mode():
        check_rows = [rows.make_row(check.what, check.run()) for check in checks(ranks, device, bool(quick))]
    write_json(Path(folder) / f"{ranks.rank}.json", check_rows)


if __name__ == "__main__":
    main()
