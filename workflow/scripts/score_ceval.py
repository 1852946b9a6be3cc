"""Answer every question of the exam with the model; one rank, or each of several under torchrun."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.ceval import options as asking
from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import get_protocol
from baichuan2.ceval.scoring import warn_of_unpublished, write_share
from baichuan2.ceval.sharing import WHOLE
from baichuan2.engine import options
from baichuan2.engine.engine import open_engine
from baichuan2.engine.options import Settings
from baichuan2.integrity import identity_of
from baichuan2.jobs.code import version_of


def main(
    model: options.Model,
    exam: asking.Exam,
    subjects: asking.Subjects,
    out: Annotated[Path, typer.Option(help="Records file (jsonl) to publish.")],
    quant: options.Quant = None,
    protocol: asking.Protocol = "sdk",
    shots: asking.Shots = 5,
    split: asking.Split = "val",
    subject: asking.Subject = None,
    batch_size: asking.BatchSize = 8,
    exact: asking.Exact = "auto",
    demo: asking.Demo = False,
    share: asking.ShareOf = WHOLE,
    parts: options.Parts = None,
    engine: options.Engine = Settings(),
) -> None:
    """Score an exam, or a share of it, and write one record a question."""
    questions = Exam.read(exam, read_subjects(subjects), selected=subject, split=split, dev=shots > 0)
    warn_of_unpublished(exam, questions, demo)
    chosen = get_protocol(protocol)
    decided_by = {"weights": identity_of(quant or model), "code": version_of("score_ceval.py")}
    if chosen.kind == "options" and engine.head == "auto":
        engine = replace(engine, head="float")  # nothing decodes, which alone an exact head's int8 rows are for
    with open_engine(engine, model, quant, parts) as opened:
        identity = decided_by | opened.identity()
        write_share(out, opened, questions, chosen, shots, split, batch_size, exact, share, demo, identity)


if __name__ == "__main__":
    cli.run(main)
