"""Make one records file of the shares of an exam that replicas answered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.ceval.records import write_records
from baichuan2.ceval.sharing import merge


def main(
    share: Annotated[list[Path], typer.Option(help="Records file of one share; repeat the option.")],
    out: Annotated[Path, typer.Option(help="Records file (jsonl) to publish.")],
) -> None:
    """Write the records of all shares in the exam's order."""
    write_records(out, *merge(share))


if __name__ == "__main__":
    cli.run(main)
