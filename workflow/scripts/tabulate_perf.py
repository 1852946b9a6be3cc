"""From a measurement to speed tables: the guide's csv, cases.csv, summary.json and summary.md."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.files import publish_directory
from baichuan2.report.labels import Demo, Language, Name
from baichuan2.report.page import write_page
from baichuan2.speed.rounds import read_measurement
from baichuan2.speed.tables import speed_table, write_tables
from baichuan2.text.words import spoken


def main(
    measurement: Annotated[Path, typer.Option(help="Measurement (json), of all rounds.")],
    out: Annotated[Path, typer.Option(help="Directory to publish, replaced as a whole.")],
    name: Name,
    language: Language = "en",
    demo: Demo = False,
) -> None:
    """Tabulate a measurement."""
    measured = {"model": name, "model_name": name, **read_measurement(measurement), "demo": demo}
    with publish_directory(out) as partial, spoken(language):
        write_tables(partial, measured)
        write_page(partial / "summary.html", (partial / "summary.md").read_text(encoding="utf-8"))
    print(speed_table(measured))


if __name__ == "__main__":
    cli.run(main)
