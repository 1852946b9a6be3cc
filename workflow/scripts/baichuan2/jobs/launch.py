"""Starting the ranks of one model: torchrun on this host, or by srun on each node of this Slurm job."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from baichuan2.errors import UserError
from baichuan2.jobs import cards, slurm

if TYPE_CHECKING:
    from torch.distributed.elastic.multiprocessing.errors import ProcessFailure

PORTS = range(29500, 30500)  # a launch takes one by its number, since jobs of Slurm may share a node


def start_on_nodes(half: Sequence[str], script: Sequence[str], nodes: int) -> None:
    """Become srun, which runs `half` with --first ADDRESS on each node of this Slurm job, for `script`.

    Raises UserError outside of a Slurm job, or in one of another size.
    """
    job = os.environ.get("SLURM_JOB_ID")
    if not job:
        raise UserError(
            f"parallel.nodes: is {nodes}, but this is no Slurm job; run it in one, as with --profile profiles/slurm, "
            "or set 1"
        )
    listed = os.environ.get("SLURM_JOB_NODELIST") or slurm.query("squeue", "--noheader", "--jobs", job, "--format=%N")
    names = slurm.host_names(listed)
    if len(names) != nodes:
        raise UserError(f"parallel.nodes: is {nodes}, but Slurm's job {job} has {len(names)}; submit it with {nodes}")
    # A step alone on its nodes is given all that the job has there, but shares it only with --overlap.
    srun = [
        "srun", "--jobid", job, "--nodes", str(nodes), "--ntasks", str(nodes), "--ntasks-per-node", "1", "--overlap",
        "--cpu-bind", "none", "--export", "ALL", "--input", "none", "--kill-on-bad-exit=1", "--quit-on-interrupt",
    ]  # fmt: skip
    os.execvp("srun", [*srun, *half, "--first", slurm.address(names[0]), "--", *script])


def run_on_node(script: Sequence[str], ranks: int, nodes: int, first: str) -> int:
    """A node's half, in a step of Slurm: `script` as `ranks` ranks here, which meet all others at address `first`.

    Returns and raises as `run`, and raises UserError where the nodes do not reach each other.
    """
    from torch.distributed import DistError  # here, since srun needs no torch
    from torch.distributed.elastic.rendezvous import RendezvousError

    from baichuan2.ranks.collectives import CAUSE_S

    variables = os.environ
    node, job, step = variables["SLURMD_NODENAME"], variables["SLURM_JOB_ID"], variables["SLURM_STEP_ID"]
    variables |= cards.of_slurm_node(node)
    meet = f"{first}:{PORTS[(int(job) + int(step)) % len(PORTS)]}"
    options = [
        "--nnodes", str(nodes), "--rdzv-backend", "c10d", "--rdzv-id", f"{job}.{step}", "--rdzv-endpoint", meet,
        "--rdzv-conf", f"is_host={variables['SLURM_NODEID'] == '0'}", "--local-addr", slurm.address(node),
    ]  # fmt: skip
    try:
        return run(script, ranks, options, node)
    except (DistError, RendezvousError) as error:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        time.sleep(CAUSE_S)  # where the first node's half has failed, srun ends this one before
        raise UserError(
            f"parallel.nodes: {node} does not reach the others at {meet} ({' '.join(str(error).split())[:200]}); see "
            "whether the first node is up, and whether a firewall closes that port or another program uses it"
        ) from error


def run_on_host(script: Sequence[str], ranks: int) -> int:
    """Run `script` as `ranks` ranks on this host. Returns and raises as `run`."""
    options = ["--standalone", "--nnodes", "1", "--local-addr", "localhost"]  # the host's name may lead nowhere
    return run(script, ranks, options, socket.gethostname())


def run(script: Sequence[str], ranks: int, options: Sequence[str], node: str) -> int:
    """Run `script`, a Python script with its arguments, by torchrun with `options` -> the exit code, 0 or 1.

    A rank that fails has its own line on stderr, and the others are stopped. Raises UserError where a signal ended
    it.
    """
    from torch.distributed import run as torchrun
    from torch.distributed.elastic.multiprocessing import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError

    # The agent reports a failed rank in some twenty lines, behind which the rank's own would be lost.
    logging.disable(logging.ERROR)
    words = [*options, "--nproc-per-node", str(ranks), "--no-python", sys.executable, *script]
    try:
        torchrun.run(torchrun.parse_args(words))
    except ChildFailedError as error:
        check_signals(error.failures, node)
        return 1
    except SignalException:
        return 1
    return 0


def check_signals(failures: Mapping[int, ProcessFailure], node: str) -> None:
    """Raise UserError where signals alone ended ranks, so that none has its own line; it names the first.

    The agent itself ends the others by SIGTERM.
    """
    causes = {rank: failed for rank, failed in failures.items() if failed.exitcode != -signal.SIGTERM} or failures
    if any(failed.exitcode > 0 for failed in causes.values()):
        return
    rank, first = min(causes.items(), key=lambda item: (item[1].timestamp, item[0]))
    hint = ", as Linux does where memory runs out (see dmesg)" if first.exitcode == -signal.SIGKILL else ""
    print(file=sys.stderr)  # below a progress bar that stands there
    raise UserError(
        f"rank {rank} on {node} was ended by {first.signal_name()}{hint}; see the lines above, and run again"
    )
