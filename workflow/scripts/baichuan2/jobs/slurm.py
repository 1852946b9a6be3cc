"""Queries to Slurm beside its executor's: a job's nodes and cards, settings, jobs left over. Imports no torch."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
from pathlib import Path

from baichuan2.errors import UserError, one_line

# The executor polls jobs at most every 180 s: Slurm must remember ended jobs for longer.
MIN_JOB_AGE_S = 240
_ALLOTTED = re.compile(r"\bNodes=(\S+) CPU_IDs=\S* Mem=\S* GRES=(\S*)")


def query(*command: str) -> str:
    """The stdout of one of Slurm's commands. Raises UserError where it fails."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError) as error:
        reason = one_line(getattr(error, "stderr", None) or error)
        raise UserError(f"{shlex.join(command)}: {reason}; put Slurm right, or run without it") from None


def host_names(listed: str) -> list[str]:
    """The nodes of a list such as n[0-3]."""
    return query("scontrol", "show", "hostnames", listed.strip()).split()


def address(node: str) -> str:
    """Where Slurm reaches a node: its name, unless slurm.conf says otherwise."""
    match = re.search(r"\bNodeAddr=(\S+)", query("scontrol", "--oneliner", "show", "node", node))
    return match[1] if match else node


def cards_of_job(job: str, gres: str, node: str | None = None) -> list[str]:
    """The numbers of the cards, called `gres`, that a job has on a node, or on the one where its script runs.

    Slurm sets an environment variable of the cards only for gpu. Raises UserError where it does not know the cards.
    """
    job_text = query("scontrol", "--details", "--oneliner", "show", "job", job)
    script = re.search(r"\bBatchHost=(\S+)", job_text)
    node = node or (script[1] if script else socket.gethostname())
    for nodes, allotted in _ALLOTTED.findall(job_text):
        numbers = re.search(rf"(?:^|,){re.escape(gres)}(?::[^:,(]+)?:\d+\(IDX:([\d,-]+)\)", allotted)
        if numbers and node in host_names(nodes):
            return _numbers(numbers[1])
    raise UserError(
        f"parallel.gres: Slurm does not say which {gres} cards job {job} has on {node}; name their files in "
        "gres.conf, as File=/dev/davinci[0-7], or set ASCEND_RT_VISIBLE_DEVICES in a prolog"
    )


def _numbers(listed: str) -> list[str]:
    """0,2-3 as 0, 2, 3."""
    ends = [part.split("-") for part in listed.split(",")]
    return [str(number) for part in ends for number in range(int(part[0]), int(part[-1]) + 1)]


def check_min_job_age(settings: str) -> None:
    """Raise UserError where Slurm, by `scontrol show config`, forgets ended jobs before the executor polls them."""
    age = re.search(r"^MinJobAge\s*=\s*(\d+)", settings, re.MULTILINE)
    if age and int(age[1]) < MIN_JOB_AGE_S:
        raise UserError(
            f"MinJobAge: is {age[1]} s in slurm.conf, but ended jobs are asked for every 180 s; raise it to at "
            f"least {MIN_JOB_AGE_S}, or set slurm-status-command: sacct in profiles/slurm/config.yaml"
        )


def check_left_jobs(listed: str, folder: Path) -> None:
    """Raise UserError where jobs of an earlier snakemake in `folder` are among those listed, as id|comment|folder."""
    jobs = [line.split("|", 2) for line in listed.splitlines()]
    left = [job for job, comment, where in jobs if comment.startswith("rule_") and where == str(folder)]
    if left:
        raise UserError(
            f"{folder}: Slurm still has jobs of an earlier snakemake here, which would write over this one's "
            f"results; run: scancel {' '.join(left)}"
        )
