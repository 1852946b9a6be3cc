"""C-Eval's exam: its subjects, and its questions as ceval-exam.zip publishes them. Torch-free."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from baichuan2.errors import UserError

LETTERS = ("A", "B", "C", "D")
CLASSES = ("STEM", "Social Science", "Humanities", "Other")
HARD = (  # C-Eval Hard, as the authors list it
    "advanced_mathematics",
    "discrete_mathematics",
    "probability_and_statistics",
    "college_chemistry",
    "college_physics",
    "high_school_mathematics",
    "high_school_chemistry",
    "high_school_physics",
)
MAX_FILE_BYTES = 8 << 20  # the largest published file has 0.2 MB: more is not an exam

SUBJECT_COLUMNS = ["subject", "name_en", "name_zh", "class"]
QUESTION_COLUMNS = ["id", "question", *LETTERS, "answer"]


@dataclass(frozen=True)
class Subject:
    """One subject: its key (as in file names), its two titles and one of the four CLASSES."""

    name: str
    name_en: str
    name_zh: str
    class_name: str


@dataclass(frozen=True)
class Question:
    """One question with its four options in the order A, B, C, D, and the letter of the right one."""

    subject: str
    id: str
    text: str
    options: tuple[str, str, str, str]
    answer: str


@dataclass(frozen=True)
class Exam:
    """The subjects asked, and for each its shots (dev) and its questions (val), in file order."""

    split: str
    subjects: tuple[Subject, ...]
    dev: dict[str, tuple[Question, ...]]
    questions: dict[str, tuple[Question, ...]]

    @classmethod
    def read(
        cls,
        source: Path,
        subjects: Iterable[Subject],
        selected: Iterable[str] | None = None,
        split: str = "val",
    ) -> Exam:
        """The exam in `source`, a folder or a .zip with {dev,val}/<subject>_{dev,val}.csv.

        `subjects` is the whole table, `selected` the names to keep (None: all). Raises UserError
        naming the file and row of whatever is missing or malformed, and for any split but val.
        """
        _check_split(split)
        chosen = _select(list(subjects), selected)
        with _open_source(Path(source)) as files:
            dev = {subject.name: _questions(files, subject.name, "dev") for subject in chosen}
            questions = {subject.name: _questions(files, subject.name, split) for subject in chosen}
        return cls(split, tuple(chosen), dev, questions)

    def __len__(self) -> int:
        return sum(map(len, self.questions.values()))


def read_subjects(path: Path) -> list[Subject]:
    """The subjects table, a csv with header subject,name_en,name_zh,class; raises UserError."""
    path = Path(path)
    if not path.is_file():
        raise UserError(f"{path}: no such file; it is the table subject,name_en,name_zh,class")
    subjects = []
    for place, row in _rows(str(path), path.read_bytes(), SUBJECT_COLUMNS):
        if row["class"] not in CLASSES:
            raise UserError(f"{place}: class {row['class']!r} is not one of {', '.join(CLASSES)}")
        if any(row["subject"] == subject.name for subject in subjects):
            raise UserError(f"{place}: subject {row['subject']!r} stands twice; remove one")
        subjects.append(Subject(row["subject"], row["name_en"], row["name_zh"], row["class"]))
    return subjects


def _check_split(split: str) -> None:
    if split == "test":
        raise UserError(
            "ceval.split: C-Eval publishes no answers to its test split, so a score on it cannot be "
            "computed here; use val"
        )
    if split != "val":
        raise UserError(f"ceval.split: {split!r} cannot be scored (dev holds the shots); use val")


def _select(subjects: list[Subject], selected: Iterable[str] | None) -> list[Subject]:
    if selected is None:
        return subjects
    wanted = set(selected)
    unknown = sorted(wanted - {subject.name for subject in subjects})
    if unknown or not wanted:
        what = f"no subject named {', '.join(unknown)}" if unknown else "the list is empty"
        raise UserError(f"ceval.subjects: {what}; take names from the subjects table, or leave it unset")
    return [subject for subject in subjects if subject.name in wanted]


class _Folder:
    """The files of an exam in a folder."""

    def __init__(self, root: Path):
        self.root = root

    def __enter__(self) -> _Folder:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self, name: str) -> tuple[str, bytes]:
        """The file's place for messages and its bytes; raises UserError."""
        path = self.root / name
        if not path.is_file():
            raise UserError(f"{path}: no such file; ceval.source must hold all of the exam's subjects")
        return str(path), _limited(str(path), path.open)


class _Zip:
    """The files of an exam in a .zip, read in memory: nothing is extracted, so no name in it is trusted."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> _Zip:
        try:
            self.archive = zipfile.ZipFile(self.path)
        except zipfile.BadZipFile:
            raise UserError(f"{self.path}: not a whole zip file; delete it and fetch it again") from None
        return self

    def __exit__(self, *_: object) -> None:
        self.archive.close()

    def read(self, name: str) -> tuple[str, bytes]:
        """The member's place for messages and its bytes, the exam lying at the top or in one folder."""
        place = f"{self.path}: {name}"
        members = [m for m in self.archive.infolist() if m.filename in (name, *_nested(m.filename, name))]
        if len(members) != 1:
            found = "it is there more than once" if members else "no such member"
            raise UserError(f"{place}: {found}; fetch the published ceval-exam.zip again")
        try:
            return place, _limited(place, lambda mode: self.archive.open(members[0]))
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise UserError(f"{place}: cannot be read ({error}); fetch the zip again") from None


def _nested(member: str, name: str) -> list[str]:
    """`name` below the one folder that `member` lies in, as some mirrors pack it."""
    top, _, rest = member.partition("/")
    return [f"{top}/{name}"] if rest else []


def _open_source(source: Path) -> _Folder | _Zip:
    if source.is_dir():
        return _Folder(source)
    if source.is_file():
        return _Zip(source)
    raise UserError(f"ceval.source: {source} does not exist; give a folder, a .zip, demo, hf: or modelscope:")


def _limited(place: str, opener: Callable[[str], io.BufferedIOBase]) -> bytes:
    """The whole file, which is refused by what it yields, not by the size it claims."""
    with opener("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise UserError(f"{place}: over {MAX_FILE_BYTES >> 20} MB, which no exam file is; check the source")
    return data


def _questions(files: _Folder | _Zip, subject: str, split: str) -> tuple[Question, ...]:
    place, data = files.read(f"{split}/{subject}_{split}.csv")
    questions: dict[str, Question] = {}
    for where, row in _rows(place, data, QUESTION_COLUMNS):
        if row["answer"] not in LETTERS:
            raise UserError(f"{where}: answer {row['answer']!r} is not one of A, B, C, D; correct the row")
        if row["id"] in questions:
            raise UserError(f"{where}: id {row['id']} stands twice; number the rows apart")
        options = tuple(row[letter] for letter in LETTERS)
        questions[row["id"]] = Question(subject, row["id"], row["question"], options, row["answer"])
    return tuple(questions.values())


def _rows(place: str, data: bytes, columns: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """(place with row number, row) for each row of a csv; every column in `columns` must be filled.

    Text is kept as it is: an option may well be "NA" or have a blank in front.
    """
    try:
        table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except UnicodeDecodeError:
        raise UserError(f"{place}: not UTF-8 text; save it as UTF-8") from None
    except csv.Error as error:
        raise UserError(f"{place}: not a csv file ({error}); fetch or write it again") from None
    header, *rows = table or [[]]
    missing = [column for column in columns if column not in header]
    if missing:
        raise UserError(f"{place}: no column {', '.join(missing)}; the header must be {','.join(columns)}")
    if not any(rows):
        raise UserError(f"{place}: no rows under the header; fetch or write it again")
    for number, cells in enumerate(rows, start=1):
        if cells:
            where = f"{place}: row {number}"
            yield where, _row(where, header, cells, columns)


def _row(where: str, header: list[str], cells: list[str], columns: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise UserError(f"{where}: {len(cells)} cells under {len(header)} columns; quote cells with commas")
    row = dict(zip(header, cells, strict=True))
    empty = [column for column in columns if not row[column].strip()]
    if empty:
        raise UserError(f"{where}: {', '.join(empty)} is empty; fill it in")
    return row
