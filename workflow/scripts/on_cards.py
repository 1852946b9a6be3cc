"""Run a command on cards of its own: as many as it needs of those that no other job of this host has."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.devices import cards as sharing
from baichuan2.devices.environment_check import HIDES_CARDS

log = logging.getLogger("on_cards")


def main(
    device: Annotated[str, typer.Option(help="cuda or npu.")],
    cards: Annotated[int, typer.Option(help="How many.", min=1)],
    command: Annotated[list[str], typer.Argument(help="What to run on them, after --.")],
    locks: Annotated[Path, typer.Option(help="Where the files are that are locked.")] = sharing.LOCKS,
) -> None:
    """Wait for free cards, then become the command, which sees these alone; they are free again when it ends."""
    taken = ",".join(sharing.take(device, cards, locks))
    log.info("%s cards %s", device, taken)
    os.execvpe(command[0], command, os.environ | {HIDES_CARDS[device]: taken})


if __name__ == "__main__":
    cli.run(main)
