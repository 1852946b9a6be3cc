"""Ask a server every question of the exam."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.ceval import options as asking
from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import get_protocol
from baichuan2.ceval.scoring import warn_of_unpublished, write_share
from baichuan2.ceval.served import of_server
from baichuan2.ceval.sharing import WHOLE
from baichuan2.engine import options
from baichuan2.engine.options import Settings
from baichuan2.jobs.code import version_of
from baichuan2.servers.server import open_server


def main(
    tokenizer: options.TokenizerFolder,
    exam: asking.Exam,
    subjects: asking.Subjects,
    out: Annotated[Path, typer.Option(help="Records file (jsonl) to publish.")],
    protocol: asking.Protocol = "sdk",
    shots: asking.Shots = 5,
    split: asking.Split = "val",
    subject: asking.Subject = None,
    batch_size: asking.BatchSize = 8,
    exact: asking.Exact = "auto",
    demo: asking.Demo = False,
    share: asking.ShareOf = WHOLE,
    engine: options.Engine = Settings(),
) -> None:
    """Put an exam, or a share of it, to engine's server, and write one record a question."""
    questions = Exam.read(exam, read_subjects(subjects), selected=subject, split=split, dev=shots > 0)
    warn_of_unpublished(exam, questions, demo)
    with open_server(engine, tokenizer) as server:
        identity = {"code": version_of("score_served.py")} | server.identity()
        write_share(
            out, server, questions, get_protocol(protocol), shots, split, batch_size, exact, share, demo, identity,
            answers=of_server, together=batch_size,
        )  # fmt: skip


if __name__ == "__main__":
    cli.run(main)
