"""Set the CPUs' frequency governor to "performance", the guide's setting for measurements."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli, host

log = logging.getLogger("cpu_performance")


def main(
    processors: Annotated[Path, typer.Option(help="Where the kernel shows its processors.")] = host.PROCESSORS,
) -> None:
    """Run cpupower, and say which governor was set before and is now."""
    before = host.governor(processors)
    after = host.set_performance(processors)
    log.info("CPU governor: %s on %d processors (before: %s)", ", ".join(after), after.total(), before)


if __name__ == "__main__":
    cli.run(main)
