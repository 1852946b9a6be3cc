"""Several nodes: the launcher, the answers, and what ends when a link, a rank or the launcher itself does."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml
from conftest import copy_project, snakemake
from two_hosts import TwoHosts, rank_of, until

from baichuan2 import launching, settings
from baichuan2.ceval.records import read_records
from baichuan2.closure import code_of
from baichuan2.errors import FOLLOWED, TOLD, UserError

HERE = Path(__file__).parent
RECORDS = Path("results/records/ceval.jsonl")
SCORE = (
    "workflow/scripts/score_ceval.py", "--model", "results/model", "--exam", "resources/demo/exam", "--subjects",
    "resources/ceval_subjects.csv", "--protocol", "official", "--device", "cpu", "--dtype", "float32", "--threads", "2",
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
        """Its lines with an error, once it has ended, within so many seconds and with code 1."""
        assert self.process.wait(seconds) == 1, self.log.read_text()
        assert not self.records.exists()
        assert "Traceback" not in self.log.read_text()
        return [line for line in re.split(r"[\r\n]+", self.log.read_text()) if line.startswith("error: ")]


def launched(project: Path, parallel: dict) -> Job:
    """The exam, asked by all ranks."""
    words = ["--world-size", parallel["world_size"], "--nodes", parallel["nodes"]]
    command = [sys.executable, "workflow/scripts/launch.py", *words, "--", *SCORE, "--out", RECORDS]
    return Job(project, command, **launching.environment(parallel))


def test_a_cut_link_ends_the_job_and_the_same_command_goes_on(project, two_hosts):
    (project / "nodes.yaml").write_text(yaml.safe_dump({"parallel": two_hosts.parallel()}))
    arguments = ["results/ceval", "--configfile", "nodes.yaml"]
    job = Job(project, [Path(sys.executable).with_name("snakemake"), "--cores", "1", *arguments])
    until(job.scores, 60)
    with two_hosts.cut():
        assert job.errors() == [
            "error: rank 1 on 10.77.0.2: not heard of for 15 s: the host is down, or the network to it was cut; see "
            "parallel.hosts and parallel.interface, and run again"
        ]
    assert two_hosts.running() == set()
    done = snakemake(project, *arguments)
    assert done.returncode == 0, done.stderr
    assert re.search(r"going on: \d+ of 520 questions were answered before", done.stderr)
    header, records = read_records(project / RECORDS)
    assert (header["world_size"], header["environment"]["nodes"]) == (2, 2)
    one = project / "one.jsonl"
    subprocess.run([sys.executable, *SCORE, "--out", one], cwd=project, check=True, capture_output=True)
    assert [record.prediction for record in records] == [record.prediction for record in read_records(one)[1]]


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
