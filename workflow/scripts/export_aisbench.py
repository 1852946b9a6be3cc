"""Write the results of an exam and of the speed cases in AISBench's layout."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.ceval.exam import read_subjects
from baichuan2.ceval.records import read_records
from baichuan2.report import aisbench
from baichuan2.report.labels import Demo, Name
from baichuan2.speed.rounds import read_measurement


def main(
    records: Annotated[Path, typer.Option(help="Records file (jsonl) of a scored exam.")],
    measurement: Annotated[Path, typer.Option(help="Measurement (json), of all rounds.")],
    subjects: Annotated[Path, typer.Option(help="Subjects table: subject,name_en,name_zh,class.")],
    out: Annotated[Path, typer.Option(help="Directory to publish, replaced as a whole.")],
    name: Name,
    demo: Demo = False,
) -> None:
    """Publish RECORDS and MEASUREMENT as OUT."""
    header, answers = read_records(records)
    measured = read_measurement(measurement)
    aisbench.export_aisbench(out, name, header | {"demo": demo}, answers, read_subjects(subjects), measured)


if __name__ == "__main__":
    cli.run(main)
