"""The host: its frequency governor and what sets it, what results say of it, and static TLS that ran out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import measure_perf
from baichuan2 import host
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.model import sizes
from helpers.models import ALIBI
from helpers.projects import ROOT, copy_project

SCRIPTS = ROOT / "workflow" / "scripts"
GOMP = "/root/miniconda3/envs/wqh39/bin/../lib/libgomp.so.1"  # the path in the guide's FAQ


def processors(root: Path, *governors: str) -> Path:
    """A sysfs with one processor for each governor; "" is one that tells none."""
    for number, name in enumerate(governors):
        cpufreq = root / f"cpu{number}" / "cpufreq"
        cpufreq.mkdir(parents=True)
        if name:
            (cpufreq / "scaling_governor").write_text(name + "\n")
    (root / "cpufreq").mkdir(parents=True)  # as in the real one, beside the processors
    return root


# The governor


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((), "unknown"),
        (("", ""), "unknown"),
        (("performance", "performance"), "performance"),
        (("schedutil", "performance", ""), "performance, schedutil"),
    ],
)
def test_governor(tmp_path, found, expected):
    assert host.governor(processors(tmp_path, *found)) == expected


@pytest.mark.parametrize(("found", "said"), [("powersave", 1), ("performance", 0), ("", 0)])
def test_only_a_known_other_governor_is_worth_a_line(tmp_path, caplog, found, said):
    host.advise_governor(processors(tmp_path, found))
    assert len(caplog.messages) == said
    assert all("powersave" in line and "snakemake cpu_performance" in line for line in caplog.messages)


def test_a_measurement_carries_the_host_and_says_so_first(tmp_path, monkeypatch, caplog):
    monkeypatch.setitem(sizes.SHAPES, "tiny", replace(ALIBI, dtype="float32"))
    monkeypatch.setattr(host, "PROCESSORS", processors(tmp_path / "cpu", "powersave"))
    measure = measure_perf.measure_cases
    said_before = []

    def measured(*arguments):
        said_before.extend(caplog.messages)
        return measure(*arguments)

    monkeypatch.setattr(measure_perf, "measure_cases", measured)
    out = tmp_path / "perf.json"
    measure_perf.main(
        "random:tiny", out, None, "detail", "[1]", case_pair="[[4, 2]]", warmup=0, repeats=1,
        engine=Settings("cpu", max_seq_len=16, threads=1),
    )  # fmt: skip
    environment = json.loads(out.read_text())["environment"]
    assert sum("cpu_performance" in line for line in said_before) == 1
    assert environment["cpu_governor"] == "powersave"
    assert environment["cpu_threads"] == 1
    assert environment["cpu_cores"] == len(os.sched_getaffinity(0))
    assert environment["memory_bytes"] > 2**28
    assert os.uname().release in environment["system"]
    assert {"cpu", "device_name", "torch", "python"} <= {key for key, value in environment.items() if value}


# Its processor


ARM = """processor\t: 0
BogoMIPS\t: 200.00
Features\t: fp asimd evtstrm asimdhp asimddp
CPU implementer\t: {}
CPU architecture: 8
CPU variant\t: 0x1
CPU part\t: {}
"""
X86 = "processor\t: 0\nmodel name\t: A CPU @ 2.60GHz\nflags\t\t: fpu avx2 avx512f\nbugs\t\t: none\n"


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        (ARM.format("0x48", "0xd01"), "Kunpeng-920", "asimddp"),
        (ARM.format("0x41", "0xd0c"), "Neoverse-N1", "asimddp"),
        (ARM.format("0x41", "0xd0b"), "Cortex-A76", "asimddp"),
        (ARM.format("0x61", "0x000"), "Apple, part 0x000", "asimddp"),
        (ARM.format("0x99", "0x001"), "implementer 0x99, part 0x001", "asimddp"),
        (X86, "A CPU @ 2.60GHz", "avx512f"),
    ],
)
def test_a_processor_has_its_name_and_its_flags(tmp_path, monkeypatch, text, name, flag):
    (tmp_path / "cpuinfo").write_text(text)
    monkeypatch.setattr(host, "CPUINFO", tmp_path / "cpuinfo")
    assert host.cpu_name() == name
    assert flag in host.cpu_flags()


def test_a_processor_without_cpuinfo_is_its_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(host, "CPUINFO", tmp_path / "absent")
    assert host.cpu_name()
    assert host.cpu_flags() == set()


# C-Eval's answers do not hang on it


def test_the_journal_survives_another_governor_but_not_another_dtype(make_model, monkeypatch, tmp_path):
    with open_engine(Settings("cpu", "float32", 128, threads=1), make_model()) as engine:
        here, one = engine.environment(), engine.identity()
        monkeypatch.setattr(host, "PROCESSORS", processors(tmp_path, "powersave"))
        there = engine.environment()
        assert here != there
        monkeypatch.setattr(engine, "environment", lambda: there | {"cpu_threads": 64, "system": "another kernel"})
        assert engine.identity() == one
        for key in ("dtype", "precision", "world_size", "device", "device_name", "torch", "kv_cache"):
            monkeypatch.setattr(engine, "environment", lambda key=key: here | {key: "another"})
            assert engine.identity() != one


# cpu_performance


def cpupower(directory: Path, body: str) -> Path:
    """A directory with a `cpupower` of its own, for PATH."""
    directory.mkdir()
    script = directory / "cpupower"
    script.write_text(f"#!/bin/bash\n{body}\n")
    script.chmod(0o755)
    return directory


def run_script(*arguments: object, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *map(str, arguments)], env=os.environ | environment, cwd=cwd,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        ('test "$*" = "frequency-set -g performance" && echo "Setting cpu: 0"', 0, ""),
        ("echo 'Setting cpu: 0\nNo rights?' >&2; exit 237", 1, "performance: Setting cpu: 0 No rights? ; it needs"),
        (None, 1, "cpupower: command not found ; it needs linux-tools (apt) or kernel-tools (dnf), and root; "),
    ],
    ids=["set", "not-allowed", "absent"],
)
def test_cpu_performance_sets_the_governor_or_says_why_not(tmp_path, body, code, says):
    project = copy_project(tmp_path / "project")
    path = f"{cpupower(tmp_path / 'bin', body)}{os.pathsep}{os.environ['PATH']}" if body else os.environ["PATH"]
    done = run_script("-m", "snakemake", "--cores", "1", "cpu_performance", cwd=project, PATH=path)
    assert done.returncode == code, done.stderr
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == code
    assert says in "".join(errors)
    assert (project / "results/logs/cpu_performance.log").read_text()


def test_cpu_performance_is_a_target_that_nothing_else_asks_for(tmp_path):
    project = copy_project(tmp_path / "project")
    snakemake = [str(Path(sys.executable).parent / "snakemake"), "--dry-run", "--cores", "1"]
    planned = {}
    for target in ("cpu_performance", "all"):
        done = subprocess.run([*snakemake, target], cwd=project, capture_output=True, text=True, timeout=120)
        planned[target] = set(re.findall(r"^(\w+) +\d+$", done.stdout, re.MULTILINE))
    assert planned["cpu_performance"] == {"cpu_performance", "total"}
    assert "measure_perf" in planned["all"]
    assert "cpu_performance" not in planned["all"]
    (project / ".venv").mkdir()
    (project / ".venv" / "ready").touch()
    made = subprocess.run(
        ["make", "--no-print-directory", "-n", "cpu_performance"], cwd=project, capture_output=True, text=True
    )
    assert made.stdout.split() == [".venv/bin/snakemake", "--cores", "1", "cpu_performance"]


def test_make_says_that_which_is_missing(tmp_path):
    """Before it installs anything: with the Slurm plugin every snakemake calls it."""
    command = [shutil.which("make"), "--always-make", "--dry-run", "slurm", f"PYTHON={sys.executable}"]
    for path, code in ((str(tmp_path), 2), (os.environ["PATH"], 0)):
        done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True)
        assert done.returncode == code
        assert ("install it (dnf install which)" in done.stderr) == bool(code)


# Static TLS


@pytest.mark.parametrize(
    ("message", "preload", "expected"),
    [
        (f"{GOMP}: cannot allocate memory in static TLS block", "", f"LD_PRELOAD={GOMP} snakemake ..."),
        (f"{GOMP}: cannot allocate memory in static TLS block", "/a.so", f"LD_PRELOAD={GOMP}:/a.so snakemake ..."),
        (f"{GOMP}: cannot allocate memory in static TLS block", f"/a.so {GOMP}", "GLIBC_TUNABLES="),
        (
            "libgomp.so.1: cannot allocate memory in static TLS block\n___\nContents of: x",
            "",
            "=libgomp.so.1 snakemake",
        ),
        (
            "Failed to import torch/x because of this:\n/环 境/g.so: cannot allocate memory in static TLS block",
            "",
            "/环 境/g.so: cannot allocate memory in static TLS block, since it is loaded too late; link it to a path",
        ),
        (
            "in a.b: /c/g'1.so: cannot allocate memory in static TLS block",
            "",
            "LD_PRELOAD='/c/g'\"'\"'1.so' snakemake",
        ),
    ],
)
def test_static_tls_advice(monkeypatch, message, preload, expected):
    monkeypatch.setenv("LD_PRELOAD", preload)
    advice = host.static_tls_advice(ImportError(message))
    assert expected in advice
    assert "\n" not in advice


def test_static_tls_is_found_behind_other_errors_and_nowhere_else():
    error = RuntimeError("Failed to import transformers.models")
    error.__cause__ = ImportError("Failed to import torch")
    error.__cause__.__context__ = OSError(f"{GOMP}: cannot allocate memory in static TLS block")
    assert f"LD_PRELOAD={GOMP} " in host.static_tls_advice(error)
    assert host.static_tls_advice(ImportError("libgomp.so.1: cannot open shared object file")) is None


@pytest.fixture(scope="module")
def tls_library(tmp_path_factory) -> Path:
    """A library with more initial-exec TLS than a running process has to spare."""
    if not shutil.which("gcc"):
        pytest.skip("no C compiler here: apt-get install gcc")
    library = tmp_path_factory.mktemp("lib") / "libgomp.so.1"
    source = "__thread char big[1 << 20]; char *use(void) { return big; }"
    command = ["gcc", "-shared", "-fPIC", "-ftls-model=initial-exec", "-x", "c", "-", "-o", str(library)]
    subprocess.run(command, input=source, text=True, check=True)
    return library


def test_the_advice_cures_a_real_one(tls_library):
    load = f"{sys.executable} -c 'import ctypes; ctypes.CDLL(\"{tls_library}\")'"
    failed = subprocess.run(load, shell=True, capture_output=True, text=True)
    assert failed.returncode == 1
    advice = host.static_tls_advice(ImportError(failed.stderr.splitlines()[-1].removeprefix("OSError: ")))
    prefix = re.search(r"(LD_PRELOAD=\S+) snakemake \.\.\.$", advice)[1]
    assert prefix == f"LD_PRELOAD={tls_library}"
    assert subprocess.run(f"{prefix} {load}", shell=True).returncode == 0


@pytest.mark.parametrize("real", [True, False], ids=["loader", "raised"])
@pytest.mark.parametrize(
    ("script", "module"),
    [
        (["measure_perf.py", "--model", "random:baichuan2-0.4b", "--engine", "device=npu"], "torch_npu"),
        (
            ["quantize_modelslim.py", "--model", "absent", "--calibration", "resources/demo/calibration.jsonl"],
            "msmodelslim",
        ),
        (["quantize.py", "--model", "absent", "--calibration", "absent"], "torch"),
        (["run_inference.py", "--model", "absent", "--prompts", "absent"], "torch"),
    ],
    ids=["npu", "modelslim", "quantize-torch", "inference-torch"],
)
def test_an_import_that_fails_so_is_one_line(tmp_path, request, script, module, real):
    library = GOMP
    if real:
        library = tmp_path / f"{module}.so"  # what Python imports by that name
        library.symlink_to(request.getfixturevalue("tls_library"))
    else:
        line = f"raise ImportError('{GOMP}: cannot allocate memory in static TLS block')\n"
        (tmp_path / f"{module}.py").write_text(line)
    name, *options = script
    out = tmp_path / "out"
    done = run_script(SCRIPTS / name, *options, "--out", out, PYTHONPATH=str(tmp_path), LD_PRELOAD="")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"error: {library}: cannot allocate memory in static TLS block")
    assert last.endswith(f"LD_PRELOAD={library} snakemake ...")
    assert not out.exists()


def as_backend(folder: Path, message: str) -> None:
    """A torch_npu that registers as torch's backend, and does not load."""
    (folder / "torch_npu.py").write_text(f"def _autoload():\n    raise ImportError({message})\n")
    package = folder / "torch_npu-2.9.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: torch_npu\nVersion: 2.9.0\n")
    (package / "entry_points.txt").write_text("[torch.backends]\ntorch_npu = torch_npu:_autoload\n")


def test_torch_that_fails_on_its_own_load_of_torch_npu_is_explained(tmp_path):
    """torch imports what registers as its backend, as torch_npu does, and wraps what that raises."""
    as_backend(tmp_path, f"'{GOMP}: cannot allocate memory in static TLS block'")
    done = run_script(SCRIPTS / "measure_perf.py", "--help", PYTHONPATH=str(tmp_path), LD_PRELOAD="")
    assert (done.returncode, done.stderr.splitlines()[-1].endswith(f"LD_PRELOAD={GOMP} snakemake ...")) == (1, True)
    assert "Traceback" not in done.stderr


def test_a_host_whose_cann_is_not_sourced_is_told_in_one_line(tmp_path):
    """The first error that a newcomer meets; torch's own advice, to load no torch_npu, would not help him."""
    as_backend(tmp_path, "'libhccl.so: cannot open shared object file: No such file or directory'")
    done = run_script(SCRIPTS / "measure_perf.py", "--help", PYTHONPATH=str(tmp_path), LD_PRELOAD="")
    assert (done.returncode, done.stderr.splitlines()) == (1, [
        "error: torch_npu does not load (libhccl.so: cannot open shared object file: No such file or directory); "
        "source CANN's set_env.sh, see envs/npu.yaml"
    ])  # fmt: skip


def test_other_errors_keep_their_traceback(tmp_path):
    (tmp_path / "torch.py").write_text("raise ImportError('no such symbol')\n")
    done = run_script(SCRIPTS / "measure_perf.py", "--help", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback")
    assert done.stderr.splitlines()[-1] == "ImportError: no such symbol"


@pytest.mark.parametrize(
    ("rank", "ranks", "expected"),
    [(0, 1, None), (0, 2, {0, 1}), (1, 2, {2, 5}), (1, 3, {1}), (4, 5, None)],
)
def test_ranks_are_pinned_to_their_share(monkeypatch, rank, ranks, expected):
    pinned = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 5})
    monkeypatch.setattr(os, "sched_setaffinity", lambda _, processors: pinned.append(set(processors)))
    host.pin(rank, ranks)
    assert pinned == ([expected] if expected else [])
