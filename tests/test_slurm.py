"""The profiles: jobs through a real Slurm, one of them cancelled, and cards of its own for each job of a host."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cached_property
from pathlib import Path

import pytest
import yaml

from baichuan2.configuration import settings
from baichuan2.configuration.schema import read_config_file, read_schema
from baichuan2.configuration.settings import check_settings
from baichuan2.devices.environment_check import HIDES_CARDS
from baichuan2.errors import UserError
from baichuan2.integrity import read_sealed, read_sealed_lines
from baichuan2.jobs import cards
from baichuan2.jobs import slurm as asking
from baichuan2.jobs.resources import check_cards, of_job
from helpers import slurm
from helpers.projects import HELPERS, ROOT, copy_project, snakemake

ON_CARDS = ROOT / "workflow/scripts/on_cards.py"
TARGETS = ("results/ceval", "results/perf_quant")
# The plugin first looks after the jobs so many seconds after they went, then 10 later, then 20, ...
QUICK = ("--profile", "profiles/slurm", "--slurm-init-seconds-before-status-checks", "1", "--max-threads", "1")


def wait_for(condition, seconds: float = 60):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


# ---- Slurm -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[dict[str, str]]:
    reason = slurm.missing()
    if reason:
        pytest.skip(reason)
    with slurm.cluster(tmp_path_factory.mktemp("slurm")) as environment:
        yield environment | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"}


@contextmanager
def started(folder: Path, environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen]:
    """snakemake through the Slurm profile, begun; killed where it has not ended with the block."""
    log = folder / "snakemake.out"
    with log.open("w") as output, subprocess.Popen(
        ["snakemake", *QUICK, *arguments], cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def job_of(environment: dict[str, str], rule: str, state: str) -> dict[str, str] | None:
    """Slurm's job of a rule that is in a state."""
    jobs = slurm.jobs(environment)
    of_rule = re.compile(rf"rule_{rule}(_wildcards_.*)?")
    return next((job for job in jobs if of_rule.fullmatch(job["Comment"]) and job["JobState"] == state), None)


@pytest.fixture(scope="module")
def submitted(cluster, project, tmp_path_factory) -> Path:
    """The project, run locally, with another engine.device and one case of speed: both run anew, by Slurm.

    C-Eval's job is cancelled as soon as some questions are answered.
    """
    copy = tmp_path_factory.mktemp("submitted") / "项目 slurm"
    shutil.copytree(project, copy, symlinks=True)
    config = copy / "config/config.yaml"
    text = config.read_text(encoding="utf-8")
    for old, new in (("device: auto ", "device: cpu "), ("case_pair: null ", "case_pair: [[32, 32]] ")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    config.write_text(text, encoding="utf-8")
    journal = copy / "results/records/.ceval.journal"
    with started(copy, cluster, *TARGETS) as process:
        wait_for(lambda: process.poll() is not None or (journal.exists() and journal.read_bytes().count(b"\n") > 12))
        assert process.poll() is None, (copy / "snakemake.out").read_text()
        slurm.command(cluster, "scancel", job_of(cluster, "score_ceval", "RUNNING")["JobId"])
        assert process.wait(300) == 0, (copy / "snakemake.out").read_text()
    return copy


def test_heavy_jobs_alone_went_to_slurm(cluster, submitted):
    """Slurm's own list: nothing but these. The tables were made here."""
    states = [(job["Comment"], job["JobState"]) for job in slurm.jobs(cluster) if "rule_" in job["Comment"]]
    assert sorted(states) == [
        *(("rule_measure_perf_wildcards_results__quant_" + number, "COMPLETED") for number in "123"),
        ("rule_score_ceval_wildcards_results_", "CANCELLED"),
        ("rule_score_ceval_wildcards_results_", "COMPLETED"),
    ]
    said = (submitted / "snakemake.out").read_text()
    assert set(re.findall(r"Finished jobid: \d+ \(Rule: (\w+)\)", said)) == {
        "score_ceval", "ceval", "measure_perf", "merge_perf", "perf_quant",
    }  # fmt: skip


def test_a_cancelled_job_goes_on(cluster, submitted):
    said = (submitted / "results/logs/score_ceval.log").read_text()
    kept, all_ = map(int, re.search(r"going on: (\d+) of (\d+) questions were answered before", said).groups())
    assert 12 <= kept < all_ == 520
    logs = submitted / "results/logs/slurm"
    assert [path.parts[-3] for path in logs.rglob("*.log")] == ["rule_score_ceval"]  # of the one that failed


def test_the_results_are_a_local_runs(project, submitted):
    def answers(root: Path) -> list[dict]:
        return read_sealed_lines(root / "results/records/ceval.jsonl")[1:]

    def cases(root: Path) -> list[dict]:
        untimed = ("batch_size", "input_len", "output_len", "reason", "note", "weight_bytes", "kv_bytes")
        measured = read_sealed(root / "results/records/perf_quant.json")["cases"]
        return [
            {key: case[key] for key in untimed} for case in measured if case["input_len"] == case["output_len"] == 32
        ]

    assert answers(submitted) == answers(project)
    assert cases(submitted) == cases(project)
    for name in ("cache0.csv", "result_0_subject_acc.json", "result_0_classes_acc.json"):
        made, expected = ((root / "results/ceval/test_result" / name).read_bytes() for root in (submitted, project))
        assert made == expected


def test_where_it_ran_is_no_reason_to_run_again(submitted):
    """Nor is an input that was written anew as it was: what it held is recorded by Slurm's jobs too."""
    (submitted / "resources/demo/exam/val/law_val.csv").touch()
    done = snakemake(submitted, "--dry-run", *TARGETS)
    assert "Nothing to be done" in done.stdout + done.stderr, done.stdout + done.stderr


def test_a_model_on_two_nodes_of_slurm(cluster, project, submitted):
    """One rank on each, started by srun in the job's allocation: the answers begin as one process's."""
    overlay = submitted / "two.yaml"
    config = {"parallel": {"world_size": 2, "nodes": 2}, "inference": {"max_new_tokens": 4}}
    overlay.write_text(yaml.safe_dump(config))
    done = snakemake(submitted, "cut_weights", "--configfile", str(overlay))
    assert done.returncode == 0, done.stderr
    with started(submitted, cluster, "results/inference", "--configfile", str(overlay)) as process:
        assert process.wait(200) == 0, (submitted / "snakemake.out").read_text()
    assert job_of(cluster, "run_inference", "COMPLETED")["NodeList"] == "n[0-1]"
    header, *found = read_sealed_lines(submitted / "results/records/inference.jsonl")
    _, *expected = read_sealed_lines(project / "results/records/inference.jsonl")
    assert (header["world_size"], header["environment"]["nodes"]) == (2, 2)
    for short, whole in zip(found, expected, strict=True):
        assert whole["answer"].startswith(short["answer"])


def test_the_error_of_one_rank_ends_the_job_on_both_nodes(cluster):
    launch = [ROOT / "workflow/scripts/launch.py", "--world-size", "2", "--nodes", "2"]
    salloc = ["salloc", "--nodes", "2", "--ntasks-per-node", "1", "--mem", "1", "--comment", "by-hand"]
    command = [*salloc, sys.executable, *launch, "--", HELPERS / "two_ranks.py", "fail"]
    environment = cluster | {"PYTHONPATH": str(ROOT / "workflow/scripts")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100)
    assert done.returncode
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert errors == ["error: config: is wrong; correct it"], done.stderr
    assert "Traceback" not in done.stderr
    wait_for(lambda: not slurm.command(cluster, "squeue", "--noheader"))


@pytest.mark.parametrize(("device", "row", "target"), [("auto", "cpu", "results/ceval"), ("cpu", "auto", "sweep")])
def test_auto_is_not_for_a_cluster(cluster, submitted, tmp_path, device, row, target):
    overlay, runs = tmp_path / "auto.yaml", tmp_path / "runs.csv"
    overlay.write_text(yaml.safe_dump({"engine": {"device": device}, "sweep": {"runs": str(runs)}}))
    runs.write_text(f"name,precision,engine.device\na,float,{row}\n")
    before = len(slurm.jobs(cluster))
    done = snakemake(submitted, *QUICK, "--configfile", str(overlay), "--", target, **cluster)
    said = [line for line in done.stderr.splitlines() if "error: " in line]
    assert (done.returncode, len(said)) == (1, 1)
    where = f"{runs}, run a: " if row == "auto" else ""
    expected = "engine.device: auto looks at this host, but jobs go to others; set cpu, cuda or npu"
    assert said[0] == f"error: {where}{expected}"
    assert len(slurm.jobs(cluster)) == before
    assert not any((submitted / ".snakemake/locks").glob("*"))


@pytest.mark.parametrize(("device", "gres"), [("cuda", "gres:gpu:2"), ("npu", "gres:npu:2")], ids=["cuda", "npu"])
def test_what_a_job_on_cards_asks_of_slurm(cluster, tmp_path, device, gres):
    """Of four ranks on two machines: two cards on each. The partition is closed, so that the job waits."""
    copy = copy_project(tmp_path / "项目 cards")
    overlay = tmp_path / "cards.yaml"
    config = {"engine": {"device": device}, "perf": {"weights": "random:baichuan2-0.4b"}}
    config["parallel"] = {"world_size": 4, "nodes": 2}
    overlay.write_text(yaml.safe_dump(config))
    slurm.command(cluster, "scontrol", "update", "partition=all", "state=down")
    try:
        with started(copy, cluster, "--configfile", str(overlay), "--", "results/perf") as process:
            job = wait_for(lambda: job_of(cluster, "measure_perf", "PENDING") or process.poll() is not None)
            assert process.poll() is None, (copy / "snakemake.out").read_text()
    finally:
        slurm.command(cluster, "scancel", "--user=root")
        slurm.command(cluster, "scontrol", "update", "partition=all", "state=up")
    found = {key: job[key] for key in ("TresPerNode", "NumNodes", "NumTasks", "CPUs/Task", "TimeLimit")}
    assert found == {
        "TresPerNode": gres, "NumNodes": "2-2", "NumTasks": "2", "CPUs/Task": "16", "TimeLimit": "1-00:00:00",
    }  # fmt: skip
    assert float(job["MinMemoryNode"].removesuffix("G")) == 64000 / 1024


def test_jobs_of_one_node_have_ascend_cards_of_their_own(cluster):
    """Slurm gives them, and says so to who asks; two of a model's ranks on each node have that node's."""
    show = ["sh", "-c", f"echo ${HIDES_CARDS['npu']}; sleep 4"]
    on_cards = [sys.executable, ON_CARDS, "--device", "npu", "--slurm", "npu", "--", *show]
    srun = ["srun", "--nodelist", "n0", "--ntasks", "1", "--mem", "1", "--gres", "npu:1", *map(str, on_cards)]
    found = [subprocess.Popen(srun, env=cluster, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sorted(process.communicate(timeout=60)[0].strip() for process in found) == ["0", "1"]
    chosen = cluster | {HIDES_CARDS["npu"]: "7"}  # by a prolog, say
    assert subprocess.run(srun, env=chosen, capture_output=True, text=True).stdout.strip() == "7"
    srun[srun.index("npu:1")] = "gpu:1"
    done = subprocess.run(srun, env=cluster, capture_output=True, text=True)
    assert [line for line in done.stderr.splitlines() if line.startswith("error: parallel.gres: Slurm does not say")]


SAID = (
    "JobId=7 BatchHost=n1 JOB_GRES=npu:5 Nodes=n0 CPU_IDs=0-1 Mem=10 GRES=gpu:1(IDX:4),npu:2(IDX:0,3) "
    "Nodes=n[1-2] CPU_IDs=0 Mem=10 GRES=npu:910b:3(IDX:0,2-3) MinMemoryNode=1"
)


@pytest.mark.parametrize(("node", "cards"), [("n0", "0 3"), ("n2", "0 2 3"), (None, "0 2 3")])
def test_which_cards_a_job_has(monkeypatch, node, cards):
    names = {"n0": ["n0"], "n[1-2]": ["n1", "n2"]}
    monkeypatch.setattr(asking, "query", lambda *_: SAID)
    monkeypatch.setattr(asking, "host_names", names.get)
    assert asking.cards_of_job("7", "npu", node) == cards.split()


def test_another_node_has_its_own_cards(monkeypatch):
    monkeypatch.setenv("SLURM_JOB_ID", "7")
    monkeypatch.setattr(asking, "cards_of_job", lambda job, gres, node=None: [job, gres, str(node)])
    monkeypatch.delenv(cards.OF_SLURM, raising=False)
    monkeypatch.delenv(HIDES_CARDS["npu"], raising=False)
    assert cards.of_slurm_node("n1") == {}
    first = cards.of_slurm("npu", "ascend")
    assert first[HIDES_CARDS["npu"]] == "7,ascend,None"
    monkeypatch.setenv(cards.OF_SLURM, first[cards.OF_SLURM])
    assert cards.of_slurm_node("n1") == {HIDES_CARDS["npu"]: "7,ascend,n1"}
    monkeypatch.setenv(HIDES_CARDS["npu"], "5")
    assert cards.of_slurm("npu", "ascend") == {}


def test_jobs_that_an_earlier_snakemake_left_are_refused(cluster, submitted):
    """They would write over this one's results."""
    words = ["sbatch", "--parsable", "--comment", "rule_score_ceval", "--hold", "--wrap", "true"]
    job = subprocess.run(words, cwd=submitted, env=cluster, check=True, capture_output=True, text=True).stdout.strip()
    try:
        done = snakemake(submitted, *QUICK, "--forcerun", "ceval", "--", "results/ceval", **cluster)
    finally:
        slurm.command(cluster, "scancel", job)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(f"over this one's results; run: scancel {job}")
    asking.check_left_jobs(f"{job}|rule_score_ceval|/elsewhere\n8|(null)|{submitted}\n", submitted)


@pytest.mark.parametrize("seconds", [20, 300])
def test_a_slurm_that_forgets_too_soon(seconds):
    with pytest.raises(UserError, match="MinJobAge: is 20 s") if seconds == 20 else nullcontext():
        asking.check_min_job_age(f"MessageTimeout = 10 sec\nMinJobAge               = {seconds} sec\n")


def test_a_job_refuses_a_config_that_is_another_by_now(monkeypatch):
    monkeypatch.delenv(settings.HELD, raising=False)
    settings.hold({"a": {"b": 1, "c": 2}}, submits=False)  # by hand
    settings.hold({"a": {"b": 1, "c": 2}}, submits=True)
    settings.hold({"a": {"c": 2, "b": 1}}, submits=False)
    with pytest.raises(UserError, match=r"^config\.yaml: was changed after this job was submitted"):
        settings.hold({"a": {"b": 1, "c": 3}}, submits=False)


def test_without_slurm_one_line_says_so(project, tmp_path):
    """Before any result is touched."""
    pytest.importorskip("snakemake_executor_plugin_slurm", reason="make slurm")
    overlay = tmp_path / "cpu.yaml"
    overlay.write_text(yaml.safe_dump({"engine": {"device": "cpu"}}))
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for program in ("bash", "which"):
        (bin_ / program).symlink_to(shutil.which(program))
    path = os.pathsep.join((str(Path(sys.executable).parent), str(bin_)))
    done = snakemake(project, *QUICK, "--configfile", str(overlay), "--", "results/ceval", PATH=path)
    said = [line for line in done.stderr.splitlines() if "error: " in line]
    assert said == ["error: sbatch: not on the PATH; run on a host of the Slurm cluster, or without profiles/slurm"]
    assert done.returncode == 1
    assert (project / "results/records/ceval.jsonl").exists()


@pytest.mark.parametrize("name", ["slurm", "host"])
def test_a_profile_has_what_the_default_one_has(name):
    """--workflow-profile puts it in that one's place; with --profile that one's keys go before its own."""
    default, other = (
        yaml.safe_load((ROOT / f"profiles/{each}/config.yaml").read_text()) for each in ("default", name)
    )
    assert default.items() <= other.items()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("cpu", 4), {"cards": 0, "gres": ""}),
        (("cuda",), {"cards": 1, "gres": "gpu:1"}),
        (("npu", 8, 1), {"cards": 8, "gres": "npu:8"}),
        (("cuda", 2, 1, "gpu:a100"), {"cards": 2, "gres": "gpu:a100:2"}),
        (("cpu", 4, 2), {"cards": 0, "gres": "", "nodes": 2, "tasks": 2, "tasks_per_gpu": 0, "mpi": "srun"}),
    ],
)
def test_what_a_job_asks_for(arguments, expected):
    assert of_job(*arguments) == expected


@pytest.mark.parametrize(("gres", "refused"), [("gpu:a100_80.1", False), ("gpu:a100-80", True), ("gpu:a100:2", True)])
def test_a_gres_that_the_plugin_would_refuse(gres, refused):
    config = read_config_file(ROOT / "config/config.yaml")
    config["parallel"]["gres"] = gres
    schema = read_schema()
    with pytest.raises(UserError, match=r"parallel\.gres") if refused else nullcontext():
        check_settings(config, schema)


# ---- cards of one host -------------------------------------------------------------------------------------


def commands(project: Path, *arguments: str) -> list[str]:
    """The shell commands of a dry run that run a model."""
    done = snakemake(project, "--dry-run", "--printshellcmds", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return re.findall(r"^ *(\S.*(?:score_ceval|calibrate)\.py)", done.stdout, re.MULTILINE)


def test_the_host_profile_gives_each_job_its_cards(tmp_path):
    """That alone: it is no parameter of a job."""
    copy = copy_project(tmp_path / "项目 host")
    overlay = tmp_path / "cards.yaml"
    config = {"engine": {"device": "npu"}, "quantize": {"device": "cuda"}, "parallel": {"world_size": 2}}
    overlay.write_text(yaml.safe_dump(config))
    asked = ("--configfile", str(overlay), "--", "results/ceval_quant")
    plain, shared = commands(copy, *asked), commands(copy, "--profile", "profiles/host", *asked)
    begin = 'python "$BAICHUAN2_SCRIPTS/on_cards.py" --device'
    assert shared == [f"{begin} cuda --cards 1 -- {plain[0]}", f"{begin} npu --cards 2 -- {plain[1]}"]


def test_more_cards_than_the_host_profile_has(project, tmp_path):
    overlay = tmp_path / "cards.yaml"
    overlay.write_text(yaml.safe_dump({"engine": {"device": "npu"}, "parallel": {"world_size": 4}}))
    done = snakemake(project, "--dry-run", "--resources", "cards=2", "--configfile", str(overlay))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "error: parallel.world_size: 4 cards, but profiles/host has 2; lower it, or raise that"
    )


def test_cards_of_several_hosts_are_not_shared_out():
    check_cards(2, 1, 2)
    check_cards(0, 2, 2)  # on CPUs
    with pytest.raises(UserError, match=r"parallel\.nodes"):
        check_cards(2, 2, 2)


def test_the_host_profile_is_no_reason_to_run_again(project):
    done = snakemake(project, "--dry-run", "--profile", "profiles/host")
    assert "Nothing to be done" in done.stdout + done.stderr, done.stdout + done.stderr


class Held:
    """A job on cards, which says which it has and then waits until its input is closed."""

    def __init__(self, locks: Path, number: int, device: str, visible: str):
        self.process = subprocess.Popen(
            [sys.executable, ON_CARDS, "--device", device, "--cards", str(number), "--locks", locks, "--",
             "sh", "-c", f"echo ${HIDES_CARDS[device]}; exec cat"],
            env=os.environ | {HIDES_CARDS[device]: visible},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def is_running(self, seconds: float = 60) -> bool:
        """Whether the job has its cards, within so many seconds."""
        return bool(select.select([self.process.stdout], [], [], seconds)[0])

    @cached_property
    def cards(self) -> str:
        assert self.is_running()
        return self.process.stdout.readline().strip()


@pytest.fixture
def hold(tmp_path) -> Iterator[Callable[..., Held]]:
    """hold(number) begins a job on so many of the cards 4, 6 and 10."""
    begun = []

    def begin(number: int, device: str = "cuda", visible: str = "10,4,6") -> Held:
        begun.append(Held(tmp_path / "locks", number, device, visible))
        return begun[-1]

    yield begin
    for job in begun:
        job.process.kill()
        with job.process:  # waits, and closes its pipes
            pass


def test_no_two_jobs_have_a_card(hold):
    """One that is killed gives its card back, and who waits for it gets it; ascending, commas alone between them."""
    first, second = hold(1), hold(2)
    assert {first.cards, second.cards} in ({"4", "6,10"}, {"10", "4,6"})
    third = hold(1)
    assert "waiting for 1 of the cuda cards 4,6,10 to be free" in third.process.stderr.readline()
    assert not third.is_running(0)
    first.process.kill()
    assert third.cards == first.cards
    fourth = hold(3)
    assert "waiting for 3" in fourth.process.stderr.readline()
    second.process.stdin.close()
    third.process.stdin.close()
    assert fourth.cards == "4,6,10"


def test_cards_of_another_kind_are_others(hold):
    assert hold(3).cards == "4,6,10"
    assert hold(2, "npu", "4,6,10").cards == "4,6"


def test_cards_are_counted_where_no_variable_chooses(tmp_path, monkeypatch):
    """By nvidia-smi, and by Ascend's device files."""
    for variable in HIDES_CARDS.values():
        monkeypatch.delenv(variable, raising=False)
    smi = tmp_path / "nvidia-smi"
    smi.write_text("#!/bin/sh\necho 'GPU 0: NVIDIA H200 (UUID: GPU-6a)'; echo 'GPU 1: NVIDIA H200 (UUID: GPU-6b)'\n")
    smi.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert cards.visible("cuda") == ["0", "1"]
    for name in ("davinci0", "davinci1", "davinci2", "davinci_manager"):
        (tmp_path / name).touch()
    monkeypatch.setattr(cards, "DEVICES", tmp_path)
    assert cards.visible("npu") == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("device", "visible", "expected"),
    [
        ("npu", "3,1,11", ["1", "3", "11"]),
        ("cuda", "GPU-8932f937,GPU-1a", ["GPU-1a", "GPU-8932f937"]),
        ("cuda", "MIG-GPU-8932f937/1/0", ["MIG-GPU-8932f937/1/0"]),
    ],
)
def test_the_variable_chooses(monkeypatch, device, visible, expected):
    monkeypatch.setenv(HIDES_CARDS[device], visible)
    assert cards.visible(device) == expected


@pytest.mark.parametrize(
    ("device", "visible", "number", "expected"),
    [
        (
            "npu",
            "0, 1",
            1,
            "ASCEND_RT_VISIBLE_DEVICES: '0, 1'; write cards with commas alone between them, or unset it",
        ),
        ("npu", "GPU-1a", 1, "ASCEND_RT_VISIBLE_DEVICES: 'GPU-1a'; write cards"),
        ("cuda", "-1", 1, "CUDA_VISIBLE_DEVICES: '-1'; write cards"),
        ("cuda", "", 1, "engine.device: no cuda card to be seen here; check the driver and CUDA_VISIBLE_DEVICES"),
        ("cuda", "0,1", 4, "parallel.world_size: 4 cards, but cuda has 2 here (0,1)"),
    ],
)
def test_cards_that_are_not_there(tmp_path, device, visible, number, expected):
    command = [
        sys.executable,
        ON_CARDS,
        "--device",
        device,
        "--cards",
        str(number),
        "--locks",
        tmp_path,
        "--",
        "true",
    ]
    environment = os.environ | {HIDES_CARDS[device]: visible}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"error: {expected}")


def test_locks_of_another_user(tmp_path, monkeypatch):
    """Somebody else's folder, or a link to a place of his choice."""
    locks = tmp_path / "locks"
    locks.symlink_to(tmp_path)
    monkeypatch.setenv(HIDES_CARDS["cuda"], "0")
    with pytest.raises(UserError, match="locks"):
        cards.take("cuda", 1, locks)
