"""Fetch ceval-exam.zip from a hub (hf:ceval/ceval-exam[@revision], modelscope:...)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.ceval.download import fetch
from baichuan2.model.source import Source


def main(
    source: Annotated[str, typer.Option(help="hf:owner/name[@revision] or modelscope:owner/name[@revision].")],
    out: Annotated[Path, typer.Option(help="The zip to publish.")],
) -> None:
    """Download the exam, resuming what an earlier try left."""
    fetch(Source.parse(source, "ceval.source"), out.with_suffix("")).replace(out)


if __name__ == "__main__":
    cli.run(main)
