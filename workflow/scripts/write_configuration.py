"""The configuration of a run as a page for the report, which snakemake itself leaves out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
import yaml

from baichuan2 import cli
from baichuan2.report.labels import Language
from baichuan2.report.page import write_page
from baichuan2.text.tables import fenced
from baichuan2.text.words import say, spoken


def main(
    config: Annotated[str, typer.Option(help="The configuration, as JSON.")],
    out: Annotated[Path, typer.Option(help="The html page to write.")],
    language: Language = "en",
) -> None:
    """Write the configuration as YAML on a page."""
    text = yaml.safe_dump(json.loads(config), allow_unicode=True, sort_keys=False, width=100)
    with spoken(language):
        write_page(out, f"# {say('Configuration')}\n\n{fenced(text[:-1], 'yaml')}\n")


if __name__ == "__main__":
    cli.run(main)
