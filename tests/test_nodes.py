"""Several nodes: the launcher, the answers, and what ends when a link, a rank or the launcher itself does."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest
import yaml
from conftest import copy_project, snakemake
from two_hosts import TwoHosts, rank_of, until

from baichuan2.ceval.records import read_records
from baichuan2.configuration import settings
from baichuan2.errors import FOLLOWED, TOLD, PeerLostError, UserError, line_of
from baichuan2.jobs import launching
from baichuan2.jobs.code import code_of

HERE = Path(__file__).parent
SCRIPTS = HERE.parent / "workflow" / "scripts"
RECORDS = Path("results/records/ceval.jsonl")
with (HERE.parent / "resources/ceval_subjects.csv").open(encoding="utf-8") as table:
    ASKED = [row["subject"] for row in csv.DictReader(table)][:20]
SCORE = (
    "workflow/scripts/score_ceval.py", "--model", "results/model", "--exam", "resources/demo/exam",
    "--subjects", "resources/ceval_subjects.csv", "--protocol", "official",
    "--engine", "device=cpu,dtype=float32,threads=2", *(word for name in ASKED for word in ("--subject", name)),
)  # fmt: skip


# ---- on two hosts ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two_hosts(tmp_path_factory) -> Iterator[TwoHosts]:
    if os.geteuid() or not shutil.which("ip"):
        pytest.skip("two hosts are network namespaces: they need root, and ip of the package iproute2")
    try:
        made = TwoHosts(tmp_path_factory.mktemp("two hosts"))
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no network namespaces here: {error.stderr.strip()}")
    yield made
    made.remove()


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy of the project, with the demo cut for two ranks."""
    copy = copy_project(tmp_path_factory.mktemp("nodes") / "项目 copy")
    (copy / "two.yaml").write_text("parallel: {world_size: 2}")
    parts = [f"results/model/part_model/{rank}/manifest.json" for rank in range(2)]
    done = snakemake(copy, "--configfile", "two.yaml", "--", *parts)
    assert done.returncode == 0, done.stderr
    return copy


class Job:
    """A command in the project that scores its exam; its lines go to a file."""

    def __init__(self, project: Path, command: Sequence[object], **variables: str):
        self.log, self.records = project / "job.log", project / RECORDS
        self.journal = self.records.with_name(".ceval.journal")
        for left in (self.records, self.journal):
            left.unlink(missing_ok=True)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                list(map(str, command)), cwd=project, env=os.environ | {"PATH": path} | variables,
                stdout=log, stderr=log,
            )  # fmt: skip

    def scores(self) -> bool:
        """Whether it has answered some questions, but not all."""
        assert self.process.poll() is None, self.log.read_text()
        return self.journal.exists() and self.journal.read_text().count("\n") > 1

    def errors(self, seconds: float = 30) -> list[str]:
        """Its lines with an error, once it has ended, within so many seconds and with code 1.

        How many it were is printed: pytest tests/test_nodes.py -rP
        """
        begin = time.monotonic()
        assert self.process.wait(seconds) == 1, self.log.read_text()
        print(f"ended after {time.monotonic() - begin:.1f} s")
        assert not self.records.exists()
        assert "Traceback" not in self.log.read_text()
        return [line for line in re.split(r"[\r\n]+", self.log.read_text()) if line.startswith("error: ")]


def launched(project: Path, parallel: dict) -> Job:
    """The exam, asked by all ranks."""
    words = ["--world-size", parallel["world_size"], "--nodes", parallel["nodes"]]
    command = [sys.executable, "workflow/scripts/launch.py", *words, "--", *SCORE, "--out", RECORDS]
    return Job(project, command, **launching.environment(parallel))


def test_a_cut_link_ends_the_job_and_the_same_command_goes_on(project, two_hosts):
    overlay = {"parallel": two_hosts.parallel(), "ceval": {"subjects": ASKED}}
    (project / "nodes.yaml").write_text(yaml.safe_dump(overlay))
    arguments = ["results/ceval", "--configfile", "nodes.yaml"]
    job = Job(project, [Path(sys.executable).with_name("snakemake"), "--cores", "1", *arguments])
    until(job.scores, 60)
    with two_hosts.cut():
        one = subprocess.Popen([sys.executable, *SCORE, "--out", "one.jsonl"], cwd=project, stderr=subprocess.DEVNULL)
        assert job.errors() == [
            "error: rank 1 on 10.77.0.2: not heard of for 15 s: the host is down, or the network to it was cut; see "
            "parallel.hosts and parallel.interface, and run again"
        ]
    assert two_hosts.running() == set()
    done = snakemake(project, *arguments)
    assert done.returncode == 0, done.stderr
    assert re.search(r"going on: \d+ of 200 questions were answered before", done.stderr)
    header, records = read_records(project / RECORDS)
    assert (header["world_size"], header["environment"]["nodes"]) == (2, 2)
    assert one.wait(60) == 0
    expected = read_records(project / "one.jsonl")[1]
    assert [record.prediction for record in records] == [record.prediction for record in expected]


def test_a_killed_rank_is_named(project, two_hosts):
    job = launched(project, two_hosts.parallel())
    until(job.scores, 60)
    (pid,) = [pid for pid in two_hosts.running() if rank_of(pid) == "1"]
    os.kill(pid, signal.SIGKILL)
    (error,) = job.errors()
    assert error.startswith("error: rank 1 on 10.77.0.2 was ended by SIGKILL")
    assert two_hosts.running() == set()


def test_the_error_of_one_rank_is_the_launchs(project, two_hosts):
    """Its weights are damaged; the other waits for it in a collective."""
    weights = project / "results/model/part_model/1/model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-4000])
    (error,) = launched(project, two_hosts.parallel()).errors(60)
    weights.write_bytes(whole)
    assert error.startswith("error: results/model/part_model/1/model.safetensors: has ")
    assert two_hosts.running() == set()


def test_nothing_outlives_a_killed_launcher(project, two_hosts):
    job = launched(project, two_hosts.parallel())
    until(lambda: {"0", "1"} <= set(map(rank_of, two_hosts.running())), 60)
    job.process.kill()
    until(lambda: not two_hosts.running())


# ---- on this host alone ------------------------------------------------------------------------------------


@contextmanager
def two_ranks(seconds: float) -> Iterator[subprocess.Popen]:
    launch = [sys.executable, SCRIPTS / "launch.py", "--world-size", "2", "--", HERE / "rank_waits.py", str(seconds)]
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS)}
    with subprocess.Popen(launch, env=environment, stdout=PIPE, stderr=PIPE, text=True) as launcher:
        try:
            yield launcher
        finally:
            launcher.kill()


def ranks_below(launcher: subprocess.Popen) -> dict[str, int]:
    """{rank: process} of those that it has started, once it has."""
    children = Path(f"/proc/{launcher.pid}/task/{launcher.pid}/children")
    until(lambda: {"0", "1"} <= {rank_of(int(pid)) for pid in children.read_text().split()})
    return {rank_of(int(pid)): int(pid) for pid in children.read_text().split()}


def wait_until_ready(launcher: subprocess.Popen) -> None:
    """Until both ranks have met."""
    assert sorted(launcher.stdout.readline() for _ in range(2)) == [f"rank {rank} is ready\n" for rank in range(2)]


def test_a_rank_that_is_long_at_work_is_not_taken_for_dead():
    """Nor is one that was stopped with all others, as by Ctrl-Z or scontrol suspend, and continued."""
    with two_ranks(4) as launcher:
        pids = [launcher.pid, *ranks_below(launcher).values()]
        wait_until_ready(launcher)
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(2)
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        out, err = launcher.communicate(timeout=60)
    assert launcher.returncode == 0, err
    assert sorted(out.splitlines()) == [f"rank {rank} has the answer" for rank in range(2)]


def test_a_killed_rank_is_named_on_one_host():
    with two_ranks(60) as launcher:
        os.kill(ranks_below(launcher)["1"], signal.SIGKILL)
        _, err = launcher.communicate(timeout=30)
    (line,) = filter(None, err.splitlines())
    assert launcher.returncode == 1
    assert line.startswith("error: rank 1 on ")
    assert "was ended by SIGKILL" in line


def test_a_stopped_rank_is_named_and_not_waited_for():
    """torch's agent would wait for it 30 s."""
    with two_ranks(60) as launcher:
        ranks = ranks_below(launcher)
        wait_until_ready(launcher)
        begin = time.monotonic()
        os.kill(ranks["1"], signal.SIGSTOP)
        _, err = launcher.communicate(timeout=30)
        print(f"ended after {time.monotonic() - begin:.1f} s")
        assert time.monotonic() - begin < 15
    assert launcher.returncode == 1
    (line,) = (line for line in err.splitlines() if line.startswith("error: "))
    assert re.fullmatch(r"error: rank 1 on \S+: not heard of for 1 s: it was stopped, or it hangs; .*", line)
    assert not rank_of(ranks["1"])


def test_no_rank_outlives_a_killed_launcher_on_one_host():
    with two_ranks(60) as launcher:
        ranks = ranks_below(launcher)
        launcher.kill()
    until(lambda: not any(map(rank_of, ranks.values())))


# ---- command lines -----------------------------------------------------------------------------------------

SHOW = "import json, os, sys; print(json.dumps([os.getcwd(), sys.argv[1:], dict(os.environ)]))"


def test_a_remote_shell_runs_the_half_as_it_would_run_here(tmp_path, monkeypatch):
    """In the same folder, with the same words, and with the variables that matter."""
    folder = tmp_path / "项目 it's"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HCCL_BUFFSIZE", "a b'c")
    monkeypatch.setenv("HF_TOKEN", "secret")
    half = launching.Half((sys.executable, "-c", SHOW), ("script.py", "--out", "结果 $HOME/x", ""))
    commands = launching.by_remote_shell(half, ["me@甲", "乙"], "ssh -p '2 2'", 29501)
    assert [command[:4] for command in commands.values()] == [["ssh", "-p", "2 2", host] for host in commands]
    for rank, (host, (*_, line)) in enumerate(commands.items()):
        done = subprocess.run(["sh", "-c", line], cwd="/", env={}, check=True, capture_output=True, text=True)
        where, words, variables = json.loads(done.stdout)
        assert where == str(folder)
        options = ["--first", "甲:29501", "--node-rank", str(rank), "--name", host]
        assert words == [*options, "--", "script.py", "--out", "结果 $HOME/x", ""]
        assert (variables["HCCL_BUFFSIZE"], variables["PATH"]) == ("a b'c", os.environ["PATH"])
        assert "HF_TOKEN" not in variables


@pytest.fixture
def slurm(tmp_path, monkeypatch) -> None:
    """A job of two nodes, in which only its number is known; commands that answer as Slurm's."""
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


HALF = launching.Half(("python", "launch.py"), ("script.py", "--out", "a b"))


def test_in_a_slurm_job_srun_starts_the_halves(slurm):
    command = launching.by_srun(HALF, 2, 29500)
    options, half = command[:-7], command[-7:]
    assert half == ["launch.py", "--first", "10.0.0.7:29517", "--", "script.py", "--out", "a b"]
    assert options[:3] == ["srun", "--jobid", "17"]
    for option, value in {"--nodes": "2", "--ntasks": "2", "--ntasks-per-node": "1", "--cpu-bind": "none"}.items():
        assert options[options.index(option) + 1] == value


def test_a_slurm_job_of_another_size_is_refused(slurm):
    with pytest.raises(UserError, match=r"^parallel\.nodes: is 4, but Slurm's job 17 has 2; submit it with 4"):
        launching.by_srun(HALF, 4, 29500)


def test_without_hosts_and_without_slurm_there_are_no_nodes(monkeypatch):
    monkeypatch.delenv("SLURM_JOB_ID", raising=False)
    with pytest.raises(UserError, match=r"^parallel\.hosts: is empty, and this is no Slurm job; name the 2 hosts"):
        launching.by_srun(HALF, 2, 29500)


def test_a_remote_shell_that_is_absent_is_named():
    with pytest.raises(UserError, match=r"^parallel\.remote_shell: no-such-shell does not start"):
        launching.supervise({"a": ["no-such-shell", "a", "true"]})


def test_halves_that_do_not_end_are_stopped(monkeypatch):
    """One by the end of its input, one by a signal, since it heeds no end."""
    monkeypatch.setattr(launching, "GRACE_S", 0.2)
    monkeypatch.setattr(launching, "STOP_S", 0.5)
    halves = {"a": ["sh", "-c", "exit 3"], "b": ["cat"], "c": ["sleep", "60"]}
    assert launching.supervise(halves) == {"a": 3, "b": None, "c": None}


@pytest.mark.parametrize(
    ("codes", "line"),
    [
        ({"a": TOLD, "b": FOLLOWED}, None),
        ({"a": FOLLOWED, "b": 255}, r"^parallel\.hosts: b ended with code 255; see the lines above"),
        ({"a": FOLLOWED, "b": None}, r"^parallel\.hosts: b was lost, and no rank knows why"),
        ({"a": 0, "b": None}, r"^parallel\.hosts: b was lost"),
    ],
)
def test_one_line_says_what_went_wrong(codes, line):
    """None, where a half has said it already."""
    with pytest.raises(SystemExit if line is None else UserError, match=line or "^1$"):
        launching.judge(codes)


def test_halves_that_end_well_are_no_error():
    launching.judge({"a": 0, "b": 0})


def test_hosts_that_do_not_reach_each_other_are_one_line():
    line = line_of(PeerLostError("init_process_group", RuntimeError("Connection refused,\n remote=[127.0.0.1]:4")))
    assert line.startswith("init_process_group failed (Connection refused, remote=[127.0.0.1]:4)")
    assert "set parallel.interface" in line


# ---- the workflow ------------------------------------------------------------------------------------------


def test_the_launcher_is_told_by_variables_and_those_of_the_user_stay(monkeypatch):
    for name in (*launching.INTERFACE, launching.HOSTS, launching.REMOTE_SHELL, launching.PORT):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GLOO_SOCKET_IFNAME", "mine")
    parallel = {"nodes": 2, "hosts": ["a", "b"], "remote_shell": "rsh -x", "interface": "eth1", "port": 3}
    settings.set_launch_environment({"parallel": parallel | {"nodes": 1}})
    assert launching.HOSTS not in os.environ
    settings.set_launch_environment({"parallel": parallel})
    assert [os.environ[name] for name in (launching.HOSTS, launching.REMOTE_SHELL, launching.PORT)] == [
        "a b",
        "rsh -x",
        "3",
    ]
    assert [os.environ[name] for name in launching.INTERFACE] == ["mine", "eth1", "=eth1", "=eth1"]


def test_the_launchers_code_is_of_the_launchers_jobs():
    names = {path.name for path in code_of("launch.py")}
    assert {"launch.py", "launching.py", "node.py", "liveness.py"} <= names
    assert "launching.py" not in {path.name for path in code_of("score_ceval.py")}


def test_the_launcher_needs_no_torch_until_it_runs_ranks():
    code = "import sys, launch; assert not {'torch', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, check=True)
