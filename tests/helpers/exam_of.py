"""The demo's answers to its exam, in a process of its own, so that another processor can be asked, too.

python -m helpers.exam_of CPUINFO MODEL QUANT SUBJECT...
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from baichuan2 import host
from baichuan2.ceval.exam import Exam, read_subjects
from baichuan2.ceval.protocols import get_protocol
from baichuan2.engine.engine import Settings, open_engine
from helpers.models import score_exam
from helpers.projects import ROOT


def main(cpuinfo: Path, model: Path, quant: Path, *subjects: str) -> None:
    """Print {precision: {question: [answer, right one]}}; no subjects: all of them. CPUINFO: as engine_of's."""
    host.CPUINFO = cpuinfo
    table = read_subjects(ROOT / "resources/ceval_subjects.csv")
    exam = Exam.read(ROOT / "resources/demo/exam", table, selected=subjects or None)
    answers = {}
    for weights in (None, quant):
        with open_engine(Settings("cpu", "float32", 4096), model, weights) as engine:
            records = score_exam(engine, exam, get_protocol("official"), exact=True)
            answers[engine.precision] = {
                f"{record.subject} {record.id}": [record.prediction, record.truth] for record in records
            }
    print(json.dumps(answers))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), *sys.argv[4:])
