"""The check of the environment: every finding good and bad, what an Ascend job refuses, and `snakemake check`."""

from __future__ import annotations

import json
import logging
import os
import platform
import re
import subprocess
import sys
import time
from dataclasses import asdict, replace
from importlib.metadata import PackageNotFoundError
from math import prod
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
import yaml

import check_environment
from baichuan2 import devices, host
from baichuan2.configuration import settings
from baichuan2.devices import ascend_check, environment_check
from baichuan2.devices.findings import ERROR, OK, WARNING, Finding
from baichuan2.engine.engine import Settings, open_engine
from baichuan2.errors import UserError
from baichuan2.model.sizes import SHAPES, linear_names, named_shape, tensor_shapes
from baichuan2.ranks.memory import Need, needs_of
from helpers.models import ALIBI
from helpers.projects import ROOT, copy_project, snakemake
from helpers.tiers import sampled

GIB = 2**30
GOMP = "/opt/conda/lib/libgomp.so.1"
NATIVE = pytest.mark.skipif(devices.head("cpu", "auto") != "exact", reason="native.c does not run on this CPU")


@pytest.fixture(autouse=True)
def no_ascend(monkeypatch):
    """Nothing of this machine's own, and nothing left behind."""
    for name in (*ascend_check.SETTINGS, *ascend_check.HOMES, "LOCAL_WORLD_SIZE"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.fixture
def versions(monkeypatch):
    """versions(torch=..., torch_npu=..., cann=...) is what is installed from then on."""

    def install(cann: str | None = None, **packages: str) -> None:
        def version(name: str) -> str:
            if name not in packages:
                raise PackageNotFoundError(name)
            return packages[name]

        monkeypatch.setattr(ascend_check, "version", version)
        monkeypatch.setattr(ascend_check, "cann_version", lambda: cann)

    return install


def cards_of(count: int, name: str = "Ascend910B4", free: int = 32 * GIB, error: str = "") -> SimpleNamespace:
    """torch.npu or torch.cuda; card k has k GiB less free than card 0."""

    def mem_get_info(index: int) -> tuple[int, int]:
        if error:
            raise RuntimeError(error)
        return free - index * GIB, 32 * GIB

    return SimpleNamespace(
        device_count=lambda: count, get_device_name=lambda index: name, mem_get_info=mem_get_info
    )  # fmt: skip


def levels(findings: list[Finding]) -> dict[str, str]:
    return {finding.item: finding.level for finding in findings}


# Versions


@pytest.mark.parametrize(
    ("torch_is", "npu_is", "cann", "level", "says"),
    [
        ("2.12.0", "2.12.0", "9.1.0", OK, ""),
        ("2.9.0+cpu", "2.9.0.post2", "9.0.0", OK, ""),
        ("2.9.0", "2.9.0.post2+git1a2b3c4", "9.0.0", OK, ""),
        ("2.9.0", "2.9.0.post2", "8.5.0", WARNING, "for CANN 8.5 it has torch_npu 2.9.0, 2.8.0.post2"),
        ("2.9.0", "2.9.0", "8.5.2", OK, ""),
        ("2.5.1", "2.5.1", "8.1.RC1", OK, ""),
        ("2.13.0", "2.13.0", "9.1.0", WARNING, "not in the vendor's table"),
        ("2.12.0", "2.12.0", "7.0.RC1", WARNING, "CANN 7.0.RC1 is not in the vendor's table: 9.1, "),
        ("2.12.0", "2.12.0", None, WARNING, "source CANN's set_env.sh"),
        ("2.12.1", "2.12.0", "9.1.0", ERROR, "install torch==2.12.0"),
        ("2.13.0", "2.9.0.post2", "9.0.0", ERROR, "install torch==2.9.0"),
        (None, "2.12.0", "9.1.0", ERROR, "install torch==2.12.0"),
        ("2.12.0", None, "9.1.0", ERROR, "install torch_npu, see envs/npu.yaml"),
    ],
)
def test_pairing(versions, torch_is, npu_is, cann, level, says):
    given = {"torch": torch_is, "torch_npu": npu_is}
    versions(cann, **{name: release for name, release in given.items() if release})
    found = ascend_check.pairing()
    assert (found.level, bool(found.cure)) == (level, level != OK)
    assert says in found.cure
    assert found.state == f"torch {torch_is or 'absent'}, torch_npu {npu_is or 'absent'}, CANN {cann or 'unknown'}"


def test_the_table_pairs_every_release_once_with_a_cann():
    for releases in ascend_check.PAIRS.values():
        torches = [ascend_check.numbers(release) for release in releases]
        assert len(set(torches)) == len(torches)
        assert torches == sorted(torches, key=lambda text: [int(part) for part in text.split(".")], reverse=True)


INSTALLED = "package_name=Ascend-cann-toolkit\nversion=8.5.0\ninnerversion=V100R001C25\narch=aarch64\n"


@pytest.mark.parametrize(
    ("variable", "file", "text", "expected"),
    [
        ("ASCEND_HOME_PATH", "aarch64-linux/ascend_toolkit_install.info", INSTALLED, "8.5.0"),
        ("ASCEND_TOOLKIT_HOME", "aarch64-linux/ascend_toolkit_install.info", INSTALLED, "8.5.0"),
        ("ASCEND_HOME_PATH", "ascend_nnae_install.info", INSTALLED, "8.5.0"),
        ("ASCEND_HOME_PATH", "ascend_nnae_install.info", "innerversion=V100R001C25\n", None),
        ("ASCEND_HOME_PATH", "elsewhere.info", INSTALLED, None),
        ("ELSEWHERE", "ascend_nnae_install.info", INSTALLED, None),
    ],
)
def test_canns_version(tmp_path, monkeypatch, variable, file, text, expected):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text)
    monkeypatch.setenv(variable, str(tmp_path))
    assert ascend_check.cann_version() == expected


def test_driver(tmp_path, monkeypatch):
    monkeypatch.setattr(ascend_check, "DRIVER", tmp_path / "version.info")
    absent = ascend_check.driver()
    assert (absent.level, absent.cure.partition(";")[0]) == (WARNING, "install the driver")
    assert str(tmp_path / "version.info") in absent.state
    (tmp_path / "version.info").write_text("Version=25.2.0\nascendhal_version=7.35.23\n")
    assert ascend_check.driver() == Finding("driver", OK, "25.2.0")


@pytest.mark.parametrize(
    ("release", "cann", "level"),
    [("25.2.0", "9.1.0", OK), ("25.0.rc1.1", "9.1.0", WARNING), ("24.1.rc3", "8.5.0", OK), ("25.10.0", "9.1.1", OK)],
)
def test_a_driver_older_than_cann(tmp_path, monkeypatch, release, cann, level):
    monkeypatch.setattr(ascend_check, "DRIVER", tmp_path / "version.info")
    monkeypatch.setattr(ascend_check, "cann_version", lambda: cann)
    (tmp_path / "version.info").write_text(f"Version={release}\n")
    assert ascend_check.driver().level == level


def test_the_toolkits_version_counts_before_the_operators(tmp_path, monkeypatch):
    monkeypatch.setenv("ASCEND_HOME_PATH", str(tmp_path))
    (tmp_path / "ascend_ops_install.info").write_text("version=9.1.1\n")
    (tmp_path / "x86_64-linux").mkdir()
    (tmp_path / "x86_64-linux" / "ascend_toolkit_install.info").write_text("version=9.1.0\n")
    assert ascend_check.cann_version() == "9.1.0"


def test_what_canns_own_python_lacks(monkeypatch):
    monkeypatch.setattr(ascend_check, "CANN_MODULES", ("json", "no_such.module", "nor_this"))
    lacking = ascend_check.cann_modules()
    assert (lacking.level, lacking.state) == (WARNING, "without no_such.module, nor_this")
    monkeypatch.setattr(ascend_check, "CANN_MODULES", ("json", "importlib.metadata"))
    assert ascend_check.cann_modules().level == OK


def test_operators_of_the_chip(tmp_path, monkeypatch):
    monkeypatch.setenv("ASCEND_HOME_PATH", str(tmp_path))
    (tmp_path / ascend_check.KERNELS / "ascend910b").mkdir(parents=True)
    found = ascend_check.kernels(["Ascend910B4", "Ascend910B4", "Ascend910A", "Ascend310P3"])
    assert [finding.level for finding in found] == [OK, WARNING], "one of each chip that is known"
    assert "Ascend-cann-310p-ops" in found[1].cure


def test_device_files_of_a_container(tmp_path, monkeypatch):
    monkeypatch.setattr(ascend_check, "DEVICES", tmp_path)
    assert ascend_check.device_files().level == OK, "no card"
    for name in ("davinci0", "davinci_manager", "devmm_svm"):
        (tmp_path / name).touch()
    lacking = ascend_check.device_files()
    assert (lacking.level, lacking.state) == (ERROR, "without /dev/hisi_hdc")
    (tmp_path / "hisi_hdc").touch()
    assert ascend_check.device_files().level == OK
    monkeypatch.setattr(os, "access", lambda path, mode: path.name == "davinci_manager")
    closed = ascend_check.device_files()
    assert (closed.level, closed.state) == (
        ERROR, "no permission for /dev/davinci0, /dev/devmm_svm, /dev/hisi_hdc",
    )  # fmt: skip
    assert "HwHiAiUser" in closed.cure


# Cards, settings


def test_soc():
    assert ascend_check.soc(1, "Ascend910B4") == Finding("card 1", OK, "Ascend910B4")
    unknown = ascend_check.soc(0, "Ascend950")
    assert (unknown.level, unknown.state) == (WARNING, "Ascend950")
    assert "plain operators" in unknown.cure
    assert ascend_check.soc(0, "Ascend310P3").level == OK
    assert ascend_check.soc(0, "Ascend310P3", nodes=2).level == ERROR, "HCCL joins one host's cards alone"
    assert ascend_check.soc(0, "Ascend910B4", nodes=2).level == OK
    assert ascend_check.soc(0, "Ascend910B").level == WARNING, "the old 910, not 910B1 to 910B4"


@pytest.mark.parametrize("value", [None, "", "0", "0,1", "2,5,13"])
def test_settings_are_shown(monkeypatch, value):
    monkeypatch.setenv("HCCL_BUFFSIZE", "200")
    if value is not None:
        monkeypatch.setenv(ascend_check.VISIBLE, value)
    found = {finding.item: (finding.level, finding.state) for finding in ascend_check.settings()}
    assert set(found) == set(ascend_check.SETTINGS)
    assert found["HCCL_BUFFSIZE"] == (OK, "200")
    assert found["TASK_QUEUE_ENABLE"] == (OK, "not set")
    assert found[ascend_check.VISIBLE] == (OK, {None: "not set", "": "empty"}.get(value, value))


@pytest.mark.parametrize(
    ("name", "value", "level"),
    [("INF_NAN_MODE_ENABLE", "0", ERROR), ("ASCEND_LAUNCH_BLOCKING", "1", WARNING), ("INF_NAN_MODE_ENABLE", "1", OK)],
)
def test_settings_that_harm(monkeypatch, name, value, level):
    monkeypatch.setenv(name, value)
    assert {finding.item: finding.level for finding in ascend_check.settings()}[name] == level


@pytest.mark.parametrize("value", ["0, 1", "0,1,", "1,0", "1,1", "0-3", "all", "-1", "0;1", "0,1\n"])
def test_malformed_visible_devices(monkeypatch, value):
    monkeypatch.setenv(ascend_check.VISIBLE, value)
    found = ascend_check.settings()[-1]
    assert (found.item, found.level, found.state) == (ascend_check.VISIBLE, ERROR, repr(value))
    assert "such as 0,1" in found.cure


def test_enough_cards(monkeypatch):
    assert ascend_check.enough_cards(2, 2, ascend_check.VISIBLE).level == OK
    monkeypatch.setenv(ascend_check.VISIBLE, "0")
    few = ascend_check.enough_cards(1, 2, ascend_check.VISIBLE)
    assert (few.level, few.state) == (ERROR, "1 for parallel.world_size 2 (ASCEND_RT_VISIBLE_DEVICES 0)")
    assert few.cure == "lower parallel.world_size, or let ASCEND_RT_VISIBLE_DEVICES show more cards"
    none = ascend_check.enough_cards(0, 1, ascend_check.VISIBLE)
    assert (none.level, "npu-smi info" in none.cure) == (ERROR, True)


@pytest.mark.parametrize(("name", "level"), [("Ascend910B4", OK), ("Ascend950", WARNING)])
def test_cards_of_ascend(monkeypatch, name, level):
    monkeypatch.setattr(torch, "npu", cards_of(4, name), raising=False)
    found, free = environment_check.cards("npu", 2)
    operators = {"operators": WARNING} if level == OK else {}  # of a known chip: there is no CANN here
    assert levels(found) == {"cards": OK} | {f"card {index}": level for index in range(4)} | operators
    assert free == 31 * GIB  # the fullest of the two that are used


def test_cards_of_cuda_need_no_table(monkeypatch):
    monkeypatch.setattr(torch, "cuda", cards_of(1, "NVIDIA A100"))
    found, free = environment_check.cards("cuda", 2)
    assert levels(found) == {"cards": ERROR, "card 0": OK}
    assert "CUDA_VISIBLE_DEVICES" in found[0].cure
    assert free == 32 * GIB


def test_cards_that_do_not_answer_or_tell(monkeypatch):
    monkeypatch.setattr(torch, "npu", cards_of(1, error="ERR00100 PTA call acl api failed.\nline 2"), raising=False)
    found, free = environment_check.cards("npu", 1)
    assert [finding.level for finding in found] == [OK, ERROR]
    assert found[1].state == "no answer: ERR00100 PTA call acl api failed. line 2"
    assert free is None
    monkeypatch.setattr(torch, "npu", cards_of(1, free=0), raising=False)
    assert environment_check.cards("npu", 1)[1] is None


# torch


def test_torch_loads():
    assert environment_check.load("cpu") == Finding("torch", OK, torch.__version__)


@pytest.mark.parametrize(
    ("body", "found", "cure"),
    [
        ("raise ImportError('libhccl.so: cannot open shared object file')", "libhccl.so: cannot open", "set_env.sh"),
        (
            f"raise RuntimeError('wrapped') from ImportError('{GOMP}: cannot allocate memory in static TLS block')",
            "cannot allocate memory in static TLS block",
            f"load it first: LD_PRELOAD={GOMP} snakemake ...",
        ),
        (
            "raise ImportError('libascend_hal.so: cannot open shared object file: No such file or directory')",
            "libascend_hal.so: cannot open",
            "install the driver; in a container, mount",
        ),
        ("raise ImportError('libtorch_cpu.so: cannot open')", "libtorch_cpu.so", "install those of one row"),
        (
            "raise ImportError('/a/libtorch_npu.so: undefined symbol: aclrtX')",
            "undefined",
            "install those of one row",
        ),
        ("import no_such_package_of_canns", "No module named", "install no_such_package_of_canns, see envs/npu.yaml"),
    ],
    ids=["no-cann", "static-tls", "no-driver", "other-torch", "other-cann", "no-package"],
)
def test_torch_npu_that_does_not_load(tmp_path, monkeypatch, body, found, cure):
    (tmp_path / "torch_npu.py").write_text(body + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "torch_npu", raising=False)
    monkeypatch.setenv("LD_PRELOAD", "")
    finding = environment_check.load("npu")
    assert (finding.level, found in finding.state, cure in finding.cure) == (ERROR, True, True)


# Memory


NEED = Need("a model, float", 3 * GIB, GIB, 8, 4096)


@pytest.mark.parametrize(
    ("free", "ranks", "level"),
    [(4 * GIB, 1, OK), (4 * GIB - 1, 1, ERROR), (None, 1, WARNING), (8 * GIB, 2, OK), (7 * GIB, 2, ERROR)],
)
def test_memory(free, ranks, level):
    found = environment_check.memory(NEED, free, ranks)
    assert (found.item, found.level, bool(found.cure)) == ("memory, a model, float", level, level != OK)
    assert f"(8 x 4096 tokens) = {4 * ranks}.00 GiB" in found.state
    assert ("free unknown" if free is None else f"free {free / GIB:.2f} GiB") in found.state
    if level == ERROR:
        assert all(key in found.cure for key in ("parallel.world_size", "engine.max_seq_len", "batch_size"))


def test_a_node_needs_memory_for_its_own_ranks():
    found = {finding.item: finding for finding in environment_check.check("cpu", [NEED], 4, nodes=2)}
    assert "= 8.00 GiB for 2 ranks" in found["memory, a model, float"].state


def test_available_memory(tmp_path):
    assert host.available_memory() > 2**26
    assert host.available_memory(tmp_path / "absent") is None
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:       4 kB\n")
    assert host.available_memory(tmp_path / "meminfo") == 4096


@pytest.mark.parametrize("head", ["float", "int8", pytest.param("exact", marks=NATIVE)])
def test_the_need_is_what_the_engine_takes(make_model, head):
    with open_engine(Settings("cpu", "float32", 64, threads=1, head=head), make_model()) as engine:
        dtypes = ("float32", devices.cache_dtype("cpu", "float32"))
        need = needs_of("model", ALIBI, 3, 64, dtypes, head=head)[0]
        embedding = 4 * ALIBI.vocab_size * ALIBI.hidden_size  # of which a step reads a row
        spare = 8 * ALIBI.vocab_size if head == "int8" else 0  # 12 bytes are assumed beside each output, 4 are there
        unread = 4 * ALIBI.vocab_size * ALIBI.hidden_size if head == "exact" else 0  # the head's own rows
        assert need.weights == engine.weight_bytes() + embedding + unread + spare


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_need_is_the_cache(make_model, dtype):
    with open_engine(Settings("cpu", dtype, 64, threads=1), make_model()) as engine:
        need = needs_of("model", ALIBI, 3, 64, (dtype, devices.cache_dtype("cpu", dtype)))[0]
        cache = engine.model.cache(3, 64)
        assert need.cache == engine.kv_bytes(3, 64) == cache.keys.nbytes + cache.values.nbytes


# As many weights in the head and the embeddings as in the layers, or nearly none.
SIZES = {"wide": replace(SHAPES["baichuan2-0.4b"], num_hidden_layers=6), "deep": replace(
    SHAPES["baichuan2-0.4b"], vocab_size=4096, num_hidden_layers=20)}  # fmt: skip
LOAD = """
import json, sys
from baichuan2.engine.engine import open_engine
from baichuan2.engine.options import Settings
from baichuan2.model.sizes import SHAPES, ModelConfig
fields, quant, dtype, length = json.loads(sys.argv[1])
SHAPES["tried"] = ModelConfig(**fields)
with open_engine(Settings("cpu", dtype, length), "random:tried", quant) as engine:
    engine.generate([[7] * (length - 2)], 2, stop_ids=())
    engine.score([7] * (length - 72), [[8 + k] * 70 for k in range(64)], [5, 6])
"""


def peak_of(process: subprocess.Popen) -> int:
    """The most anonymous memory of a process until it ends, in bytes, looked at every 2 ms."""
    peak = 0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        peak = max(peak, *(1024 * int(kib) for kib in re.findall(r"RssAnon:\s+(\d+) kB", status)), 0)
        time.sleep(0.002)
    return peak


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's RssAnon")
@pytest.mark.parametrize("dtype", sampled(["bfloat16", "float32"], "float32"))
@pytest.mark.parametrize("form", ["float", "W8A8"])
@pytest.mark.parametrize("shape", SIZES)
def test_a_cpu_takes_what_was_promised(shape, form, dtype):
    config, length = SIZES[shape], 512
    head = devices.head("cpu", "auto")
    dtypes = (dtype, devices.cache_dtype("cpu", dtype))
    needs = needs_of("it", config, 1, length, dtypes, head=head, on_cpu=True, random=True)
    (need,) = (need for need in needs if need.what == f"it, {form}")
    arguments = json.dumps([asdict(config), "yes" if form == "W8A8" else None, dtype, length])
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "workflow/scripts"), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", LOAD, arguments]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        peak = peak_of(process)
    assert process.returncode == 0
    # Less where native.c attends to prompts without a bias, and multiplies gate and up in one: the promise has both.
    assert 0.92 < peak / need.total < 1.05


@pytest.mark.parametrize("machine", devices.NATIVE)
@pytest.mark.parametrize("lacks", ["nothing", "a compiler", "dot products"])
def test_an_exact_head_is_where_native_c_runs(monkeypatch, lacks, machine):
    monkeypatch.setattr(devices, "compiler", lambda: None if lacks == "a compiler" else "/usr/bin/cc")
    needs = devices.NATIVE[machine]
    flags = needs - {"avx512_vnni", "asimddp"} if lacks == "dot products" else needs
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(host, "cpu_flags", lambda: flags)
    assert devices.head("cpu", "auto") == ("exact" if lacks == "nothing" else "float")
    assert {devices.head(name, "auto") for name in ("cuda", "npu")} == {"float"}
    assert devices.head("cpu", "int8") == "int8"


@pytest.mark.parametrize("lacks", ["nothing", "a compiler", "VNNI", "bfloat16"])
def test_the_cache_has_16_bits_where_native_c_reads_it(monkeypatch, lacks):
    flags = {"nothing": set(), "a compiler": set(), "VNNI": {"avx512_vnni"}, "bfloat16": {"avx512_bf16"}}[lacks]
    monkeypatch.setattr(devices, "compiler", lambda: None if lacks == "a compiler" else "/usr/bin/cc")
    monkeypatch.setattr(host, "cpu_flags", lambda: (devices.NATIVE["x86_64"] | {"avx512_bf16"}) - flags)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    dtypes = [devices.cache_dtype("cpu", dtype) for dtype in ("float32", "bfloat16", "float16")]
    assert dtypes == ["float32", *["bfloat16" if lacks == "nothing" else "float32"] * 2]
    if lacks == "nothing":
        monkeypatch.setattr(platform, "machine", lambda: "aarch64")
        monkeypatch.setattr(host, "cpu_flags", lambda: devices.NATIVE["aarch64"])
        assert devices.cache_dtype("cpu", "bfloat16") == "bfloat16"
    assert devices.cache_dtype("cuda", "float16") == devices.cache_dtype("npu", "float16") == "float16"


def test_what_13b_needs():
    config = named_shape("baichuan2-13b")
    parameters = sum(prod(shape) for shape in tensor_shapes(config).values())
    whole, cut = (needs_of("13B", config, 1, 4096, ("float16", "float16"), size) for size in (1, 2))
    assert whole[0].weights == 2 * parameters
    assert whole[0].cache == 2 * 40 * 5120 * 4096 * 2
    assert cut[0].cache == whole[0].cache // 2
    whole_everywhere = 2 * (config.vocab_size * config.hidden_size + 81 * config.hidden_size)
    assert cut[0].weights == (whole[0].weights + whole_everywhere) // 2
    linears = 40 * (4 * 5120**2 + 3 * 5120 * 13696)
    assert whole[1].weights == 2 * (parameters - linears) + linears + 12 * 40 * (4 * 5120 + 2 * 13696 + 5120)
    half = needs_of("13B", config, 1, 4096, ("float16", "float16"), 1, linear_names(config))[1]
    assert half.weights == whole[0].weights
    with pytest.raises(UserError, match=r"parallel\.world_size: 3 does not divide"):
        needs_of("13B", config, 1, 4096, ("float16", "float16"), 3)


# The governor, and the table of all


@pytest.mark.parametrize(("found", "level"), [("performance", OK), ("unknown", OK), ("powersave", WARNING)])
def test_governor(monkeypatch, found, level):
    monkeypatch.setattr(host, "governor", lambda: found)
    finding = environment_check.governor()
    assert (finding.level, finding.state) == (level, found)
    assert ("snakemake cpu_performance" in finding.cure) == (level == WARNING)


def test_a_sound_ascend_host(monkeypatch, versions, tmp_path):
    versions("9.1.0", torch="2.12.0", torch_npu="2.12.0")
    (tmp_path / "version.info").write_text("Version=25.2.0\n")
    monkeypatch.setattr(ascend_check, "DRIVER", tmp_path / "version.info")
    monkeypatch.setattr(ascend_check, "CANN_MODULES", ("json",))
    monkeypatch.setenv("ASCEND_HOME_PATH", str(tmp_path))
    (tmp_path / ascend_check.KERNELS / "ascend910b").mkdir(parents=True)
    monkeypatch.setattr(torch, "npu", cards_of(2), raising=False)
    monkeypatch.setitem(sys.modules, "torch_npu", SimpleNamespace())
    found = environment_check.check("npu", [NEED], 2)
    assert set(levels(found).values()) == {OK}
    assert {"torch", "versions", "driver", "cards", "card 1", "memory, a model, float"} < set(levels(found))
    large = replace(NEED, cache=29 * GIB)  # card 0 has that, card 1 a little less
    assert levels(environment_check.check("npu", [large], 1))["memory, a model, float"] == OK
    assert levels(environment_check.check("npu", [large], 2))["memory, a model, float"] == ERROR


def test_on_a_cpu_the_ranks_share_the_memory(monkeypatch):
    monkeypatch.setattr(host, "available_memory", lambda: 6 * GIB)
    alone = levels(environment_check.check("cpu", [NEED], 1))
    assert list(alone) == ["torch", "memory, a model, float", "engine.graph", "CPU governor"]
    assert alone["memory, a model, float"] == OK
    assert levels(environment_check.check("cpu", [NEED], 2))["memory, a model, float"] == ERROR


def test_the_table_wraps_long_cures():
    text = check_environment.as_table(
        [Finding("versions", WARNING, "2.10", "a cure " * 20), Finding("driver", OK, "25.2.0")]
    )
    assert max(map(len, text.splitlines())) < 160
    assert re.search(r"^ok +driver +25\.2\.0$", text, re.MULTILINE)
    assert "2.10" in text  # as text, not as the number 2.1


# Before every job


def job(monkeypatch, versions, index=0, count=2, **packages):
    versions("9.1.0", **({"torch": "2.12.0", "torch_npu": "2.12.0"} | packages))
    monkeypatch.setattr(torch, "npu", cards_of(count, "Ascend950"), raising=False)
    ascend_check.before_job(index)


def test_a_job_logs_settings_and_warnings_once(monkeypatch, versions, caplog):
    caplog.set_level(logging.INFO)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    monkeypatch.setenv("HCCL_BUFFSIZE", "120")
    job(monkeypatch, versions, index=1)
    assert caplog.messages == []
    job(monkeypatch, versions)
    first, *warnings = caplog.messages
    assert "HCCL_BUFFSIZE 120" in first
    assert "ASCEND_RT_VISIBLE_DEVICES not set" in first
    assert [line.partition(":")[0] for line in warnings] == ["driver", "card 0"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"torch": "2.13.0"}, r"^versions: torch 2\.13\.0, .*; install torch==2\.12\.0"),
        ({"visible": "1,0"}, r"^ASCEND_RT_VISIBLE_DEVICES: '1,0'; write card numbers"),
        ({"ranks": "4"}, r"^cards: 2 for parallel\.world_size 4"),
        ({"count": 0}, r"^cards: 0 for parallel\.world_size 1 .*npu-smi info"),
    ],
    ids=["torch", "visible", "ranks", "no-card"],
)
def test_a_job_refuses_an_error(monkeypatch, versions, change, message):
    if "visible" in change:
        monkeypatch.setenv(ascend_check.VISIBLE, change.pop("visible"))
    monkeypatch.setenv("LOCAL_WORLD_SIZE", change.pop("ranks", "1"))
    with pytest.raises(UserError, match=message) as raised:
        job(monkeypatch, versions, **change)
    assert "\n" not in str(raised.value)


def test_opening_a_card_checks_first(monkeypatch, versions):
    versions("9.1.0", torch="2.13.0", torch_npu="2.12.0")
    monkeypatch.setattr(torch, "npu", cards_of(1), raising=False)
    monkeypatch.setitem(sys.modules, "torch_npu", SimpleNamespace())
    with pytest.raises(UserError, match="install torch==2"):
        devices.open_device("npu")


def test_a_card_that_does_not_open_is_one_line(tmp_path, monkeypatch, versions):
    """CANN raises when it is first asked for the card's name; its files are named where they are what is wrong."""
    versions("9.1.0", torch="2.12.0", torch_npu="2.12.0")
    monkeypatch.setattr(ascend_check, "DEVICES", tmp_path)
    taken = SimpleNamespace(
        device_count=lambda: 1, get_device_name=lambda index: cards_of(1, error="ERR1\n2").mem_get_info(0)
    )
    monkeypatch.setattr(torch, "npu", taken, raising=False)
    monkeypatch.setitem(sys.modules, "torch_npu", SimpleNamespace())
    with pytest.raises(UserError, match=r"^cards: no answer: ERR1 2; look whether npu-smi info"):
        devices.open_device("npu")
    (tmp_path / "davinci0").touch()
    with pytest.raises(
        UserError, match=r"^device files: without /dev/davinci_manager, .*; pass them to the container"
    ):
        devices.open_device("npu")


def test_a_job_that_sees_no_card_says_that_it_may_not(tmp_path, monkeypatch, versions):
    for name in ("davinci0", *ascend_check.BESIDE_CARDS):
        (tmp_path / name).touch()
    monkeypatch.setattr(ascend_check, "DEVICES", tmp_path)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(UserError, match=r"^device files: no permission for /dev/davinci0, .*HwHiAiUser"):
        job(monkeypatch, versions, count=0)


# The environment of the steps


@pytest.mark.parametrize(
    ("engine", "quantize", "detected", "is_set"),
    [
        ("npu", "cpu", "cpu", True),
        ("auto", "cpu", "npu", True),
        ("cpu", "npu", "cpu", True),
        ("auto", "cpu", "cuda", False),
        ("cpu", "cpu", "npu", False),
    ],
)
def test_the_steps_inherit_the_guides_settings(monkeypatch, engine, quantize, detected, is_set):
    monkeypatch.setattr(devices, "detect", lambda: detected)
    monkeypatch.setenv("HCCL_BUFFSIZE", "200")
    for name in devices.ENVIRONMENT["npu"]:
        monkeypatch.delenv(name, raising=False)
    settings.set_device_environment({"engine": {"device": engine}, "quantize": {"device": quantize}})
    found = {name: os.environ.get(name) for name in (*devices.ENVIRONMENT["npu"], "HCCL_BUFFSIZE")}
    guide = {
        "HCCL_OP_BASE_FFTS_MODE_ENABLE": "1",
        "HCCL_OP_EXPANSION_MODE": "AIV",
        "TASK_QUEUE_ENABLE": "2",
        "PYTORCH_NPU_ALLOC_CONF": "max_split_size_mb:2048",
    }
    assert found == {name: value if is_set else None for name, value in guide.items()} | {"HCCL_BUFFSIZE": "200"}


# The command


def test_the_command_on_a_cpu(make_model, guarded, capsys):
    model = make_model()
    check_environment.main(model, left_in_float='[0, "*.mlp.down_proj"]', engine=Settings("cpu", max_seq_len=64))
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("ok")] == ["ok"] * 5
    large = ("--perf-weights", "random:baichuan2-13b", "--perf-batch-size", 10**6)
    done = guarded("check_environment.py", "--model", model, "--engine", "device=cpu", *large)
    assert done.code == 1
    assert done.lines[-1].startswith("error: 2 of 7 findings are errors")


def test_batches_of_perf_count_where_it_runs_the_model(make_model, monkeypatch):
    seen = []
    monkeypatch.setattr(environment_check, "check", lambda device, needs, *_: seen.extend(needs) or [])
    model = make_model()
    common = {"batch_size": 2, "perf_batch_size": 8, "engine": Settings("cpu")}
    check_environment.main(model, **common)
    check_environment.main(model, perf_weights="random:baichuan2-7b", **common)
    batches = [(need.what, need.batch, need.length) for need in seen]
    assert batches == [
        ("the model, float", 8, 256),
        ("the model, W8A8", 8, 256),
        ("the model, float", 2, 256),
        ("the model, W8A8", 2, 256),
        ("random:baichuan2-7b, float", 8, 4096),
        ("random:baichuan2-7b, W8A8", 8, 4096),
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--engine", "device=tpu"), "engine.device: 'tpu' is not a device"),
        (("--engine", "device=cpu", "--world-size", 5), "parallel.world_size: 5 does not divide"),
        (("--engine", "device=cpu", "--left-in-float", "[9]"), "quantize.rollback: layer 9"),
    ],
)
def test_the_command_refuses_in_one_line(make_model, guarded, options, message):
    done = guarded("check_environment.py", "--model", make_model(), *options)
    assert (done.code, len(done.lines)) == (1, 1)
    assert done.lines[0].startswith(f"error: {message}")


def test_the_target_ends_with_code_1_and_hands_on_the_environment(tmp_path):
    """Here torch_npu is absent, which is an error; the rows say what the job was given."""
    project = copy_project(tmp_path / "project")
    overlay = tmp_path / "npu.yaml"
    overlay.write_text(yaml.safe_dump({"engine": {"device": "npu"}}))
    done = snakemake(project, "check", "--configfile", str(overlay), HCCL_BUFFSIZE="200")
    assert done.returncode == 1
    log = (project / "results/logs/check.log").read_text()
    assert log in done.stdout + done.stderr
    assert re.search(r"^error +torch +does not load: No module named 'torch_npu'", log, re.MULTILINE)
    assert re.search(r"^ok +HCCL_BUFFSIZE +200$", log, re.MULTILINE)
    assert re.search(r"^ok +TASK_QUEUE_ENABLE +2$", log, re.MULTILINE)
    assert "findings are errors" in log
    assert snakemake(project, "check").returncode == 0
    planned = snakemake(project, "--dry-run", "all").stdout
    assert "measure_perf" in planned
    assert not re.search(r"^check ", planned, re.MULTILINE)


def test_torch_that_does_not_load_is_a_row(make_model, tmp_path):
    (tmp_path / "torch.py").write_text("raise ImportError('no such symbol')\n")
    script = ROOT / "workflow/scripts/check_environment.py"
    command = [sys.executable, script, "--model", make_model(), "--engine", "device=cpu"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["error: 1 of 5 findings are errors; see what to do in the table above"]
    assert re.search(r"^error +torch +does not load: no such symbol +see envs/cpu.yaml$", done.stdout, re.MULTILINE)
