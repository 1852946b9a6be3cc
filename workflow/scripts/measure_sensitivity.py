"""Measure what int8 in each group of linears does to the answers, and what is left along two orders of roll-back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.rehearsal import rehearse
from baichuan2.cli import run
from baichuan2.model.tokenizer import Tokenizer
from baichuan2.quantization import options, ranking
from baichuan2.quantization.calibration import Calibration
from baichuan2.quantization.parameters import StreamingParameters
from baichuan2.quantization.prompts import encode_file
from baichuan2.quantization.quantizing import int8_linear
from baichuan2.quantization.streaming import open_streamed


def main(
    model: Annotated[Path, typer.Option(help="the float model's directory")],
    calibration: Annotated[Path, typer.Option(help="what calibrate.py wrote of it")],
    prompts: Annotated[Path, typer.Option(help="what KL is measured on: .jsonl, or one a line")],
    out: Annotated[Path, typer.Option(help="the sensitivity (json) to publish")],
    exam: Annotated[Path | None, typer.Option(help="measure accuracy too, on this exam's dev split")] = None,
    subjects: Annotated[Path | None, typer.Option(help="the exam's subjects table")] = None,
    quantize: options.Streaming = StreamingParameters(),
    device: options.Device = "cpu",
    threads: options.Threads = None,
) -> None:
    """Publish the sensitivity of MODEL as OUT."""
    samples, ranges = encode_file(model, prompts), Calibration.read(calibration)
    questions = rehearse(Tokenizer(model), Exam.read(exam, read_subjects(subjects))) if exam else None
    with options.timed(out):
        with open_streamed(model, device, threads) as streamed:
            ranges.check_model(streamed.identity)
            int8 = int8_linear(ranges, quantize, streamed.device)
            sensitivity = ranking.measure(streamed, int8, samples, questions)
        sensitivity.write(out)


if __name__ == "__main__":
    run(main)
