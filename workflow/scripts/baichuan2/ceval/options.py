"""Command-line options, beside the engine's, of every script that asks an exam. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2.ceval.sharing import Share

Exam = Annotated[Path, typer.Option(help="The dev and val csv files of C-Eval or of an own exam: a folder or a zip.")]
Subjects = Annotated[Path, typer.Option(help="C-Eval's subjects: subject,name_en,name_zh,class.")]
Protocol = Annotated[str, typer.Option(help="sdk, official or lm-eval.")]
Shots = Annotated[int, typer.Option(help="Examples before each question.")]
Split = Annotated[str, typer.Option(help="Split to ask; test has no labels.")]
Subject = Annotated[list[str] | None, typer.Option(help="Only these subjects; repeat the option.")]
BatchSize = Annotated[int, typer.Option(help="Answers generated together (sdk).")]
Demo = Annotated[bool, typer.Option("--demo", help="The exam is the demo's: no file of it is C-Eval's.")]
Exact = Annotated[str, typer.Option(help="auto, true or false: decide near ties in float64.")]
ShareOf = Annotated[
    Share, typer.Option("--share", parser=Share.parse, metavar="K-of-N", help="Which replica this is, of how many.")
]
