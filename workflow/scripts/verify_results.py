"""Read all that the workflow keeps, and hold it against the digests that were written with it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.errors import UserError
from baichuan2.integrity import verify

log = logging.getLogger("verify")


def main(results: Annotated[Path, typer.Option(help="The workflow's results.")]) -> None:
    """Print a line for every file that is damaged or missing; exit with code 1 if there is one."""
    checked, problems = verify(results)
    for problem in problems:
        print(problem)
    if problems:
        raise UserError(
            f"{results}: {len(problems)} files of {checked} artefacts and records are damaged; see the lines above"
        )
    log.info("%s: %d artefacts and records are what was written", results, checked)


if __name__ == "__main__":
    cli.run(main)
