"""From the tables of all runs of a sweep to results/sweep: sweep.md, runs.csv, figures and a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.files import publish_directory
from baichuan2.report.labels import Language
from baichuan2.report.page import write_page
from baichuan2.report.sweep import read_sweep
from baichuan2.report.sweep_figures import write_figures
from baichuan2.report.sweep_tables import terminal, write_sweep
from baichuan2.text.words import spoken


def main(
    sheet: Annotated[Path, typer.Option(help="Samplesheet (csv): a row a run.")],
    runs: Annotated[Path, typer.Option(help="Folder with <name>/ceval and <name>/perf of every run.")],
    subjects: Annotated[Path, typer.Option(help="Subjects table: subject,name_en,name_zh,class.")],
    out: Annotated[Path, typer.Option(help="Directory to publish, replaced as a whole.")],
    language: Language = "en",
) -> None:
    """Table the accuracy and the speed of all runs."""
    with spoken(language):
        sweep = read_sweep(sheet, runs, subjects)
    with publish_directory(out) as partial, spoken(language):
        write_sweep(partial, sweep)
        write_figures(partial, sweep)
        write_page(partial / "sweep.html", (partial / "sweep.md").read_text(encoding="utf-8"), partial)
    print(terminal(read_sweep(sheet, runs, subjects)))  # in English, as all that is printed


if __name__ == "__main__":
    cli.run(main)
