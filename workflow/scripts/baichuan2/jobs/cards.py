"""Cards of its own for each job of a host: one locked file a card, for as long as the job lives; or Slurm's."""

from __future__ import annotations

import fcntl
import logging
import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from baichuan2.devices.environment_check import HIDES_CARDS
from baichuan2.errors import UserError, shown
from baichuan2.jobs import slurm

log = logging.getLogger(__name__)
LOCKS = Path(f"/tmp/baichuan2-cards-{os.getuid()}")  # the same for all of a user's jobs, whatever TMPDIR is
DEVICES = Path("/dev")
NAME = {"cuda": r"\d+|(GPU|MIG)-[\w/-]+", "npu": r"\d+"}
OF_SLURM = "BAICHUAN2_CARDS_OF_SLURM"  # to the node's halves of a launch: whose cards Slurm chose, and their name
WAIT = 1.0  # seconds between two looks


def visible(device: str) -> list[str]:
    """The cards that this process may use, ascending: those of the device's variable, else all of the host.

    Raises UserError where there is none, or the variable is not of its one form.
    """
    variable = HIDES_CARDS[device]
    listed = os.environ.get(variable)
    if listed is None:
        cards = [str(number) for number in range(_count(device))]
    elif re.fullmatch(rf"(({NAME[device]})(,|$))*", listed):
        cards = sorted(set(filter(None, listed.split(","))), key=lambda name: (len(name), name))
    else:
        raise UserError(f"{variable}: {shown(listed)}; write cards with commas alone between them, or unset it")
    if not cards:
        raise UserError(f"engine.device: no {device} card to be seen here; check the driver and {variable}")
    return cards


def _count(device: str) -> int:
    """How many cards the host has, by its device files, or by nvidia-smi where it has such."""
    if device == "npu":
        return len(list(DEVICES.glob("davinci[0-9]*")))
    try:
        listing = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True).stdout
    except FileNotFoundError:
        return 0
    return len(re.findall(r"^GPU \d+:", listing, re.MULTILINE))


def take(device: str, number: int, locks: Path = LOCKS) -> list[str]:
    """Lock `number` cards for this process and what it becomes by exec, once so many are free; their names.

    Raises UserError where fewer than `number` are there at all.
    """
    cards = visible(device)
    if number > len(cards):
        raise UserError(
            f"parallel.world_size: {number} cards, but {device} has {len(cards)} here ({','.join(cards)})"
        )
    _make(locks)
    logged = False
    while not (taken := _take_free(device, cards, number, locks)):
        if not logged:
            log.info("waiting for %d of the %s cards %s to be free", number, device, ",".join(cards))
            logged = True
        time.sleep(WAIT)
    return taken


def of_slurm(device: str, gres: str) -> dict[str, str]:
    """Variables for the cards that this Slurm job has on the node where its script runs.

    None outside of Slurm, or where the device's variable chooses already, as by a prolog. Raises UserError where
    Slurm does not know them.
    """
    job, variable = os.environ.get("SLURM_JOB_ID"), HIDES_CARDS[device]
    if not job or variable in os.environ:
        return {}
    return {variable: ",".join(slurm.cards_of_job(job, gres)), OF_SLURM: f"{device} {gres}"}


def of_slurm_node(node: str) -> dict[str, str]:
    """The same on another node of the job, where `of_slurm` chose on the first: Slurm counts each node's own."""
    if OF_SLURM not in os.environ:
        return {}
    device, gres = os.environ[OF_SLURM].split()
    cards = slurm.cards_of_job(os.environ["SLURM_JOB_ID"], gres, node)
    return {HIDES_CARDS[device]: ",".join(cards)}


def _make(locks: Path) -> None:
    locks.mkdir(mode=0o700, exist_ok=True)
    if locks.is_symlink() or locks.stat().st_uid != os.getuid():
        raise UserError(f"{locks}: is another user's, or a link; have it deleted")


def _take_free(device: str, cards: Sequence[str], number: int, locks: Path) -> list[str]:
    """The first `number` free cards, locked over exec; none where fewer are free."""
    with _alone(locks):
        files = {card: _open(locks / re.sub(r"\W", "_", f"{device}-{card}")) for card in cards}
        free = [card for card in cards if _lock(files[card])]
        taken = free[:number] if len(free) >= number else []
        for card, file in files.items():
            if card in taken:
                os.set_inheritable(file, True)
            else:
                os.close(file)
    return taken


@contextmanager
def _alone(locks: Path) -> Iterator[None]:
    """Two that look at once would each find cards locked that the other then gives back."""
    file = _open(locks / "looking")
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
