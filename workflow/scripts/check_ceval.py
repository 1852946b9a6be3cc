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
from baichuan2.engine.engine import Settings, open_engine


def main(
    model: Annotated[Path, typer.Option(help="Model directory.")],
    exam: asking.Exam,
    subjects: asking.Subjects,
    out: Annotated[Path, typer.Option(help="Table (md) to publish.")],
    quant: Annotated[Path | None, typer.Option(help="W8A8 artefact to run instead of the float weights.")] = None,
    protocol: asking.Protocol = "sdk",
    shots: asking.Shots = 5,
    split: asking.Split = "val",
    subject: asking.Subject = None,
    batch_size: asking.BatchSize = 8,
    exact: asking.Exact = "auto",
    parts: options.Parts = None,
    device: options.Device = "auto",
    dtype: options.Dtype = "auto",
    max_seq_len: options.MaxSeqLen = None,
    threads: options.Threads = None,
    head: options.Head = "float",
    graph: options.Graph = "auto",
) -> None:
    """Ask every question in four ways; an answer that depends on the way is an error in exact mode."""
    questions = Exam.read(exam, read_subjects(subjects), selected=subject, split=split)
    chosen = get_protocol(protocol)
    with open_engine(Settings(device, dtype, max_seq_len, threads, head, graph), model, quant, parts) as engine:
        decides = is_exact(exact, engine)
        ways, count = check_exam(engine, questions, chosen, shots, batch_size, decides)
        if engine.rank == 0:
            title = f"C-Eval asked in four ways: {count} questions, {engine.precision}, protocol {protocol}"
            print(write_check(out, ways, count, title, decides))


if __name__ == "__main__":
    cli.run(main)
