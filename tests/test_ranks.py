"""Starting ranks: what ends a launch, and how; srun's command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest

from baichuan2.errors import PeerLostError, UserError, line_of
from baichuan2.jobs import launch
from baichuan2.jobs.code import code_of

HERE = Path(__file__).parent
SCRIPTS = HERE.parent / "workflow" / "scripts"


@contextmanager
def two_ranks(what: object) -> Iterator[subprocess.Popen]:
    command = [sys.executable, SCRIPTS / "launch.py", "--world-size", "2", "--", HERE / "rank_waits.py", str(what)]
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS)}
    with subprocess.Popen(command, env=environment, stdout=PIPE, stderr=PIPE, text=True) as launcher:
        try:
            yield launcher
        finally:
            launcher.kill()


def rank_of(pid: int) -> str | None:
    """The RANK of a process that runs, or None."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return None
    ranks = [name.removeprefix(b"RANK=").decode() for name in variables if name.startswith(b"RANK=")]
    return ranks[0] if ranks and state != "Z" else None


def until(holds, seconds: float = 60) -> None:
    last = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.1)


def ranks_below(launcher: subprocess.Popen) -> dict[str | None, int]:
    """{rank: process} of those that it has started, once both have met."""
    assert sorted(launcher.stdout.readline() for _ in range(2)) == [f"rank {rank} is ready\n" for rank in range(2)]
    children = Path(f"/proc/{launcher.pid}/task/{launcher.pid}/children").read_text().split()
    return {rank_of(int(pid)): int(pid) for pid in children}


def test_ranks_that_end_well():
    with two_ranks(1) as launcher:
        out, err = launcher.communicate(timeout=60)
    assert launcher.returncode == 0, err
    assert sorted(out.splitlines())[:2] == ["rank 0 has the answer", "rank 0 is ready"]


def test_a_killed_rank_ends_the_launch_in_one_line():
    with two_ranks(60) as launcher:
        ranks = ranks_below(launcher)
        begin = time.monotonic()
        os.kill(ranks["1"], signal.SIGKILL)
        _, err = launcher.communicate(timeout=30)
        print(f"ended after {time.monotonic() - begin:.1f} s")
    (line,) = filter(None, err.splitlines())
    assert launcher.returncode == 1
    assert line.startswith("error: rank 1 on ")
    assert "was ended by SIGKILL" in line
    assert not any(map(rank_of, ranks.values()))


def test_the_error_of_one_rank_is_the_launchs():
    with two_ranks("fail") as launcher:
        _, err = launcher.communicate(timeout=60)
    assert launcher.returncode == 1
    assert list(filter(None, err.splitlines())) == ["error: quantize.rollback: rank 0 refuses this"]


def test_no_rank_outlives_a_killed_launcher():
    with two_ranks(60) as launcher:
        ranks = ranks_below(launcher)
        launcher.kill()
    until(lambda: not any(map(rank_of, ranks.values())))


# ---- in a job of Slurm -------------------------------------------------------------------------------------


@pytest.fixture
def slurm(tmp_path, monkeypatch) -> list[str]:
    """A job of two nodes, of which only its number is known; what becomes of this process."""
    answers = {
        "squeue": "n[0-1]",
        "scontrol": "$(case $2 in hostnames) echo n0 n1;; node) echo NodeName=$3 NodeAddr=10.0.0.7;; esac)",
    }
    for name, answer in answers.items():
        (tmp_path / name).write_text(f'#!/bin/sh\n[ "$1" = --oneliner ] && shift\necho "{answer}"\n')
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("SLURM_JOB_ID", "17")
    monkeypatch.delenv("SLURM_JOB_NODELIST", raising=False)
    command: list[str] = []
    monkeypatch.setattr(os, "execvp", lambda _, words: command.extend(words))
    return command


def test_srun_starts_a_half_on_each_node(slurm):
    launch.start_on_nodes(("python", "launch.py"), ("script.py", "--out", "a b"), 2)
    assert slurm[-8:] == ["python", "launch.py", "--first", "10.0.0.7", "--", "script.py", "--out", "a b"]
    assert slurm[:3] == ["srun", "--jobid", "17"]
    assert "--kill-on-bad-exit=1" in slurm
    for option, value in {"--nodes": "2", "--ntasks": "2", "--ntasks-per-node": "1", "--cpu-bind": "none"}.items():
        assert slurm[slurm.index(option) + 1] == value


def test_a_slurm_job_of_another_size_is_refused(slurm):
    with pytest.raises(UserError, match=r"^parallel\.nodes: is 4, but Slurm's job 17 has 2; submit it with 4"):
        launch.start_on_nodes((), (), 4)


def test_several_nodes_are_of_slurm_alone(monkeypatch):
    monkeypatch.delenv("SLURM_JOB_ID", raising=False)
    with pytest.raises(UserError, match=r"^parallel\.nodes: is 2, but this is no Slurm job; run it by --profile"):
        launch.start_on_nodes((), (), 2)


def test_nodes_that_do_not_reach_each_other_are_one_line():
    line = line_of(PeerLostError("init_process_group", RuntimeError("Connection refused,\n remote=[127.0.0.1]:4")))
    assert line.startswith("init_process_group failed (Connection refused, remote=[127.0.0.1]:4)")
    assert "GLOO_SOCKET_IFNAME" in line


# ---- its code ----------------------------------------------------------------------------------------------


def test_the_launchers_code_is_of_the_launchers_jobs():
    assert "launch.py" in {path.name for path in code_of("launch.py")[1:]}
    assert "launch.py" not in {path.name for path in code_of("score_ceval.py")}


def test_the_launcher_needs_no_torch_until_it_runs_ranks():
    code = "import sys, launch; assert not {'torch', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, check=True)
