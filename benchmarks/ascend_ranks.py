"""What first_day.py starts on every card with torchrun: the collectives of the cut model, by the model's own calls.

usage: torchrun ... ascend_ranks.py FOLDER [--quick]: each rank writes what it found to FOLDER/<rank>.json.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch

import ascend_rows
from ascend_rows import Check, Found, judged, noted, same_bits
from baichuan2.devices import open_device
from baichuan2.files import write_json
from baichuan2.ranks.collectives import Ranks, ranks_of_launch

HIDDEN = 5120  # of 13B: what a decode step sums after every row-parallel linear
LARGE = 64 * 2**20  # bytes of a long prefill's sum
NUMBERS = torch.arange(1000)


def checks(ranks: Ranks, device: torch.device, quick: bool) -> Iterator[Check]:
    for dtype in (torch.float16, torch.bfloat16) if torch.npu.is_bf16_supported() else (torch.float16,):
        yield Check(f"all_reduce, sum of {str(dtype)[6:]}", partial(summed, ranks, device, dtype))
    yield Check("all_reduce, maximum of float32", partial(largest, ranks, device))
    yield Check("all_gather of float16", partial(gathered, ranks, device))
    yield Check("broadcast_object_list", partial(from_first, ranks))
    for size in (2 * HIDDEN, 2**20 if quick else LARGE):
        yield Check(f"all_reduce of {size} bytes", partial(speed, ranks, device, size // 2, 2 if quick else 20))


def summed(ranks: Ranks, device: torch.device, dtype: torch.dtype) -> Found:
    """Small integers, whose sums 16 bits hold exactly."""
    ours, total = NUMBERS % 3, ranks.world_size * (ranks.world_size + 1) // 2
    found = ranks.sum(((ranks.rank + 1) * ours).to(dtype).to(device))
    return same_bits(found.cpu(), (total * ours).to(dtype))


def largest(ranks: Ranks, device: torch.device) -> Found:
    """Another rank has the largest number at every place."""
    of_ranks = [((7 * NUMBERS + 5 * rank) % 11).float() for rank in range(ranks.world_size)]
    found = ranks.largest(of_ranks[ranks.rank].to(device))
    return same_bits(found.cpu(), torch.stack(of_ranks).amax(0))


def gathered(ranks: Ranks, device: torch.device) -> Found:
    of_ranks = [(NUMBERS.view(10, 100) + 1000 * rank % 2048).half() for rank in range(ranks.world_size)]
    return same_bits(ranks.gather(of_ranks[ranks.rank].to(device)).cpu(), torch.cat(of_ranks, dim=-1))


def from_first(ranks: Ranks) -> Found:
    found = ranks.from_first({"答案": [ranks.rank, 0.5]})
    return judged(found == {"答案": [0, 0.5]}, found=str(found))


def speed(ranks: Ranks, device: torch.device, count: int, calls: int) -> Found:
    """Bytes of the tensor over the time of one of `calls` calls in a row."""
    values = torch.zeros(count, dtype=torch.float16, device=device)
    times = []
    for _ in range(8):
        torch.npu.synchronize()
        start = time.perf_counter()
        for _ in range(calls):
            ranks.sum(values)
        torch.npu.synchronize()
        times.append((time.perf_counter() - start) / calls)
    rates = [values.nbytes / seconds / 1e9 for seconds in times[1:]]
    return noted(us=[1e6 * seconds for seconds in times[1:]], **{"GB/s": rates})


def main() -> None:
    folder, quick = Path(sys.argv[1]), "--quick" in sys.argv
    device = open_device("npu")
    with ranks_of_launch(device.backend) as ranks, torch.inference_mode():
        rows = [ascend_rows.row(check.what, check.found()) for check in checks(ranks, device.torch_device, quick)]
    write_json(folder / f"{ranks.rank}.json", rows)


if __name__ == "__main__":
    main()
