"""Checks of an Ascend host: compatible versions, driver, cards, settings. Importing it imports no torch."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from baichuan2 import host
from baichuan2.devices import ENVIRONMENT
from baichuan2.devices.ascend import UNKNOWN, Soc, soc_of
from baichuan2.devices.findings import ERROR, OK, WARNING, Finding, errors_among
from baichuan2.errors import UserError

log = logging.getLogger(__name__)
# CANN's first two numbers: the releases of torch_npu for it, newest first; each is for the torch of its first three
# numbers. A patch of CANN, such as 8.5.1, takes those of its 8.5. Source: the version table in the README of
# https://github.com/Ascend/pytorch
PAIRS = {
    "9.1": ("2.12.0", "2.11.0", "2.10.0.post4", "2.9.0.post6", "2.7.1.post8"),
    "9.0": ("2.10.0", "2.9.0.post2", "2.8.0.post4", "2.7.1.post4"),
    "8.5": ("2.9.0", "2.8.0.post2", "2.7.1.post2", "2.6.0.post5"),
    "8.3": ("2.8.0", "2.7.1", "2.6.0.post3", "2.1.0.post17"),
    "8.2": ("2.6.0", "2.5.1.post1", "2.1.0.post13"),
    "8.1": ("2.5.1", "2.4.0.post4", "2.3.1.post6", "2.1.0.post12"),
    "8.0": ("2.4.0.post2", "2.3.1.post4", "2.1.0.post10"),
}
# Modules that CANN's own Python imports and torch_npu's wheel does not require; without them the operators that it
# compiles end with an error. Source: CANN 9.1.0's installation guide.
CANN_MODULES = ("attr", "absl", "cffi", "Cython", "decorator", "google.protobuf", "numpy", "pathlib2", "psutil",
                "requests", "scipy", "sympy", "yaml")  # fmt: skip
LEAST_DRIVERS = {"9.1": (25, 2)}  # CANN's release notes
KERNELS = "opp/built-in/op_impl/ai_core/tbe/kernel"  # a folder for each chip, from the package of its operators
DEVICES = Path("/dev")
BESIDE_CARDS = ("davinci_manager", "devmm_svm", "hisi_hdc")  # device files that a card does not answer without
HOMES = ("ASCEND_HOME_PATH", "ASCEND_TOOLKIT_HOME")  # what CANN's set_env.sh sets
DRIVER = Path("/usr/local/Ascend/driver/version.info")
VISIBLE = "ASCEND_RT_VISIBLE_DEVICES"
INF_NAN, BLOCKING = "INF_NAN_MODE_ENABLE", "ASCEND_LAUNCH_BLOCKING"
SETTINGS = (
    *ENVIRONMENT["npu"], "HCCL_BUFFSIZE", "CPU_AFFINITY_CONF", INF_NAN, BLOCKING, VISIBLE,
)  # fmt: skip
SET_ENV = "source CANN's set_env.sh"
LOOK = (
    "look whether npu-smi info or nvidia-smi shows the cards; if not, check the driver, or pass them to the container"
)


# ---- versions --------------------------------------------------------------------------------------------


def pairing() -> Finding:
    """Whether the vendor's table pairs torch, torch_npu and CANN; torch must have torch_npu's version."""
    torch, npu, cann = installed("torch"), installed("torch_npu"), cann_version()
    versions = f"torch {torch or 'absent'}, torch_npu {npu or 'absent'}, CANN {cann or 'unknown'}"
    level, cure = _judged(torch, npu, cann)
    return Finding("versions", level, versions, cure)


def _judged(torch: str | None, npu: str | None, cann: str | None) -> tuple[str, str]:
    """The level and the cure."""
    if npu is None:
        return ERROR, "install torch_npu, see envs/npu.yaml"
    if torch is None or numbers(torch) != numbers(npu):
        return ERROR, f"install torch=={numbers(npu)}: torch_npu is for the torch of its own three numbers"
    if cann is None:
        return WARNING, f"{SET_ENV}: {' and '.join(HOMES)} name no CANN"
    line = major_minor(cann)
    if line not in PAIRS:
        return WARNING, f"CANN {cann} is not in the vendor's table: {', '.join(PAIRS)}"
    if without_build(npu) not in PAIRS[line]:
        return WARNING, f"not in the vendor's table; for CANN {line} it has torch_npu {', '.join(PAIRS[line])}"
    return OK, ""


def major_minor(release: str) -> str:
    """ "8.5" of "8.5.1" or "8.3" of "8.3.RC1"."""
    return ".".join(release.split(".")[:2])


def installed(package: str) -> str | None:
    """The version of a package, which is not imported, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def without_build(release: str) -> str:
    """ "2.9.0.post2" of "2.9.0.post2+git1a2b3c"."""
    return release.partition("+")[0]


def numbers(release: str) -> str:
    """ "2.9.0" of "2.9.0.post2" or "2.9.0+cpu"."""
    return ".".join(without_build(release).split(".")[:3])


def _homes() -> list[Path]:
    """CANN's folders, as far as the environment names them."""
    return [Path(home) for home in filter(None, map(os.environ.get, HOMES))]


def cann_version() -> str | None:
    """As torch_npu.utils.collect_env finds it: the version that CANN's installer wrote into its folder.

    The toolkit's, where it is there: the operators' package, of a version of its own, writes a file of this kind too.
    """
    for home in _homes():
        for pattern in (f"{folder}ascend_{name}_install.info" for name in ("toolkit", "*") for folder in ("", "*/")):
            for path in sorted(home.glob(pattern)):
                if release := _field(path, "version"):
                    return release
    return None


def driver() -> Finding:
    """Whether the driver is new enough for CANN."""
    release = driver_version()
    if release is None:
        cure = "install the driver; in a container, mount the host's /usr/local/Ascend/driver"
        return Finding("driver", WARNING, f"no version in {DRIVER}", cure)
    least = LEAST_DRIVERS.get(major_minor(cann_version() or ""))
    numbers_of = tuple(int(part) for part in re.findall(r"\d+", release)[:2])
    if least and numbers_of < least:
        cure = f"CANN {cann_version()} asks for {'.'.join(map(str, least))} or newer: update the driver"
        return Finding("driver", WARNING, release, cure)
    return Finding("driver", OK, release)


def driver_version() -> str | None:
    """From the file that the driver installs."""
    return _field(DRIVER, "Version")


def cann_modules() -> Finding:
    """Whether this Python has what CANN's own modules import."""
    missing = [name for name in CANN_MODULES if not _is_there(name)]
    if missing:
        state, cure = f"without {', '.join(missing)}", "operators that CANN compiles need them: see envs/npu.yaml"
        return Finding("CANN's Python", WARNING, state, cure)
    return Finding("CANN's Python", OK, "has what CANN imports")


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of a package's parent
        return False


def kernels(names: Iterable[str]) -> list[Finding]:
    """Whether CANN has the operators of each known chip; since 8.5 they are a package of their own for each."""
    return [_kernels(chip) for chip in dict.fromkeys(map(soc_of, names)) if chip is not UNKNOWN]


def _kernels(chip: Soc) -> Finding:
    folder = chip.name.lower()
    if any((home / KERNELS / folder).is_dir() for home in _homes()):
        return Finding("operators", OK, f"CANN has those of {chip.name}")
    cure = f"install CANN's operators for this chip, as Ascend-cann-{folder.removeprefix('ascend')}-ops"
    return Finding("operators", WARNING, f"no {KERNELS}/{folder} in CANN's folder", cure)


def device_files() -> Finding:
    """Whether a host or container that has cards has what they answer through, and this user may use them."""
    cards = sorted(path.name for path in DEVICES.glob("davinci[0-9]*"))
    if not cards:
        return Finding("device files", OK, "none of a card")
    if missing := [name for name in BESIDE_CARDS if not (DEVICES / name).exists()]:
        cure = "pass them to the container, and mount /usr/local/dcmi, npu-smi and /usr/local/Ascend/driver"
        return Finding("device files", ERROR, f"without {_named(missing)}", cure)
    if closed := [name for name in (*cards, *BESIDE_CARDS) if not os.access(DEVICES / name, os.R_OK | os.W_OK)]:
        cure = (
            "add this user to the group of these files (ls -l /dev/davinci*), HwHiAiUser as a rule, and log in anew"
        )
        return Finding("device files", ERROR, f"no permission for {_named(closed)}", cure)
    return Finding("device files", OK, "complete")


def _named(files: Iterable[str]) -> str:
    return ", ".join(f"/dev/{name}" for name in files)


def silent(error: RuntimeError) -> Finding:
    """Of cards whose driver raised `error`: of their files, where these are what is wrong."""
    files = device_files()
    return files if files.level == ERROR else Finding("cards", ERROR, f"no answer: {host.first_cause(error)}", LOOK)


def _field(path: Path, name: str) -> str | None:
    """The value of a line name=value, or None."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    line = re.search(rf"^{name}=(.+)$", text, re.MULTILINE)
    return line[1].strip() if line else None


def host_findings() -> list[Finding]:
    """Of the host as a whole, without torch_npu: versions, driver, Python, device files and settings."""
    return [pairing(), driver(), cann_modules(), device_files(), *settings()]


# ---- cards and settings ----------------------------------------------------------------------------------


def soc(index: int, name: str, nodes: int = 1) -> Finding:
    """The chip of a card, whether devices/ascend.py knows it, and whether its ranks may be on so many hosts."""
    chip = soc_of(name)
    if nodes > 1 and not chip.hosts:
        return Finding(
            f"card {index}", ERROR, name, "HCCL joins these cards on one host alone; set parallel.nodes: 1"
        )
    if chip is not UNKNOWN:
        return Finding(f"card {index}", OK, name)
    cure = "devices/ascend.py does not know this chip: it runs in float alone, on plain operators, and slower"
    return Finding(f"card {index}", WARNING, name, cure)


def settings() -> list[Finding]:
    """The variables that CANN, HCCL and torch_npu read.

    ASCEND_RT_VISIBLE_DEVICES must be well-formed, and an overflow must be inf.
    """
    findings = [Finding(name, OK, shown_setting(name)) for name in SETTINGS]
    visible = os.environ.get(VISIBLE)
    if visible and not _well_formed(visible):
        cure = "write card numbers, ascending, with commas alone between them, such as 0,1: CANN ignores the rest"
        findings[-1] = Finding(VISIBLE, ERROR, repr(visible), cure)
    for name, value, level, cure in (
        (INF_NAN, "0", ERROR, "an overflow is then no inf, and is not seen; unset it"),
        (BLOCKING, "1", WARNING, "each operator then waits for the one before, for debugging; unset it"),
    ):
        if os.environ.get(name) == value:
            findings[SETTINGS.index(name)] = Finding(name, level, value, cure)
    return findings


def shown_setting(name: str) -> str:
    value = os.environ.get(name)
    return "not set" if value is None else value or "empty"


def _well_formed(visible: str) -> bool:
    """As CANN documents it: CANN stops at the first other character, and takes only ascending numbers."""
    if not re.fullmatch(r"\d+(,\d+)*", visible):
        return False
    cards = [int(card) for card in visible.split(",")]
    return cards == sorted(set(cards))


# ---- before every job ------------------------------------------------------------------------------------


def before_job(index: int) -> None:
    """Log the settings in effect and every warning, once for all ranks; raise UserError for the first error.

    For a process that has loaded torch_npu. index: of this process's card.
    """
    findings = list(_quick(index))
    if index == 0:
        log.info("Ascend: %s", ", ".join(f"{name} {shown_setting(name)}" for name in SETTINGS))
        for finding in findings:
            if finding.level == WARNING:
                log.warning("%s", finding.line())
    for finding in errors_among(findings):
        raise UserError(finding.line())


def _quick(index: int) -> Iterator[Finding]:
    import torch

    yield pairing()
    yield driver()
    yield from settings()
    cards = torch.npu  # type: ignore[attr-defined]  # torch_npu puts it there
    if not cards.device_count():
        yield device_files()
    yield enough_cards(cards.device_count(), int(os.environ.get("LOCAL_WORLD_SIZE", "1")), VISIBLE)
    if index < cards.device_count():
        yield soc(index, cards.get_device_name(index), int(os.environ.get("GROUP_WORLD_SIZE", "1")))


def enough_cards(count: int, world_size: int, variable: str) -> Finding:
    """Whether each rank has a card. variable: the one that hides cards."""
    if count >= world_size:
        return Finding("cards", OK, f"{count} for parallel.world_size {world_size}")
    counts = f"{count} for parallel.world_size {world_size} ({variable} {shown_setting(variable)})"
    if not count:
        return Finding("cards", ERROR, counts, LOOK)
    return Finding("cards", ERROR, counts, f"lower parallel.world_size, or let {variable} show more cards")
