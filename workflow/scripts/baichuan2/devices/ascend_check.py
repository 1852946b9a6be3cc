"""Checks of an Ascend host: compatible versions, driver, cards, settings. Importing it imports no torch."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from baichuan2.devices import ENVIRONMENT
from baichuan2.devices.ascend import UNKNOWN, soc_of
from baichuan2.devices.findings import ERROR, OK, WARNING, Finding, errors_among
from baichuan2.errors import UserError

log = logging.getLogger(__name__)
# CANN: the releases of torch_npu for it, newest first; each is for the torch of its first three numbers. Source:
# the version table in the README of https://github.com/Ascend/pytorch
PAIRS = {
    "9.1.0": ("2.12.0", "2.11.0", "2.10.0.post4", "2.9.0.post6", "2.7.1.post8"),
    "9.0.0": ("2.9.0.post2", "2.8.0.post4", "2.7.1.post4"),
    "8.5.0": ("2.9.0", "2.8.0.post2", "2.7.1.post2", "2.6.0.post5"),
    "8.3.RC1": ("2.8.0", "2.7.1", "2.6.0.post3"),
    "8.2.RC1": ("2.6.0", "2.5.1.post1"),
}
HOMES = ("ASCEND_HOME_PATH", "ASCEND_TOOLKIT_HOME")  # what CANN's set_env.sh sets
DRIVER = Path("/usr/local/Ascend/driver/version.info")
VISIBLE = "ASCEND_RT_VISIBLE_DEVICES"
SETTINGS = (*ENVIRONMENT["npu"], "HCCL_BUFFSIZE", VISIBLE)
SET_ENV = "source CANN's set_env.sh"
LOOK = "look whether npu-smi info or nvidia-smi shows the cards; if not, check the driver"


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
    if cann not in PAIRS:
        return WARNING, f"CANN {cann} is not in the vendor's table: {', '.join(PAIRS)}"
    if without_build(npu) not in PAIRS[cann]:
        return WARNING, f"not in the vendor's table; for CANN {cann} it has torch_npu {', '.join(PAIRS[cann])}"
    return OK, ""


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


def cann_version() -> str | None:
    """As torch_npu.utils.collect_env finds it: the version that CANN's installer wrote into its folder."""
    for home in filter(None, map(os.environ.get, HOMES)):
        for pattern in ("ascend_*_install.info", "*/ascend_*_install.info"):
            for path in sorted(Path(home).glob(pattern)):
                if release := _field(path, "version"):
                    return release
    return None


def driver() -> Finding:
    """The driver's version, from the file that it installs."""
    release = _field(DRIVER, "Version")
    if release is None:
        cure = "install the driver; in a container, mount the host's /usr/local/Ascend/driver"
        return Finding("driver", WARNING, f"no version in {DRIVER}", cure)
    return Finding("driver", OK, release)


def _field(path: Path, name: str) -> str | None:
    """The value of a line name=value, or None."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    line = re.search(rf"^{name}=(.+)$", text, re.MULTILINE)
    return line[1].strip() if line else None


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
    """The variables that CANN, HCCL and torch_npu read; ASCEND_RT_VISIBLE_DEVICES must be well-formed."""
    findings = [Finding(name, OK, shown_setting(name)) for name in SETTINGS]
    visible = os.environ.get(VISIBLE)
    if visible and not _well_formed(visible):
        cure = "write card numbers, ascending, with commas alone between them, such as 0,1: CANN ignores the rest"
        findings[-1] = Finding(VISIBLE, ERROR, repr(visible), cure)
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
