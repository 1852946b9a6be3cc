"""Start a script as the ranks of one model: on this host, or on each node of this Slurm job."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.errors import UserError
from baichuan2.jobs import launch


def main(
    command: Annotated[list[str], typer.Argument(help="The script and its arguments, behind --.")],
    world_size: Annotated[int, typer.Option(help="Ranks, of all nodes together.")],
    nodes: Annotated[int, typer.Option(help="Nodes of this Slurm job that they are on, as many on each.")] = 1,
    first: Annotated[str | None, typer.Option(help="srun's, on each node: the first one's address.")] = None,
) -> None:
    """Run the script on all ranks; where one fails, stop the others and end with code 1, on several nodes srun's."""
    ranks, rest = divmod(world_size, nodes)
    if rest:
        raise UserError(f"--nodes: {nodes} does not divide --world-size {world_size}")
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")  # else torch tells of each broken socket in many lines
    if nodes == 1:
        sys.exit(launch.run_on_host(command, ranks))
    if first is not None:
        sys.exit(launch.run_on_node(command, ranks, nodes, first))
    half = (sys.executable, __file__, "--world-size", str(world_size), "--nodes", str(nodes))
    launch.start_on_nodes(half, command, nodes)


if __name__ == "__main__":
    cli.run(main)
