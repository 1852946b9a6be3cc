"""Starting the ranks of one model on several hosts: what runs on each, and who stops what. Torch-free.

The launcher, workflow/scripts/launch.py, runs itself once more on every host, as a node's half (node.py), by
parallel.remote_shell or in a Slurm job by srun. Each half reads from a pipe that nobody but the launcher holds: it
ends when the launcher does, whichever way that is, and then the half stops its ranks.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baichuan2.errors import FOLLOWED, TOLD, UserError
from baichuan2.jobs import slurm

# How the launcher hears of config.yaml's parallel: none of it is in a job's parameters, since none changes a result.
HOSTS, REMOTE_SHELL, PORT = "BAICHUAN2_HOSTS", "BAICHUAN2_REMOTE_SHELL", "BAICHUAN2_PORT"
# What the libraries take a network interface from. With "=" in front it is the whole name, else the start of some.
INTERFACE = {
    "GLOO_SOCKET_IFNAME": "{}",
    "TP_SOCKET_IFNAME": "{}",
    "NCCL_SOCKET_IFNAME": "={}",
    "HCCL_SOCKET_IFNAME": "={}",
}
# Variables that a remote shell is told, by how they begin; all others are the other host's own. No secrets: a command
# line is seen by everybody there.
PASSED = (
    "ASCEND_", "CUDA_", "GLIBC_", "GLOO_", "GOMP_", "HCCL_", "KMP_", "LANG", "LC_", "LD_", "MKL_", "NCCL_", "OMP_",
    "PATH", "PYTHON", "PYTORCH_", "TASK_QUEUE_", "TORCH_", "TP_", "TRITON_",
)  # fmt: skip
SRUN = "srun"
PORTS = 1000  # from parallel.port on: jobs of Slurm may share a node
GRACE_S = 5.0  # for the other halves to end by themselves, once one has failed without knowing the cause
LAST_S = 60.0  # the same, once one has ended well: the halves end together
STOP_S = 4.0  # for a half to stop its ranks


def environment(parallel: Mapping[str, Any]) -> dict[str, str]:
    """What the launcher and the libraries read of `parallel`, of config.yaml, where it names several nodes."""
    told = {
        HOSTS: " ".join(parallel["hosts"]),
        REMOTE_SHELL: parallel["remote_shell"],
        PORT: str(parallel["port"]),
    }
    if parallel["interface"]:
        told |= {name: form.format(parallel["interface"]) for name, form in INTERFACE.items()}
    return told


@dataclass(frozen=True)
class Half:
    """What runs on each node: `launcher` with options, then the script that all ranks run, with its arguments."""

    launcher: tuple[str, ...]
    script: tuple[str, ...]

    def at(self, first: str, *options: str) -> list[str]:
        """The command, for nodes that meet at `first`, ADDRESS:PORT."""
        return [*self.launcher, "--first", first, *options, "--", *self.script]


def launch(half: Half, nodes: int, hosts: Sequence[str], remote_shell: str, port: int) -> None:
    """Run the halves on all nodes until all have ended; without hosts on the nodes of this Slurm job.

    Raises UserError where none of them has said what went wrong, SystemExit where one has.
    """
    commands = by_remote_shell(half, hosts, remote_shell, port) if hosts else {SRUN: by_srun(half, nodes, port)}
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    judge(supervise(commands))


def _end(*_: object) -> None:
    sys.exit(1)


# ---- command lines ---------------------------------------------------------------------------------------


def by_remote_shell(half: Half, hosts: Sequence[str], remote_shell: str, port: int) -> dict[str, list[str]]:
    """{host: the command that starts its half there}."""
    first = f"{hosts[0].rpartition('@')[2]}:{port}"  # without a user's name, of which only ssh knows
    return {
        host: [
            *shlex.split(remote_shell),
            host,
            remote_command(half.at(first, "--node-rank", str(rank), "--name", host)),
        ]
        for rank, host in enumerate(hosts)
    }


def remote_command(command: Iterable[str]) -> str:
    """A line for another host's shell: `command` in this folder, with the variables that PASSED names."""
    told = [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith(PASSED)]
    return f"cd {shlex.quote(str(Path.cwd()))} && exec {shlex.join(['env', *told, *command])}"


def by_srun(half: Half, nodes: int, port: int) -> list[str]:
    """The command that starts a half on each node of this Slurm job; srun tells each its rank by SLURM_NODEID."""
    job = os.environ.get("SLURM_JOB_ID")
    if not job:
        raise UserError(
            f"parallel.hosts: is empty, and this is no Slurm job; name the {nodes} hosts, or run it by Slurm"
        )
    listed = os.environ.get("SLURM_JOB_NODELIST") or slurm.asked(
        "squeue", "--noheader", "--jobs", job, "--format", "%N"
    )
    names = slurm.host_names(listed)
    if len(names) != nodes:
        raise UserError(f"parallel.nodes: is {nodes}, but Slurm's job {job} has {len(names)}; submit it with {nodes}")
    # A step alone on its nodes is given all that the job has there, but shares it only with --overlap.
    return [
        SRUN, "--jobid", job, "--nodes", str(nodes), "--ntasks", str(nodes), "--ntasks-per-node", "1", "--overlap",
        "--cpu-bind", "none", "--export", "ALL", "--kill-on-bad-exit=1",
        *half.at(f"{slurm.address(names[0])}:{port + int(job) % PORTS}"),
    ]  # fmt: skip


# ---- until all have ended --------------------------------------------------------------------------------


def supervise(commands: Mapping[str, Sequence[str]]) -> dict[str, int | None]:
    """Run the commands together, one a host -> their exit codes; None for one that had to be stopped.

    Once one has failed, the others have some seconds to end by themselves.
    """
    halves: dict[str, subprocess.Popen] = {}
    try:
        for host, command in commands.items():
            halves[host] = _start(command)
        _wait(list(halves.values()))
        return {host: half.poll() for host, half in halves.items()}
    finally:
        _stop(list(halves.values()))


def _start(command: Sequence[str]) -> subprocess.Popen:
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE)
    except OSError as error:
        raise UserError(
            f"parallel.remote_shell: {command[0]} does not start ({error.strerror}); correct it, or install it"
        ) from None


def _wait(halves: Sequence[subprocess.Popen]) -> None:
    """Until all have ended, or one has said why it failed, or those that still run are late."""
    last = float("inf")
    while (codes := [half.poll() for half in halves]).count(None) and time.monotonic() < last:
        if TOLD in codes:
            return
        if any(codes):
            last = min(last, time.monotonic() + GRACE_S)
        elif 0 in codes:
            last = min(last, time.monotonic() + LAST_S)
        time.sleep(0.1)


def _stop(halves: Sequence[subprocess.Popen]) -> None:
    """End what still runs: first by the end of its input, then, where a host does not hear it, here alone."""
    running = [half for half in halves if half.poll() is None]
    for half in running:
        half.stdin.close()
    _wait_until(running, STOP_S)
    for end in (subprocess.Popen.terminate, subprocess.Popen.kill):
        for half in running:
            end(half)  # nothing happens to one that has ended
        _wait_until(running, 2.0)


def _wait_until(halves: Sequence[subprocess.Popen], seconds: float) -> None:
    last = time.monotonic() + seconds
    while any(half.poll() is None for half in halves) and time.monotonic() < last:
        time.sleep(0.05)


def judge(codes: Mapping[str, int | None]) -> None:
    """End with code 1 unless all halves ended well; with a line, where none of them has said why."""
    if not any(codes.values()) and None not in codes.values():
        return
    if TOLD in codes.values():
        sys.exit(1)
    for host, code in codes.items():
        if code not in (0, FOLLOWED, None):
            shell = "" if host == SRUN else "whether parallel.remote_shell needs a password, "
            raise UserError(
                f"parallel.hosts: {host} ended with code {code}; see the lines above, {shell}"
                f"and whether {Path.cwd()} is on a file system that all hosts share"
            )
    lost = ", ".join(host for host, code in codes.items() if code is None) or "a host"
    raise UserError(f"parallel.hosts: {lost} was lost, and no rank knows why; see whether it is up, and run again")
