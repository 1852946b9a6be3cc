"""What a job requests from the scheduler: cards of this host, or Slurm's resources. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baichuan2 import devices
from baichuan2.errors import UserError

GRES = {"cuda": "gpu", "npu": "npu"}  # what Slurm calls a card where parallel.gres is auto


def of_step(
    config: Mapping[str, Any], section: str, ranks: int, nodes: int, limit: int | None, submits: bool
) -> dict[str, Any]:
    """The resources of a step on the device of config.yaml's `section`, and on_cards, the prefix of its command.

    on_cards gives the step exclusive cards: the host's, where a `limit` of cards for all jobs together is set
    (profiles/host), or on Ascend those that Slurm allots, in a job that Slurm started (not `submits`). Raises
    UserError where the step needs more cards than there are.
    """
    device = devices.resolve(config[section]["device"])
    of_engine = device == devices.resolve(config["engine"]["device"])
    job = of_job(device, ranks, nodes, config["parallel"]["gres"] if of_engine else "auto")
    options = ""
    if job["cards"] and limit is not None:
        check_cards(job["cards"], nodes, limit)
        options = f"--device {device} --cards {job['cards']}"
    elif job["cards"] and device == "npu" and not submits:
        options = f"--device npu --slurm {job['gres'].partition(':')[0]}"
    return job | {"on_cards": f'python "$BAICHUAN2_SCRIPTS/on_cards.py" {options} --' if options else ""}


def of_job(device: str, ranks: int = 1, nodes: int = 1, gres: str = "auto") -> dict[str, Any]:
    """The resources of a job of `ranks` ranks on `nodes` machines, each rank on a card unless `device` is cpu.

    cards counts those of one machine; the other keys are snakemake-executor-plugin-slurm's.
    """
    cards = 0 if device == "cpu" else ranks // nodes
    named = f"{GRES.get(device) if gres == 'auto' else gres}:{cards}"
    job: dict[str, Any] = {"cards": cards, "gres": named if cards else ""}
    if nodes > 1:
        # mpi: the plugin leaves srun to the job. tasks_per_gpu: without it the plugin takes tasks as tasks per GPU.
        job |= {"nodes": nodes, "tasks": nodes, "tasks_per_gpu": 0, "mpi": "srun"}
    return job


def check_cards(cards: int, nodes: int, limit: int) -> None:
    """Raise UserError where one job needs more cards than the `limit` of profiles/host for all jobs of a host."""
    if cards and nodes > 1:
        raise UserError("parallel.nodes: is above 1, but profiles/host shares out one host's cards; leave it out")
    if cards > limit:
        raise UserError(f"parallel.world_size: {cards} cards, but profiles/host has {limit}; lower it, or raise that")
