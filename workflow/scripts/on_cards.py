"""Run a command on cards of its own: as many as it needs of those that no other job of this host has, or Slurm's."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.devices.environment_check import HIDES_CARDS
from baichuan2.errors import UserError
from baichuan2.jobs import cards as sharing

log = logging.getLogger("on_cards")


def main(
    device: Annotated[str, typer.Option(help="cuda or npu.")],
    command: Annotated[list[str], typer.Argument(help="What to run on them, after --.")],
    cards: Annotated[int | None, typer.Option(help="How many.", min=1)] = None,
    slurm: Annotated[str | None, typer.Option(help="Instead those of this Slurm job, which are called so.")] = None,
    locks: Annotated[Path, typer.Option(help="Where the files are that are locked.")] = sharing.LOCKS,
) -> None:
    """Wait for free cards, then become the command, which sees these alone; they are free again when it ends."""
    if (cards is None) == (slurm is None):
        raise UserError("--cards, --slurm: give one of the two")
    if slurm:
        chosen = sharing.of_slurm(device, slurm)
    else:
        chosen = {HIDES_CARDS[device]: ",".join(sharing.take(device, cards, locks))}
    log.info("%s cards %s", device, chosen.get(HIDES_CARDS[device], "as they are"))
    os.execvpe(command[0], command, os.environ | chosen)


if __name__ == "__main__":
    cli.run(main)
