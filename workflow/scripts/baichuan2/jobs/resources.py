"""What a job asks of the scheduler: cards of this host, and what Slurm needs to know. Imports nothing heavy."""

from __future__ import annotations

from baichuan2.errors import UserError

GRES = {"cuda": "gpu", "npu": "npu"}  # what Slurm calls a card where parallel.gres is auto


def of_job(device: str, ranks: int = 1, nodes: int = 1, gres: str = "auto") -> dict[str, int | str]:
    """The resources of a job of `ranks` ranks on `nodes` machines, each rank on a card unless `device` is cpu.

    cards are of one machine; the others are in the words of snakemake-executor-plugin-slurm.
    """
    cards = 0 if device == "cpu" else ranks // nodes
    named = f"{GRES.get(device) if gres == 'auto' else gres}:{cards}"
    asked: dict[str, int | str] = {"cards": cards, "gres": named if cards else ""}
    if nodes > 1:
        # With mpi the plugin leaves srun to the job; tasks_per_gpu: else it takes tasks as tasks of each GPU.
        asked |= {"nodes": nodes, "tasks": nodes, "tasks_per_gpu": 0, "mpi": "srun"}
    return asked


def check_cards(cards: int, nodes: int, limit: int) -> None:
    """Raise UserError where a job's cards cannot be of the `limit` that profiles/host sets for all jobs of a host."""
    if cards and nodes > 1:
        raise UserError("parallel.nodes: is above 1, but profiles/host shares out one host's cards; leave it out")
    if cards > limit:
        raise UserError(f"parallel.world_size: {cards} cards, but profiles/host has {limit}; lower it, or raise that")
