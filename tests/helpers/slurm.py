"""A real Slurm of two nodes on this host, below one folder: munged, slurmctld, two slurmd. Cards are only counted."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

CARDS = 2  # of a node, and as many of npu
NODES = ("n0", "n1")
# Cores and memory are more than there are: nothing is confined to them. Jobs that ended are remembered (MinJobAge).
CONF = """
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=1,sched_min_interval=0,batch_sched_delay=0
SlurmdParameters=config_overrides
GresTypes=gpu,npu
KillWait=1
MinJobAge=300
ReturnToService=2
NodeName=n0 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=16 RealMemory=200000 Gres=gpu:2,npu:2
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=16 RealMemory=200000 Gres=gpu:2,npu:2
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
# A card must be a file of a device, any.
GRES = "AutoDetect=off\n" + "".join(
    f"Name={name} File=/dev/{file}\n" for name in ("gpu", "npu") for file in ("null", "zero")
)
PATH = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin"))


def missing() -> str | None:
    """Why no Slurm can be started here, or None."""
    programs = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "sacct", "scontrol", "setpriv")
    absent = [program for program in programs if not shutil.which(program, path=PATH)]
    if absent:
        return f"Slurm is not installed (apt install slurm-wlm munge): no {', '.join(absent)}"
    if find_spec("snakemake_executor_plugin_slurm") is None:
        return "Snakemake's executor for Slurm is not installed (make slurm)"
    return None if os.getuid() == 0 else "two slurmd on one host are started as root"


@contextmanager
def cluster(folder: Path) -> Iterator[dict[str, str]]:
    """The environment in which Slurm's commands reach the cluster; it ends with the block, and with this process."""
    _write_files(folder)
    environment = os.environ | {"SLURM_CONF": f"{folder}/slurm.conf", "PATH": f"{folder}/bin{os.pathsep}{PATH}"}
    files = {name: folder / f"munge.{name}" for name in ("key", "socket", "pid", "log", "seed")}
    munged = [f"--{option}-file={files[option]}" for option in ("key", "pid", "log", "seed")]
    with ExitStack() as daemons:
        daemons.enter_context(
            _daemon(environment, "munged", "--force", "--foreground", f"--socket={files['socket']}", *munged)
        )
        _wait_for(files["socket"].exists)
        daemons.enter_context(_daemon(environment, "slurmctld", "-D", "-c"))
        for node in NODES:
            daemons.enter_context(_daemon(environment, "slurmd", "-D", "-N", node))
        _wait_for(lambda: command(environment, "sinfo", "--noheader", "--format=%T %D").split() == ["idle", "2"])
        daemons.callback(_end_jobs, environment)
        yield environment


def command(environment: dict[str, str], *words: str) -> str:
    """What a command of Slurm's says."""
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=30).stdout


def jobs(environment: dict[str, str]) -> list[dict[str, str]]:
    """All jobs so far as scontrol shows them, {field: value} each, oldest first."""
    lines = command(environment, "scontrol", "--oneliner", "show", "job").splitlines()
    found = [dict(word.split("=", 1) for word in line.split(" ") if "=" in word) for line in lines]
    return sorted((job for job in found if "JobId" in job), key=lambda job: int(job["JobId"]))


def _write_files(folder: Path) -> None:
    for name in ("state", "bin", *NODES):
        (folder / name).mkdir()
    (folder / "munge.key").write_bytes(os.urandom(128))
    (folder / "munge.key").chmod(0o600)
    text = CONF.format(host=socket.gethostname(), ports=_free_ports(3), folder=folder)
    (folder / "slurm.conf").write_text(text)
    (folder / "gres.conf").write_text(GRES)
    # The jobstep plugin takes SLURM_CONF from what it starts, which then looks in /etc.
    for program in ("srun", "squeue", "scontrol"):
        path, script = shutil.which(program, path=PATH), folder / "bin" / program
        script.write_text(f'#!/bin/sh\nSLURM_CONF={folder}/slurm.conf exec {path} "$@"\n')
        script.chmod(0o755)


def _free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [each.getsockname()[1] for each in sockets]


@contextmanager
def _daemon(environment: dict[str, str], *words: str) -> Iterator[None]:
    """A daemon in the foreground; setpriv has the kernel end it where this process is killed."""
    log = Path(environment["SLURM_CONF"]).with_name("daemons.log")
    with log.open("ab") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *words], env=environment, stdin=subprocess.DEVNULL, stdout=output,
            stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_jobs(environment: dict[str, str]) -> None:
    """Cancel what a failed test left, whose processes would outlive slurmd."""
    command(environment, "scancel", "--user=root")
    _wait_for(lambda: not command(environment, "squeue", "--noheader"))


def _wait_for(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "Slurm does not come up"
        time.sleep(0.05)
