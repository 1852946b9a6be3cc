"""Ask the exam in batches and alone, with and without a shared prefix, and compare the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.ceval import options as asking
from baichuan2.ceval.checking import check_exam, write_check
from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import get_protocol
from baichuan2.ceval.scoring import is_exact
from baichuan2.engine import options
from baichuan2.engine.engine import open_engine
from baichuan2.engine.options import Settings


def main(
    model: options.Model,
    exam: asking.Exam,
    subjects: asking.Subjects,
    out: Annotated[Path, typer.Option(help="Table (md) to publish.")],
    quant: options.Quant = None,
    protocol: asking.Protocol = "sdk",
    shots: asking.Shots = 5,
    split: asking.Split = "val",
    subject: asking.Subject = None,
    batch_size: asking.BatchSize = 8,
    exact: asking.Exact = "auto",
    demo: asking.Demo = False,
    parts: options.Parts = None,
    engine: options.Engine = Settings(),
) -> None:
    """Ask every question in four ways; an answer that depends on the way is an error in exact mode."""
    questions = Exam.read(exam, read_subjects(subjects), selected=subject, split=split, dev=shots > 0)
    chosen = get_protocol(protocol)
    with open_engine(engine, model, quant, parts) as opened:
        decides = is_exact(exact, opened)
        ways, count = check_exam(opened, questions, chosen, shots, batch_size, decides)
        if opened.rank == 0:
            title = f"C-Eval asked in four ways: {count} questions, {opened.precision}, protocol {protocol}"
            print(write_check(out, ways, count, title, decides))


if __name__ == "__main__":
    cli.run(main)
