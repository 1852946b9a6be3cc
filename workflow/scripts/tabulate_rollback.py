"""From what roll-back lists were measured to cost to results/rollback: csv files, summary.md, a figure and a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.files import publish_directory
from baichuan2.report.frontier import write_figure
from baichuan2.report.labels import Demo, Language, Name
from baichuan2.report.page import write_page
from baichuan2.report.rollback import Rollback, terminal, write_tables
from baichuan2.text.words import spoken


def main(
    sensitivity: Annotated[Path, typer.Option(help="What measure_sensitivity.py wrote.")],
    chosen: Annotated[Path, typer.Option(help="What choose_rollback.py wrote.")],
    recipes: Annotated[Path, typer.Option(help="What measure_recipes.py wrote.")],
    out: Annotated[Path, typer.Option(help="Directory to publish, replaced as a whole.")],
    name: Name,
    language: Language = "en",
    demo: Demo = False,
) -> None:
    """Tabulate what each choice of linears in float costs."""
    rollback = Rollback.read(sensitivity, chosen, recipes, name, demo)
    with publish_directory(out) as partial, spoken(language):
        write_tables(partial, rollback)
        write_figure(partial / "frontier.svg", rollback)
        write_page(partial / "summary.html", (partial / "summary.md").read_text(encoding="utf-8"), partial)
    print(terminal(rollback))


if __name__ == "__main__":
    cli.run(main)
