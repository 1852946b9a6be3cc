"""From scored questions to C-Eval's tables: the guide's test_result/, summary.json and summary.md."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.ceval.exam import read_subjects
from baichuan2.ceval.records import read_records
from baichuan2.ceval.results import class_table, write_results
from baichuan2.files import publish_directory
from baichuan2.report.labels import Demo, Language, Name
from baichuan2.report.page import write_page
from baichuan2.text.words import spoken


def main(
    records: Annotated[Path, typer.Option(help="Records file (jsonl) of a scored exam.")],
    subjects: Annotated[Path, typer.Option(help="Subjects table: subject,name_en,name_zh,class.")],
    out: Annotated[Path, typer.Option(help="Directory to publish, replaced as a whole.")],
    name: Name,
    language: Language = "en",
    demo: Demo = False,
) -> None:
    """Tabulate a records file."""
    header, answers = read_records(records)
    header |= {"model": name, "demo": demo}
    with publish_directory(out) as partial, spoken(language):
        summary = write_results(partial, header, answers, read_subjects(subjects))
        write_page(partial / "summary.html", (partial / "summary.md").read_text(encoding="utf-8"))
    print(class_table(summary))


if __name__ == "__main__":
    cli.run(main)
