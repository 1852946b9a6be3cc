"""From answers to results/inference: answers.jsonl and a readable page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.files import publish_directory, write_text
from baichuan2.inference.page import page
from baichuan2.integrity import read_sealed_lines
from baichuan2.report.labels import Demo, Language, Name
from baichuan2.report.page import write_page
from baichuan2.text.words import spoken


def main(
    answers: Annotated[Path, typer.Option(help="Answers (jsonl) of run_inference.")],
    out: Annotated[Path, typer.Option(help="Directory to publish, replaced as a whole.")],
    name: Name,
    language: Language = "en",
    demo: Demo = False,
) -> None:
    """Write the answers beside a page that shows them."""
    header, *records = read_sealed_lines(answers)
    header |= {"model": name, "demo": demo}
    with publish_directory(out) as partial, spoken(language):
        write_text(partial / "answers.jsonl", "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records))
        write_text(partial / "answers.md", page(header, records))
        write_page(partial / "answers.html", page(header, records))


if __name__ == "__main__":
    cli.run(main)
