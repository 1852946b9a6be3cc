"""From records to the guide's result files, and to a summary that says what its numbers are. Torch-free."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tabulate import tabulate

from baichuan2.ceval.exam import CLASSES, HARD, LETTERS, Subject
from baichuan2.ceval.records import NO_ANSWER, Record
from baichuan2.errors import UserError
from baichuan2.files import write_json, write_text
from baichuan2.integrity import write_sealed

DEMO = "The model or the exam is the demo's own: these are the demo's results, not C-Eval's."
RANK = 0  # only rank 0 writes; the guide's names carry the rank


def write_results(
    out: Path, header: dict[str, Any], records: Sequence[Record], subjects: Iterable[Subject]
) -> dict[str, Any]:
    """Write the guide's four files to out/test_result/, and summary.json and summary.md to out/.

    header: as in a records file. Returns the summary. Raises UserError for a record of an unknown subject.
    """
    out = Path(out)
    summary = summarise(header, records, subjects)
    result = out / "test_result"
    write_text(result / f"device{RANK}.log", device_log(summary))
    write_text(result / f"cache{RANK}.csv", cache_csv(records))
    write_json(result / f"result_{RANK}_subject_acc.json", _accuracies(summary["subjects"]))
    classes = _accuracies(summary["classes"]) | {"Avg": summary["average"]["accuracy"]}
    write_json(result / f"result_{RANK}_classes_acc.json", classes)
    write_sealed(out / "summary.json", summary)
    write_text(out / "summary.md", markdown(summary))
    return summary


def summarise(header: dict[str, Any], records: Sequence[Record], subjects: Iterable[Subject]) -> dict[str, Any]:
    """All counts and accuracies, JSON-ready.

    run: the header. classes, subjects: {name: tally}; average: tally over all questions, which is the
    guide's "Avg acc" (micro); macro_average: mean of the subjects' accuracies, as the paper's; hard: tally
    over the subjects of C-Eval Hard (None where none was asked), with its macro_average; counts: truncated
    prompts, prompts with fewer shots than asked, unanswered ("-1"), answered with a letter past D, and near ties
    decided in float64.
    A tally is {"correct", "total", "accuracy"}, the accuracy being their quotient.
    """
    table = {subject.name: subject for subject in subjects}
    unknown = sorted({record.subject for record in records} - set(table))
    if unknown or not records:
        what = f"subject {', '.join(unknown)} is not in the subjects table" if unknown else "no records"
        raise UserError(f"{what}; give the records file and the subjects table of one exam")
    by_subject = _tallies(records, lambda record: record.subject, table)
    hard = [record for record in records if record.subject in HARD]
    hard_accuracies = [by_subject[name]["accuracy"] for name in HARD if name in by_subject]
    return {
        "run": dict(header),
        "classes": _tallies(records, lambda record: table[record.subject].class_name, CLASSES),
        "average": _tally(records),
        "macro_average": _mean([tally["accuracy"] for tally in by_subject.values()]),
        "hard": {**_tally(hard), "macro_average": _mean(hard_accuracies)} if hard else None,
        "subjects": by_subject,
        "counts": _counts(records, header.get("shots")),
    }


def class_table(summary: dict[str, Any]) -> str:
    """The four classes and the average as a short text table for a terminal."""
    table = tabulate(_class_rows(summary), ["", "correct", "total", "accuracy"], **_style("simple"))
    notes = [line for line in (_counts_line(summary), DEMO if summary["run"].get("demo") else "") if line]
    return "\n".join([_title(summary), "", table, "", *notes])


def markdown(summary: dict[str, Any]) -> str:
    """summary.md: what was run, the class table, other averages, what needs a second look, the subjects."""
    columns = ["correct", "total", "accuracy"]
    subjects = [[name, *_cells(tally)] for name, tally in summary["subjects"].items()]
    others = [["Macro average over subjects", "", "", _digits(summary["macro_average"])]]
    if summary["hard"]:
        others.append(["C-Eval Hard", *_cells(summary["hard"])])
        others.append(["C-Eval Hard, macro average", "", "", _digits(summary["hard"]["macro_average"])])
    parts = [
        f"# {_title(summary)}",
        *([f"**{DEMO}**"] if summary["run"].get("demo") else []),
        tabulate(_class_rows(summary), ["", *columns], **_style("github")),
        "Class accuracies and the average are correct answers by questions asked.",
        tabulate(others, ["", *columns], **_style("github")),
        _counts_line(summary),
        "## Subjects",
        tabulate(subjects, ["subject", *columns], **_style("github")),
        "## Run",
        tabulate(_flat(summary["run"]), ["", "value"], tablefmt="github", disable_numparse=True),
    ]
    return "\n\n".join(parts) + "\n"


def device_log(summary: dict[str, Any]) -> str:
    """device{rank}.log: what was run, each subject's accuracy, the class table."""
    run = [f"{key}: {value}" for key, value in _flat(summary["run"])]
    tallies = summary["subjects"].items()
    subjects = [f"{name}: {t['correct']}/{t['total']} = {_digits(t['accuracy'])}" for name, t in tallies]
    return "\n".join([*run, "", *subjects, "", class_table(summary), ""])


def cache_csv(records: Iterable[Record]) -> str:
    """cache{rank}.csv: task_name,question_id,truth_answer,predict_answer, without a header."""
    text = io.StringIO()
    rows = ([record.subject, record.id, record.truth, record.prediction] for record in records)
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _tally(records: Sequence[Record]) -> dict[str, Any]:
    correct = sum(record.correct for record in records)
    return {"correct": correct, "total": len(records), "accuracy": correct / len(records)}


def _tallies(
    records: Sequence[Record], key: Callable[[Record], str], order: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """{name: tally} for the names in `order` that have records."""
    groups: dict[str, list[Record]] = {name: [] for name in order}
    for record in records:
        groups[key(record)].append(record)
    return {name: _tally(group) for name, group in groups.items() if group}


def _counts(records: Sequence[Record], shots: int | None) -> dict[str, int]:
    asked = max(record.shots for record in records) if shots is None else shots
    return {
        "truncated": sum(record.truncated for record in records),
        "fewer_shots": sum(record.shots < asked for record in records),
        "unanswered": sum(record.prediction == NO_ANSWER for record in records),
        "other_letter": sum(record.prediction not in (*LETTERS, NO_ANSWER) for record in records),
        "exact": sum(record.exact for record in records),
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _accuracies(tallies: dict[str, dict[str, Any]]) -> dict[str, float]:
    return {name: tally["accuracy"] for name, tally in tallies.items()}


def _title(summary: dict[str, Any]) -> str:
    run = summary["run"]
    what = "demo" if run.get("demo") else "C-Eval"
    known = [run.get("model"), run.get("precision"), f"{what} {run.get('split') or ''}".strip()]
    if run.get("protocol"):
        known.append(f"protocol {run['protocol']}")
    if run.get("shots") is not None:
        known.append(f"{run['shots']}-shot")
    return ", ".join(str(part) for part in known if part)


def _class_rows(summary: dict[str, Any]) -> list[list[str]]:
    rows = [[name, *_cells(tally)] for name, tally in summary["classes"].items()]
    return [*rows, ["Avg acc", *_cells(summary["average"])]]


def _cells(tally: dict[str, Any]) -> list[str]:
    return [str(tally["correct"]), str(tally["total"]), _digits(tally["accuracy"])]


def _digits(accuracy: float) -> str:
    """Nine decimals, as the guide prints accuracies."""
    return f"{accuracy:.9f}"


def _counts_line(summary: dict[str, Any]) -> str:
    counts, total = summary["counts"], summary["average"]["total"]
    near_ties = f" {counts['exact']} near ties were decided in float64." if counts["exact"] else ""
    return (
        f"Of {total} questions, all asked: {counts['truncated']} truncated, {counts['fewer_shots']} with "
        f"fewer shots, {counts['unanswered']} unanswered, {counts['other_letter']} with a letter past D.{near_ties}"
    )


def _style(name: str) -> dict[str, Any]:
    # Left to itself tabulate reads numbers and prints six digits of them.
    return {"tablefmt": name, "disable_numparse": True, "colalign": ("left", "right", "right", "right")}


def _flat(values: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Nested dictionaries as (dotted key, value)."""
    pairs: list[tuple[str, Any]] = []
    for key, value in values.items():
        name = f"{prefix}{key}"
        pairs.extend(_flat(value, f"{name}.") if isinstance(value, dict) else [(name, value)])
    return pairs
