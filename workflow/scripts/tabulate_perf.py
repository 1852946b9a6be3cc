"""From a measurement to speed tables: the guide's csv, cases.csv, summary.json and summary.md, and a figure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.files import publish_directory
from baichuan2.report.labels import Demo, Language, Name
from baichuan2.report.page import write_page
from baichuan2.speed.rate_tables import FIGURE
from baichuan2.speed.rates import Limits, read_rates, under_load
from baichuan2.speed.rounds import read_measurement
from baichuan2.speed.tables import UNDER_LOAD, speed_table, write_tables
from baichuan2.text.words import spoken


def main(
    measurement: Annotated[Path, typer.Option(help="Measurement (json), of all rounds.")],
    out: Annotated[Path, typer.Option(help="Directory to publish, replaced as a whole.")],
    name: Name,
    rates: Annotated[Path | None, typer.Option(help="What was measured under load (json).")] = None,
    ttft_ms: Annotated[float | None, typer.Option(help="Of an answer that counts in goodput, at most.")] = None,
    tpot_ms: Annotated[float | None, typer.Option(help="The same.")] = None,
    language: Language = "en",
    demo: Demo = False,
) -> None:
    """Tabulate a measurement."""
    measured = {"model": name, "model_name": name, **read_measurement(measurement), "demo": demo}
    if rates:
        measured[UNDER_LOAD] = under_load(read_rates(rates), Limits(ttft_ms, tpot_ms))
    with publish_directory(out) as partial, spoken(language):
        write_tables(partial, measured)
        if rates:
            from baichuan2.report.rates_figure import write_figure  # here, since most runs have no figure

            write_figure(partial / FIGURE, measured[UNDER_LOAD], demo)
        write_page(partial / "summary.html", (partial / "summary.md").read_text(encoding="utf-8"), partial)
    print(speed_table(measured))


if __name__ == "__main__":
    cli.run(main)
