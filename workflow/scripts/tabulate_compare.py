"""From two sides' figures to results/compare: compare.md, accuracy.csv, speed.csv, figures and a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.files import publish_directory
from baichuan2.report.choice import REFERENCES, RESULTS, choose
from baichuan2.report.comparison import Comparison, compare
from baichuan2.report.figures import write_figures
from baichuan2.report.labels import Language
from baichuan2.report.page import write_page
from baichuan2.report.sides import read_side
from baichuan2.report.tables import terminal, write_comparison
from baichuan2.text.words import spoken


def main(
    of: Annotated[str, typer.Option(help="float, quant, a reference, folder[:quant], or the SDK's folder.")],
    to: Annotated[str, typer.Option(help="What it is compared with; values as for --of.")],
    subjects: Annotated[Path, typer.Option(help="Subjects table: subject,name_en,name_zh,class.")],
    out: Annotated[Path, typer.Option(help="Directory to publish, replaced as a whole.")],
    language: Language = "en",
    results: Annotated[str, typer.Option(help="This run's results, where float and quant are.")] = RESULTS,
    references: Annotated[str, typer.Option(help="Folder of the published figures.")] = REFERENCES,
) -> None:
    """Compare two sides in accuracy and in speed."""
    choices = (choose(of, "compare.of", references, results), choose(to, "compare.to", references, results))

    def read_comparison() -> Comparison:
        return compare(choices, lambda choice, kinds: read_side(choice, kinds, subjects))

    with spoken(language):
        comparison = read_comparison()
    with publish_directory(out) as partial, spoken(language):
        write_comparison(partial, comparison)
        write_figures(partial, comparison)
        write_page(partial / "compare.html", (partial / "compare.md").read_text(encoding="utf-8"), partial)
    print(terminal(read_comparison()))  # in English, as all that is printed


if __name__ == "__main__":
    cli.run(main)
