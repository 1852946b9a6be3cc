"""The ranks of one launch: one that fails ends all, in one line and with code 1."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE

import pytest

from baichuan2.errors import UserError
from baichuan2.jobs import launch, slurm
from baichuan2.jobs.code import code_of
from helpers.projects import HELPERS, ROOT
from helpers.ranks import check_collectives, run_ranks

SCRIPTS = ROOT / "workflow" / "scripts"


@contextmanager
def two_ranks(*then: str) -> Iterator[subprocess.Popen]:
    command = [sys.executable, SCRIPTS / "launch.py", "--world-size", "2", "--", HELPERS / "two_ranks.py", *then]
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS)}
    with subprocess.Popen(command, env=environment, stdout=PIPE, stderr=PIPE, text=True) as launcher:
        try:
            yield launcher
        finally:
            launcher.kill()


def test_what_ranks_do_together():
    run_ranks(3, check_collectives)


def test_a_killed_rank_ends_the_job():
    with two_ranks() as launcher:
        rank = int(launcher.stdout.readline())
        begin = time.monotonic()
        os.kill(rank, signal.SIGKILL)
        _, err = launcher.communicate(timeout=60)  # until all have ended, which have its pipes
        print(f"ended after {time.monotonic() - begin:.1f} s")
    (line,) = filter(None, err.splitlines())
    assert launcher.returncode == 1
    assert line.startswith("error: rank 1 on ")
    assert "was ended by SIGKILL" in line


def test_the_error_of_one_rank_is_the_jobs():
    with two_ranks("fail") as launcher:
        _, err = launcher.communicate(timeout=60)
    assert launcher.returncode == 1
    assert list(filter(None, err.splitlines())) == ["error: config: is wrong; correct it"]


def test_no_rank_outlives_a_killed_launcher():
    with two_ranks() as launcher:
        launcher.stdout.readline()
        launcher.kill()
        launcher.communicate(timeout=30)


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({}, r"^parallel\.nodes: is 2, but this is no Slurm job; run it in one, as with --profile profiles/slurm"),
        (
            {"SLURM_JOB_ID": "17", "SLURM_JOB_NODELIST": "n[0-3]"},
            r"^parallel\.nodes: .* job 17 has 4; submit it with 2",
        ),
    ],
)
def test_nodes_are_those_of_a_slurm_job(monkeypatch, variables, line):
    monkeypatch.delenv("SLURM_JOB_ID", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(slurm, "host_names", {"n[0-3]": ["n0", "n1", "n2", "n3"]}.get)
    with pytest.raises(UserError, match=line):
        launch.start_on_nodes([], [], 2)


def test_the_launchers_code_is_of_the_launchers_jobs():
    assert launch.__file__ in map(str, code_of("launch.py"))
    assert launch.__file__ not in map(str, code_of("score_ceval.py"))
