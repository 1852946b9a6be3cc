"""Start a script as the ranks of one model: on this host, or on several, of each of which it then runs the half."""

from __future__ import annotations

import os
import socket
import sys
import uuid
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.errors import UserError
from baichuan2.jobs import cards, launching


def main(
    command: Annotated[list[str], typer.Argument(help="The script and its arguments, behind --.")],
    world_size: Annotated[int, typer.Option(help="Ranks, of all nodes together.")],
    nodes: Annotated[int, typer.Option(help="Nodes that they are on, as many on each.")] = 1,
    host: Annotated[
        list[str] | None,
        typer.Option(help="A node's name; none: this Slurm job's nodes.", envvar=launching.HOSTS),
    ] = None,
    remote_shell: Annotated[
        str, typer.Option(help="What runs a command on a host.", envvar=launching.REMOTE_SHELL)
    ] = "ssh",
    port: Annotated[int, typer.Option(help="Where they meet on the first node.", envvar=launching.PORT)] = 29500,
    first: Annotated[str | None, typer.Option(help="A node's half: ADDRESS:PORT of the first node.")] = None,
    launch: Annotated[str, typer.Option(help="A node's half: what the whole launch is called.")] = "",
    node_rank: Annotated[int, typer.Option(help="A node's half: which it is.", envvar="SLURM_NODEID")] = 0,
    name: Annotated[
        str | None, typer.Option(help="A node's half: what messages call it.", envvar="SLURMD_NODENAME")
    ] = None,
) -> None:
    """Run the script on all ranks, and end with code 1, with nothing left running, where one of them fails."""
    ranks, rest = divmod(world_size, nodes)
    if rest:
        raise UserError(f"--nodes: {nodes} does not divide --world-size {world_size}")
    if nodes > 1 and first is None:
        this = (sys.executable, __file__, "--world-size", str(world_size), "--nodes", str(nodes))
        half = launching.Half((*this, "--launch", uuid.uuid4().hex), tuple(command))
        launching.launch(half, nodes, host or [], remote_shell, port)
        return
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")  # else torch tells of each broken socket in many lines
    from baichuan2.jobs import node  # here, since it loads torch

    if first is not None:
        os.environ |= cards.of_slurm_node(name or socket.gethostname())
        node.follow_launcher()
    of_node = node.Node(node_rank, nodes, name or socket.gethostname(), first, launch)
    code = node.run_ranks(command, ranks, of_node)
    sys.exit(code if first is not None else min(code, 1))


if __name__ == "__main__":
    cli.run(main)
