"""Exams as people have them: own subjects and options, files that spreadsheets saved, folders as they come."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import yaml

from baichuan2.ceval import published, results
from baichuan2.ceval.exam import LETTERS, Exam, read_subjects, subjects_of
from baichuan2.ceval.protocols import get_protocol
from baichuan2.ceval.records import Record, read_records, write_records
from baichuan2.ceval.rehearsal import rehearse
from baichuan2.configuration import settings
from baichuan2.errors import UserError
from baichuan2.report.comparison import compare
from baichuan2.report.sides import Choice, read_side
from baichuan2.text.words import spoken
from helpers.models import score_exam
from helpers.projects import ROOT, copy_project, snakemake
from test_ceval import (
    COLUMNS,
    SUBJECTS,
    CharacterTokenizer,
    FakeEngine,
    exam_files,
    make_exam,
    questions,
    run_script,
    to_csv,
    write_folder,
    write_zip,
)

SHIPPED = ROOT / "resources" / "ceval_subjects.csv"

# An own exam

OWN = "subject,name_en,name_zh,class\n寒武_纪,Cambrian,寒武纪,Rocks | {x}\nlaw,Law,法律,Other\n"


def own_files(options: int = 6) -> dict[str, bytes]:
    """Two subjects: one of `options` letters, where a question may have fewer, and one of two."""
    files = {"subjects.csv": OWN.encode()}
    for subject, count in (("寒武_纪", options), ("law", 2)):
        header = ["id", "question", *LETTERS[:count], "answer"]
        for part, number in (("dev", 7), ("val", 12)):
            rows = []
            for k in range(number):
                here = count if k % 3 else max(2, count - 2)
                cells = [f"{subject}{letter}{k}" for letter in LETTERS[:here]] + [""] * (count - here)
                letter = LETTERS[k % here]
                rows.append([str(k), f"第{k}题[key {letter}]", *cells, letter])
            files[f"{part}/{subject}_{part}.csv"] = to_csv(header, rows)
    return files


@pytest.fixture(params=["folder", "zip"])
def own(request, tmp_path) -> Path:
    if request.param == "folder":
        return write_folder(tmp_path / "own exam", own_files())
    return write_zip(tmp_path / "own exam.zip", {f"top/{name}": data for name, data in own_files().items()})


@pytest.mark.parametrize("name", ["sdk", "official", "lm-eval"])
def test_an_own_exam_is_asked_by_every_protocol(own, name):
    exam = Exam.read(own, SUBJECTS)
    tokenizer = LetterTokenizer()
    engine = FakeEngine(tokenizer)
    found = score_exam(engine, exam, get_protocol(name), shots=7)
    assert [(record.subject, record.options) for record in found] == [
        *(("寒武_纪", 6 if k % 3 else 4) for k in range(12)),
        *(("law", 2) for _ in range(12)),
    ]
    assert all(record.correct and record.shots == 7 for record in found)
    assert {record.prediction for record in found} == set("ABCDEF")
    assert found[0].scores is None or [len(record.scores) for record in found] == [r.options for r in found]
    texts = [tokenizer.decode(prompt) for prompt in engine.prompts]
    assert sum("寒武_纪" in text and "\nE. " in text.rpartition("[key")[2] for text in texts) == 8
    assert not any("\nC. " in text for text in texts if "lawA0" in text)


class LetterTokenizer(CharacterTokenizer):
    """A token a character, and one for a letter with a blank before it."""

    def encode(self, text):
        ids = []
        for sign in text:
            letter = sign in LETTERS and ids and ids[-1] == ord(" ")
            ids = [*ids[:-1], 10**6 + ord(sign)] if letter else [*ids, ord(sign)]
        return ids

    def decode(self, ids):
        return "".join(f" {chr(index - 10**6)}" if index > 10**6 else chr(index) for index in ids)


def test_the_highest_score_counts_among_a_questions_own_options(tmp_path):
    """Letters that it has not are scored with the others', and never the answer."""
    exam = Exam.read(write_folder(tmp_path / "own", own_files()), SUBJECTS)
    engine = FakeEngine()
    engine.score = lambda prefix, suffixes, candidates: [[float(k) for k in range(len(candidates))] for _ in suffixes]
    found = score_exam(engine, exam, get_protocol("official"), shots=0)
    assert [record.prediction for record in found] == ["F" if k % 3 else "D" for k in range(12)] + ["B"] * 12
    assert {record.lead for record in found} == {1.0}


def test_an_own_exams_records_tables_and_comparison(tmp_path):
    exam = Exam.read(write_folder(tmp_path / "own", own_files()), SUBJECTS)
    found = score_exam(FakeEngine(), exam, get_protocol("official"), shots=2)
    header = {"protocol": "official", "shots": 2, "split": "val", "precision": "float"} | exam.header()
    write_records(tmp_path / "r.jsonl", header, found)
    assert read_records(tmp_path / "r.jsonl")[1] == found
    arguments = ["--records", tmp_path / "r.jsonl", "--subjects", SHIPPED, "--name", "mine"]
    for language in ("en", "zh"):
        done = run_script(
            "tabulate_ceval.py", *arguments, "--out", tmp_path / f"{language}/ceval", "--language", language
        )
        assert done.returncode == 0, done.stderr
    summary = json.loads((tmp_path / "en/ceval/summary.json").read_text())
    assert summary["classes"] == {
        name: {"correct": 12, "total": 12, "accuracy": 1.0} for name in ("Rocks | {x}", "Other")
    }
    assert summary["hard"] is None
    assert summary["options"] == [2, 6]
    assert summary["subject_classes"] == {"寒武_纪": "Rocks | {x}", "law": "Other"}
    classes = json.loads((tmp_path / "en/ceval/test_result/result_0_classes_acc.json").read_text())
    assert classes == {"Rocks | {x}": 1.0, "Other": 1.0, "Avg": 1.0}
    page = (tmp_path / "en/ceval/summary.md").read_text()
    assert page.startswith("# mine, float, own val, protocol official, 2-shot\n")
    assert "C-Eval" not in page
    assert "0 with a letter of no option." in page
    assert "| Rocks \\| {x} " in page
    assert "| 其他 " in (tmp_path / "zh/ceval/summary.md").read_text()
    files = [str(tmp_path / "en/ceval" / name) for name in ("summary.json", "test_result/cache0.csv")]
    choice = Choice("mine", "run", {"accuracy": files})
    compared = compare((choice, choice), lambda choice, kinds: read_side(choice, kinds, SHIPPED))
    assert compared.accuracy["class"].tolist() == ["Rocks | {x}", "Other", "Avg acc"]
    assert compared.accuracy.of_correct.tolist() == [12, 12, 24]
    assert compared.paired.questions == 24
    assert list(compared.differences) == ["Rocks | {x}", "Other", "Avg acc"]


def test_a_letter_of_no_option_is_counted():
    found = [Record("s", str(k), "A", letter, 5, 9, False, options=2) for k, letter in enumerate("ABCT")]
    summary = results.summarise({"subjects": {"s": "S"}, "shots": 5}, found, [])
    assert summary["counts"]["other_letter"] == 2
    with spoken("zh"):
        assert "2 题答了没有的选项" in results.markdown(summary)


def test_the_number_of_options_is_written_only_where_it_is_not_four():
    assert "options" not in Record("s", "0", "A", "A", 5, 9, False).values()
    assert Record("s", "0", "A", "A", 5, 9, False, options=5).values()["options"] == 5


@pytest.mark.parametrize("change", ["options", "class"])
def test_the_journal_of_another_own_exam_is_not_taken(tmp_path, change):
    """What a question's options are is part of what was asked; its class is none of it."""

    def ask(source: Path) -> FakeEngine:
        engine = FakeEngine(LetterTokenizer())
        score_exam(engine, Exam.read(source, SUBJECTS), get_protocol("sdk"), 2, journal=tmp_path / "journal")
        return engine

    ask(write_folder(tmp_path / "a", own_files()))
    other = (
        own_files(7)
        if change == "options"
        else own_files() | {"subjects.csv": OWN.replace("Rocks", "Stones").encode()}
    )
    asked = len(ask(write_folder(tmp_path / "b", other)).prompts)
    assert asked == (24 if change == "options" else 0)


def test_an_own_exams_dev_rows_are_rehearsed(tmp_path):
    exam = Exam.read(write_folder(tmp_path / "own", own_files()), SUBJECTS)
    rehearsed = rehearse(CharacterTokenizer(), exam)
    assert [len(question.options) for question in rehearsed] == [6 if k % 3 else 4 for k in range(7)] + [2] * 7


def test_settings_know_an_own_exams_subjects(own):
    config = {"ceval": {"source": str(own), "shots": 2, "subjects": ["寒武_纪"]},
              "quantize": {"calibration": str(SHIPPED)}, "inference": {"prompts": ["a"]}}  # fmt: skip
    settings.check_inputs(config, SHIPPED)
    config["ceval"]["subjects"] = ["marxism"]
    with pytest.raises(UserError, match=r"ceval\.subjects: no subject named 'marxism'; the nearest is "):
        settings.check_inputs(config, SHIPPED)
    assert [subject.name for subject in subjects_of(own, SUBJECTS)] == ["寒武_纪", "law"]


HEADER = ["id", "question", "A", "B", "C", "answer"]


@pytest.mark.parametrize(
    ("header", "row", "line"),
    [
        (HEADER, ["0", "q", "a", "", "c", "A"], "row 1: B is empty; fill it in"),
        (HEADER, ["0", "q", "a", "b", "", "C"], "row 1: answer 'C' is not one of A, B; correct the row"),
        (HEADER, ["0", "q", "a", "", "", "A"], "row 1: B is empty; fill it in"),
        (["id", "question", "A", "B", "D", "answer"], ["0", "q", "a", "b", "c", "A"],
         "row 1: options A, B, D; their columns are A, B and on, up to H"),
        (["id", "question", *"ABCDEFGHI", "answer"], ["0", "q", *"abcdefghi", "A"],
         "row 1: options A, B, C, D, E, F, G, H, I; their columns are A, B and on, up to H"),
        (["id", "question", "A", "answer"], ["0", "q", "a", "A"],
         "no column B; the header must be id,question,A,B,C,D,answer (2 to 8 options)"),
        (["id", "question", "A", "B", "A", "answer"], ["0", "q", "a", "b", "c", "A"],
         "column 'A' stands twice; remove one"),
    ],
)  # fmt: skip
def test_options_that_are_wrong_are_named(tmp_path, header, row, line):
    source = write_folder(tmp_path / "own", own_files() | {"val/law_val.csv": to_csv(header, [row])})
    with pytest.raises(UserError) as caught:
        Exam.read(source, SUBJECTS)
    assert str(caught.value) == f"{source}/val/law_val.csv: {line}"


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("../x,X,某,Other", "row 3: subject '../x' is no part of a file's name; take letters and _"),
        (".x,X,某,Other", "row 3: subject '.x' is no part of a file's name; take letters and _"),
        ("law,X,某,Other", "row 3: subject 'law' stands twice; remove one"),
        ("x,X,某,Avg", "row 3: class 'Avg' is the average's name; call it otherwise"),
        ("x,X,某,", "row 3: class is empty; fill it in"),
        ("x,X", "row 3: 2 cells under 4 columns; quote cells with commas"),
    ],
)
def test_own_subjects_that_are_wrong_are_named(tmp_path, row, line):
    source = write_folder(tmp_path / "own", own_files() | {"subjects.csv": f"{OWN}{row}\n".encode()})
    with pytest.raises(UserError) as caught:
        Exam.read(source, SUBJECTS)
    assert str(caught.value) == f"{source}/subjects.csv: {line}"


@pytest.mark.workflow
def test_the_workflow_asks_an_own_exam(tmp_path):
    """An edit of its subjects asks it again; without shots it needs no dev."""
    project = copy_project(tmp_path / "project")
    files = {name: data for name, data in own_files().items() if not name.startswith("dev/")}
    source = write_folder(project / "own", files)
    overlay = {"ceval": {"source": "own", "shots": 0, "subjects": ["寒武_纪"]}}
    (project / "own.yaml").write_text(yaml.safe_dump(overlay), encoding="utf-8")
    ask = ["results/ceval", "--configfile", "own.yaml"]
    done = snakemake(project, *ask)
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((project / "results/ceval/summary.json").read_text())
    assert (list(summary["classes"]), summary["average"]["total"]) == (["Rocks | {x}"], 12)
    (source / "subjects.csv").write_text(OWN.replace("Rocks", "Stones"), encoding="utf-8")
    assert snakemake(project, *ask).returncode == 0
    assert list(json.loads((project / "results/ceval/summary.json").read_text())["classes"]) == ["Stones | {x}"]


# Shots


def test_no_shots_need_no_dev(tmp_path):
    files = {name: data for name, data in exam_files().items() if name.startswith("val/")}
    source = write_folder(tmp_path / "exam", files)
    exam = Exam.read(source, SUBJECTS, dev=False)
    found = score_exam(FakeEngine(), exam, get_protocol("official"), shots=0)
    assert len(found) == 24
    assert {record.shots for record in found} == {0}
    config = {"ceval": {"source": str(source), "shots": 0, "subjects": "all"},
              "quantize": {"calibration": str(SHIPPED)}, "inference": {"prompts": ["a"]}}  # fmt: skip
    settings.check_inputs(config, SHIPPED)
    config["ceval"]["shots"] = 1
    with pytest.raises(UserError, match=r"exam/dev: no such folder; ceval\.source must hold dev/ and val/"):
        settings.check_inputs(config, SHIPPED)


def test_more_shots_than_dev_rows_are_refused(tmp_path):
    exam = Exam.read(write_folder(tmp_path / "own", own_files()), SUBJECTS)
    with pytest.raises(UserError, match=r"ceval\.shots: 8 is not 0 to 7, the dev rows of 寒武_纪; lower it"):
        score_exam(FakeEngine(), exam, get_protocol("official"), shots=8)


# What spreadsheets leave


def saved_by_a_spreadsheet(data: bytes) -> bytes:
    """With a mark, CR LF in cells too, all cells quoted, a trailing empty column and rows of commas alone."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([*row, ""] for row in rows)
    more = "," * len(rows[0]) + "\n"
    return b"\xef\xbb\xbf" + (text.getvalue() + more * 2).replace("\r\n", "\n").replace("\n", "\r\n").encode()


@pytest.mark.parametrize("line_end", [b"\r\n", b"\r"])
def test_an_exam_saved_by_a_spreadsheet_is_the_same(tmp_path, line_end):
    files = {name: saved_by_a_spreadsheet(data).replace(b"\r\n", line_end) for name, data in exam_files().items()}
    assert Exam.read(write_folder(tmp_path / "saved", files), SUBJECTS) == make_exam(tmp_path)


def test_a_cell_too_many_that_holds_something_is_refused(tmp_path):
    rows = questions("law", "val", 3)
    rows[1].append("x")
    source = write_folder(tmp_path / "e", exam_files() | {"val/law_val.csv": to_csv([*COLUMNS, ""], rows)})
    with pytest.raises(UserError, match=r"law_val\.csv: row 2: 8 cells under 7 columns"):
        Exam.read(source, SUBJECTS)


# The published files


@pytest.fixture
def as_published(monkeypatch):
    """as_published(files) lets exam files be C-Eval's published ones."""

    def publish(files: dict[str, bytes]) -> None:
        table = {}
        for name, data in files.items():
            rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
            texts = [[row[column] for column in COLUMNS] for row in rows]
            crlf = [(k, c) for k, row in enumerate(texts) for c, text in enumerate(row) if "\r\n" in text]
            plain = [[text.replace("\r\n", "\n") for text in row] for row in texts]
            table[name] = (published.digest_of(plain), crlf)
        monkeypatch.setattr(published, "_published", lambda: table)

    return publish


def published_files() -> dict[str, bytes]:
    """Some of whose texts have CR LF, as C-Eval's own do, and others LF."""
    files = exam_files()
    rows = questions("law", "val", 6)
    rows[2][1] = rows[2][1].replace("\n", "\r\n")
    rows[3][4] = "丙\r\n丁"
    return files | {"val/law_val.csv": to_csv(COLUMNS, rows)}


def test_the_published_exam_is_read_as_published_however_it_was_saved(tmp_path, as_published):
    files = published_files()
    as_published(files)
    exam = Exam.read(write_folder(tmp_path / "published", files), SUBJECTS)
    law = exam.questions["law"]
    assert ("\r\n" in law[1].text, "\r\n" in law[2].text, law[3].options[2]) == (False, True, "丙\r\n丁")
    assert exam.header() == {}
    saved = {name: saved_by_a_spreadsheet(data) for name, data in files.items()}
    assert Exam.read(write_folder(tmp_path / "saved", saved), SUBJECTS) == exam


def test_a_file_that_is_not_the_published_one_is_named_and_asked(tmp_path, as_published):
    files = published_files()
    as_published(files)
    changed = files["val/law_val.csv"].replace("全角".encode(), "半角".encode(), 1)
    exam = Exam.read(write_folder(tmp_path / "e", files | {"val/law_val.csv": changed}), SUBJECTS)
    assert exam.unpublished == ("val/law_val.csv",)
    assert not any("\r" in question.text for question in exam.questions["law"])
    found = score_exam(FakeEngine(), exam, get_protocol("official"))
    summary = results.summarise({"shots": 5, **exam.header()}, found, SUBJECTS)
    sentence = "Not C-Eval's published files: val/law_val.csv."
    assert sentence in results.class_table(summary)
    assert f"**{sentence}**" in results.markdown(summary)
    assert "unpublished" not in summary["run"]


def test_the_records_say_which_files_are_not_the_published_ones(make_model, tmp_path):
    """But of the demo's exam, which is none of C-Eval's as a whole."""
    source = write_folder(tmp_path / "exam", exam_files())
    arguments = ["--model", make_model(), "--exam", source, "--subjects", SHIPPED, "--subject", "law", "--shots", "0"]
    for demo in ([], ["--demo"]):
        done = run_script(
            "score_ceval.py", *arguments, *demo, "--out", tmp_path / "r.jsonl", "--engine", "device=cpu"
        )
        assert done.returncode == 0, done.stderr
        assert ("exam: 1 of its files are not C-Eval's published ones" in done.stderr) == (not demo)
        header, _ = read_records(tmp_path / "r.jsonl")
        assert header.get("unpublished") == (None if demo else ["val/law_val.csv"])


def test_many_files_that_are_not_the_published_ones_are_counted(tmp_path):
    exam = make_exam(tmp_path)
    assert len(exam.unpublished) == 8
    (sentence,) = results.unpublished_note({"unpublished": list(exam.unpublished)})
    assert sentence == "Not C-Eval's published files: " + ", ".join(exam.unpublished[:5]) + ", 3 others."


def test_an_own_exam_is_not_held_against_c_evals_files(tmp_path):
    assert Exam.read(write_folder(tmp_path / "own", own_files()), SUBJECTS).unpublished == ()


def test_a_digest_for_every_published_file():
    names = {f"{part}/{subject.name}_{part}.csv" for subject in read_subjects(SHIPPED) for part in ("dev", "val")}
    known = published._published()
    assert set(known) == names
    assert len({digest for digest, _ in known.values()}) == 104
    assert all(len(digest) == 64 for digest, _ in known.values())


# Folders as they come


@pytest.mark.parametrize(
    "held", ["ceval-exam.zip", "formal_ceval", "ceval/formal_ceval", "snapshots/0f1e2d/ceval-exam.zip"]
)
def test_the_exam_inside_a_folder_is_named(tmp_path, held):
    source = tmp_path / "downloaded"
    (source / held).parent.mkdir(parents=True)
    (source / "README.md").write_text("")
    if held.endswith(".zip"):
        write_zip(source / held, exam_files())
    else:
        write_folder(source / held, exam_files())
    with pytest.raises(UserError) as caught:
        Exam.read(source, SUBJECTS)
    assert str(caught.value) == f"{source}/dev: no such folder; set ceval.source to {source}/{held}"
    assert len(Exam.read(source / held, SUBJECTS)) == 24
