"""Whether this host can run the model as configured: torch, cards, memory, governor, and on Ascend ascend_check's.

Imports torch only where a finding needs it, since a torch that does not load is itself a finding.
"""

from __future__ import annotations

from collections.abc import Sequence

from baichuan2 import host
from baichuan2.devices import ascend_check, no_graphs
from baichuan2.devices.findings import ERROR, OK, WARNING, Finding, errors_among
from baichuan2.ranks.memory import Need

GIB = 2**30
HIDES_CARDS = {"cuda": "CUDA_VISIBLE_DEVICES", "npu": ascend_check.VISIBLE}


def check(device: str, needs: Sequence[Need], world_size: int, graph: str = "auto", nodes: int = 1) -> list[Finding]:
    """All findings on `device` (cpu, cuda or npu) for what each of `world_size` ranks needs, this being one node."""
    findings, free, here = [load(device)], None, world_size // nodes
    if device == "npu":
        findings += ascend_check.host_findings()
    if device == "cpu":
        free = host.available_memory()
    elif not errors_among(findings):
        of_cards, free = cards(device, here, nodes)
        findings += of_cards
    ranks = here if device == "cpu" else 1  # those that share the free memory
    return [*findings, *(memory(need, free, ranks) for need in needs), graphs(device, graph, world_size), governor()]


# ---- torch and its cards ---------------------------------------------------------------------------------


def load(device: str) -> Finding:
    """Whether torch loads in this process, and on Ascend torch_npu."""
    try:
        import torch

        if device == "npu":
            import torch_npu  # noqa: F401
    except Exception as error:  # torch wraps whatever its backend raises while torch is imported
        reason = host.first_cause(error)
        cure = host.torch_npu_cure(reason) if device == "npu" else f"see envs/{device}.yaml"
        return Finding("torch", ERROR, f"does not load: {reason}", host.static_tls_advice(error) or cure)
    return Finding("torch", OK, torch.__version__)


def cards(device: str, world_size: int, nodes: int = 1) -> tuple[list[Finding], int | None]:
    """Whether there is a card for each rank, what each is, and the bytes free on the fullest of the ranks' cards.

    world_size: ranks of this host, of `nodes`.

    The bytes are None where they are unknown.
    """
    import torch

    module = getattr(torch, device)
    count = module.device_count()
    enough = ascend_check.enough_cards(count, world_size, HIDES_CARDS[device])
    try:
        names = [module.get_device_name(index) for index in range(count)]
        findings = [enough, *(card(device, index, name, nodes) for index, name in enumerate(names))]
        if device == "npu":
            findings += ascend_check.kernels(names)
        free = min((module.mem_get_info(index)[0] for index in range(min(count, world_size))), default=0)
    except RuntimeError as error:  # CANN's and CUDA's own, such as those of a card that is broken or taken
        return [enough, ascend_check.silent(error)], None
    return findings, free or None


def card(device: str, index: int, name: str, nodes: int = 1) -> Finding:
    """What a card is, and on Ascend whether its chip is known and may be one of several hosts'."""
    return ascend_check.soc(index, name, nodes) if device == "npu" else Finding(f"card {index}", OK, name)


# ---- memory ----------------------------------------------------------------------------------------------


def memory(need: Need, free: int | None, ranks: int = 1) -> Finding:
    """What `ranks` ranks need against the bytes that are free for them, None where that is unknown."""
    weights, cache, work, total = (ranks * size / GIB for size in (need.weights, need.cache, need.work, need.total))
    item = f"memory, {need.what}"
    sizes = (
        f"weights {weights:.2f} + KV cache {cache:.2f} ({need.batch} x {need.length} tokens)"
        f"{f' + work {work:.2f}' if work else ''} = {total:.2f} GiB{'' if ranks == 1 else f' for {ranks} ranks'}, "
        f"free {'unknown' if free is None else f'{free / GIB:.2f} GiB'}"
    )
    if free is None:
        return Finding(item, WARNING, sizes, "see with npu-smi info, nvidia-smi or free what there is")
    if total > free / GIB:
        cure = "on cards raise parallel.world_size, or lower engine.max_seq_len or inference's or perf's batch_size"
        return Finding(item, ERROR, sizes, cure)
    return Finding(item, OK, sizes)


def graphs(device: str, graph: str, world_size: int) -> Finding:
    """Whether decode can be captured as engine.graph asks."""
    reason = no_graphs(device, world_size)
    if graph == "capture" and reason:
        return Finding("engine.graph", ERROR, f"{graph}: {reason}", "set engine.graph: auto")
    if graph == "capture" and device == "npu":
        return Finding("engine.graph", WARNING, f"{graph}: no Ascend card has tried it", "set auto if it fails")
    return Finding("engine.graph", OK, graph)


def governor() -> Finding:
    """The frequency governor of the processors."""
    current = host.governor()
    if current in (host.WANTED, host.UNKNOWN):
        return Finding("CPU governor", OK, current)
    return Finding("CPU governor", WARNING, current, "times are slower and less even: run snakemake cpu_performance")
