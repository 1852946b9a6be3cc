"""Make the guide's result files, and a summary that says what its numbers are, of records. Imports nothing heavy."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from baichuan2.ceval.exam import HARD, LETTERS, OPTIONS, Subject
from baichuan2.ceval.records import GENERATED, NO_ANSWER, RESTRICTED, Record
from baichuan2.errors import UserError
from baichuan2.files import write_json, write_text
from baichuan2.integrity import write_sealed
from baichuan2.text.tables import DEMO, flat, run_table, safe, table
from baichuan2.text.words import listed, say, say_name, spoken

NAMED = 5  # files that are not the published ones
RANK = 0  # only rank 0 writes; the guide's names carry the rank


def write_results(
    out: Path, header: dict[str, Any], records: Sequence[Record], subjects: Iterable[Subject]
) -> dict[str, Any]:
    """Write the guide's four files to out/test_result/, and summary.json and summary.md to out/.

    summary.md is in the language of `words.spoken`, the guide's files are in English.

    header: as in a records file. Returns the summary. Raises UserError for a record of an unknown subject.
    """
    summary = summarise(header, records, subjects)
    result = Path(out) / "test_result"
    with spoken("en"):
        write_text(result / f"device{RANK}.log", device_log(summary))
    write_text(result / f"cache{RANK}.csv", cache_csv(records))
    write_json(result / f"result_{RANK}_subject_acc.json", _accuracies(summary["subjects"]))
    classes = _accuracies(summary["classes"]) | {"Avg": summary["average"]["accuracy"]}
    write_json(result / f"result_{RANK}_classes_acc.json", classes)
    write_sealed(Path(out) / "summary.json", summary)
    write_text(Path(out) / "summary.md", markdown(summary))
    return summary


def summarise(header: dict[str, Any], records: Sequence[Record], subjects: Iterable[Subject]) -> dict[str, Any]:
    """All counts and accuracies, JSON-ready. subjects: C-Eval's; an own exam's are in the header (see Exam.header).

    run: the rest of the header. classes, subjects: {name: tally}; average: tally over all questions, which is the
    guide's "Avg acc" (micro); macro_average: mean of the subjects' accuracies, as the paper's; hard: tally
    over the subjects of C-Eval Hard (None where none was asked), with its macro_average; counts: truncated
    prompts, prompts with fewer shots than asked, unanswered ("-1"), answered with a letter of no option, and near
    ties decided in float64. Only where they say something: in counts, of a server, restricted and generated, the
    questions whose options' scores it did not show (see `Record.way`); unpublished, the exam's files that are not
    C-Eval's published ones; subject_classes, {subject: class} of an own exam; options, the least and the most of a
    question. A tally is {"correct", "total", "accuracy"}, the accuracy being their quotient.
    """
    run = dict(header)
    own, unpublished = run.pop("subjects", None), run.pop("unpublished", None)
    class_of = own or {subject.name: subject.class_name for subject in subjects}
    unknown = sorted({record.subject for record in records} - set(class_of))
    if unknown or not records:
        what = f"subject {', '.join(unknown)} is not in the subjects table" if unknown else "no records"
        raise UserError(f"{what}; give the records file and the subjects table of one exam")
    by_subject = _tallies(records, {name: name for name in class_of})
    hard = [] if own else [by_subject[name] for name in HARD if name in by_subject]
    options = {record.options for record in records}
    more = {
        "unpublished": unpublished,
        "subject_classes": own,
        "options": None if options == {OPTIONS} else [min(options), max(options)],
    }
    return {
        "run": run,
        "classes": _tallies(records, class_of),
        "average": _sum(by_subject.values()),
        "macro_average": _macro(by_subject.values()),
        "hard": {**_sum(hard), "macro_average": _macro(hard)} if hard else None,
        "subjects": by_subject,
        "counts": _counts(records, header.get("shots")),
        **{name: value for name, value in more.items() if value},
    }


def class_table(summary: dict[str, Any]) -> str:
    """The classes and the average as a short text table for a terminal."""
    notes = [_counts_line(summary), *unpublished_note(summary), *_demo(summary)]
    return "\n".join([_title(summary), "", _class_table(summary, "simple"), "", *notes])


def markdown(summary: dict[str, Any]) -> str:
    """summary.md: what was run, the class table, other averages, what needs a second look, the subjects."""
    others = {say("Macro average over subjects"): {"accuracy": summary["macro_average"]}}
    if summary["hard"]:
        others["C-Eval Hard"] = summary["hard"]
        others[say("C-Eval Hard, macro average")] = {"accuracy": summary["hard"]["macro_average"]}
    parts = [
        f"# {_title(summary)}",
        *(f"**{sentence}**" for sentence in (*_demo(summary), *unpublished_note(summary))),
        _class_table(summary, "github"),
        say("Class accuracies and the average are correct answers by questions asked."),
        _table(others, "github"),
        _counts_line(summary),
        f"## {say('Subjects')}",
        _table(summary["subjects"], "github", say("subject")),
        f"## {say('Run')}",
        run_table(summary["run"]),
    ]
    return "\n\n".join(parts) + "\n"


def device_log(summary: dict[str, Any]) -> str:
    """device{rank}.log: what was run, each subject's accuracy, the class table."""
    run = [f"{key}: {value}" for key, value in flat(summary["run"]).items()]
    tallies = summary["subjects"].items()
    subjects = [f"{name}: {t['correct']}/{t['total']} = {_digits(t['accuracy'])}" for name, t in tallies]
    return "\n".join([*run, "", *subjects, "", class_table(summary), ""])


def cache_csv(records: Iterable[Record]) -> str:
    """cache{rank}.csv: task_name,question_id,truth_answer,predict_answer, without a header."""
    text = io.StringIO()
    rows = ([record.subject, record.id, record.truth, record.prediction] for record in records)
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _tallies(records: Iterable[Record], group_of: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """{group: tally} of the groups that were asked, in their order; group_of: of each subject."""
    marks: dict[str, list[bool]] = {group: [] for group in group_of.values()}
    for record in records:
        marks[group_of[record.subject]].append(record.correct)
    return {group: _tally(sum(marked), len(marked)) for group, marked in marks.items() if marked}


def _sum(tallies: Collection[dict[str, Any]]) -> dict[str, Any]:
    correct, total = (sum(tally[key] for tally in tallies) for key in ("correct", "total"))
    return _tally(correct, total)


def _tally(correct: int, total: int) -> dict[str, Any]:
    return {"correct": correct, "total": total, "accuracy": correct / total}


def _macro(tallies: Collection[dict[str, Any]]) -> float:
    return sum(tally["accuracy"] for tally in tallies) / len(tallies)


def _counts(records: Sequence[Record], shots: int | None) -> dict[str, int]:
    wanted = max(record.shots for record in records) if shots is None else shots
    marks: dict[str, Callable[[Record], bool]] = {
        "truncated": lambda record: record.truncated,
        "fewer_shots": lambda record: record.shots < wanted,
        "unanswered": lambda record: record.prediction == NO_ANSWER,
        "other_letter": lambda record: record.prediction not in (*LETTERS[: record.options], NO_ANSWER),
        "exact": lambda record: record.exact,
    }
    ways = Counter(record.way for record in records)
    of_ways = {way: ways[way] for way in (RESTRICTED, GENERATED)}
    counts = {name: sum(map(marked, records)) for name, marked in marks.items()}
    return counts | (of_ways if any(of_ways.values()) else {})


def _accuracies(tallies: dict[str, dict[str, Any]]) -> dict[str, float]:
    return {name: tally["accuracy"] for name, tally in tallies.items()}


def _demo(summary: dict[str, Any]) -> list[str]:
    return [say(DEMO["accuracy"])] if summary["run"].get("demo") else []


def unpublished_note(summary: dict[str, Any]) -> list[str]:
    """The sentence that names the exam's files that are not C-Eval's published ones; none where all are."""
    files = summary.get("unpublished", [])
    more = [say("{n} others", n=len(files) - NAMED)] if len(files) > NAMED else []
    return [say("Not C-Eval's published files: {files}.", files=listed([*files[:NAMED], *more]))] if files else []


def generated_note(summary: dict[str, Any]) -> str | None:
    """The sentence that says how many answers a server gave as text alone; None where it gave none."""
    count, total = summary["counts"].get(GENERATED), summary["average"]["total"]
    text = "{n} of {total} answers were read of a generated text: the server showed no option's score."
    return say(text, n=count, total=total) if count else None


def _title(summary: dict[str, Any]) -> str:
    run = summary["run"]
    what = run.get("exam") or (say("demo") if run.get("demo") else "C-Eval")
    known = [run.get("model"), run.get("precision"), f"{what} {run.get('split') or ''}".strip()]
    if run.get("protocol"):
        known.append(say("protocol {protocol}", protocol=run["protocol"]))
    if run.get("shots") is not None:
        known.append(say("{shots}-shot", shots=run["shots"]))
    return ", ".join(str(part) for part in known if part)


def _class_table(summary: dict[str, Any], style: str) -> str:
    tallies = summary["classes"] | {"Avg acc": summary["average"]}
    return _table({say_name(name): tally for name, tally in tallies.items()}, style)


def _table(tallies: Mapping[str, Mapping[str, Any]], style: str, heading: str = "") -> str:
    """A row a tally; one of an accuracy alone has empty cells for its counts."""
    rows = [
        [name if style == "simple" else safe(name), t.get("correct", ""), t.get("total", ""), _digits(t["accuracy"])]
        for name, t in tallies.items()
    ]
    return table(rows, [heading, *map(say, ("correct", "total", "accuracy"))], style)


def _digits(accuracy: float) -> str:
    """Nine decimals, as the guide prints accuracies."""
    return f"{accuracy:.9f}"


def _counts_line(summary: dict[str, Any]) -> str:
    counts, total = summary["counts"], summary["average"]["total"]
    if "options" in summary:
        line = say(
            "Of {total} questions, all asked: {truncated} truncated, {fewer_shots} with fewer shots, {unanswered} "
            "unanswered, {other_letter} with a letter of no option.",
            total=total,
            **counts,
        )
    else:
        line = say(
            "Of {total} questions, all asked: {truncated} truncated, {fewer_shots} with fewer shots, {unanswered} "
            "unanswered, {other_letter} with a letter past D.",
            total=total,
            **counts,
        )
    line += say(" {exact} near ties were decided in float64.", **counts) if counts["exact"] else ""
    ways = (
        " The server showed no option among its likely tokens for some: {restricted} were asked again with the "
        "options alone allowed, {generated} were read of a generated text."
    )
    return line + (say(ways, **counts) if GENERATED in counts else "")
