"""C-Eval's exam: its subjects, and its questions as ceval-exam.zip publishes them. Torch-free."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from baichuan2.errors import UserError, nearest, shown
from baichuan2.files import as_text, check_regular, open_zip, read_bytes

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
MAX_MEMBERS = 10_000  # of a zip; the published one has 156 files
MAX_COLUMNS = 100

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
    """The selected subjects, and for each its shots (dev) and its questions (val), in file order."""

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
        check_split(split)
        chosen = select_subjects(list(subjects), selected)
        with _open_source(Path(source)) as files:
            dev = {subject.name: _questions(files, subject.name, "dev") for subject in chosen}
            questions = {subject.name: _questions(files, subject.name, split) for subject in chosen}
        return cls(split, tuple(chosen), dev, questions)

    def __len__(self) -> int:
        return sum(map(len, self.questions.values()))


def read_subjects(path: Path) -> list[Subject]:
    """The subjects table, a csv with header subject,name_en,name_zh,class; raises UserError."""
    data = read_bytes(path, MAX_FILE_BYTES, "it is the table subject,name_en,name_zh,class")
    subjects: list[Subject] = []
    for place, row in _rows(str(path), data, SUBJECT_COLUMNS):
        if row["class"] not in CLASSES:
            raise UserError(f"{place}: class {shown(row['class'])} is not one of {', '.join(CLASSES)}")
        if any(row["subject"] == subject.name for subject in subjects):
            raise UserError(f"{place}: subject {shown(row['subject'])} stands twice; remove one")
        subjects.append(Subject(row["subject"], row["name_en"], row["name_zh"], row["class"]))
    return subjects


def check_split(split: str) -> None:
    """Raise UserError for any split but val."""
    if split == "test":
        raise UserError(
            "ceval.split: C-Eval publishes no answers to its test split, so a score on it cannot be "
            "computed here; use val"
        )
    if split != "val":
        raise UserError(f"ceval.split: {split!r} cannot be scored (dev holds the shots); use val")


def select_subjects(subjects: list[Subject], selected: Iterable[str] | None) -> list[Subject]:
    """Those of `subjects` that are named, all of them for None. Raises UserError for an unknown name."""
    if selected is None:
        return subjects
    wanted, names = set(selected), [subject.name for subject in subjects]
    unknown = sorted(wanted - set(names))
    if unknown:
        hint = f"the nearest is {nearest(unknown[0], names, cutoff=0)}; all names are in the subjects table"
        raise UserError(f"ceval.subjects: no subject named {shown(unknown[0])}; {hint}")
    if not wanted:
        raise UserError("ceval.subjects: the list is empty; name subjects, or set all")
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
        return str(path), read_bytes(path, MAX_FILE_BYTES, "ceval.source must hold all of the exam's subjects")


class _Zip:
    """The files of an exam in a .zip, read in memory: nothing is extracted, so no name in it is trusted."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> _Zip:
        self.file = open(self.path, "rb")
        try:
            self.archive = open_zip(self.file)
            members = self.archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            self.file.close()
            raise UserError(f"{self.path}: not a whole zip file ({error}); delete it and fetch it again") from None
        if len(members) > MAX_MEMBERS:
            self.file.close()
            raise UserError(f"{self.path}: over {MAX_MEMBERS} files, which no exam has; fetch the published one")
        self.members: dict[str, list[zipfile.ZipInfo]] = {}
        for member in members:  # the exam lies at the top or in one folder, as some mirrors pack it
            top, _, rest = member.filename.partition("/")
            for name in {member.filename, rest if top not in ("", ".", "..") else ""}:
                self.members.setdefault(name, []).append(member)
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def read(self, name: str) -> tuple[str, bytes]:
        """The member's place for messages, and its bytes; the limit is on those read, not on the size it states."""
        place = f"{self.path}: {name}"
        members = self.members.get(name, [])
        if len(members) != 1:
            problem = "it is there more than once" if members else "no such member"
            raise UserError(f"{place}: {problem}; fetch the published ceval-exam.zip again")
        if members[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UserError(f"{place}: compressed in a way that the published exam is not; fetch the zip again")
        try:
            with self.archive.open(members[0]) as file:
                data = file.read(MAX_FILE_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
            raise UserError(f"{place}: cannot be read ({error}); fetch the zip again") from None
        if len(data) > MAX_FILE_BYTES:
            raise UserError(f"{place}: over {MAX_FILE_BYTES >> 20} MB, which no exam file is; check the source")
        return place, data


def check_source(source: Path) -> None:
    """Raise UserError where `source` is neither a folder with dev/ and val/ of plain files, nor a file."""
    if not source.is_dir():
        check_regular(source, "ceval.source may be a folder, a .zip, demo, hf:owner/name or modelscope:owner/name")
        return
    for split in ("dev", "val"):
        if not (source / split).is_dir():
            raise UserError(f"{source / split}: no such folder; ceval.source must hold dev/ and val/, as published")
        for path in (source / split).glob("*.csv"):
            check_regular(path, "ceval.source must hold the exam's own files")


def _open_source(source: Path) -> _Folder | _Zip:
    check_source(source)
    return _Folder(source) if source.is_dir() else _Zip(source)


def _questions(files: _Folder | _Zip, subject: str, split: str) -> tuple[Question, ...]:
    place, data = files.read(f"{split}/{subject}_{split}.csv")
    questions: dict[str, Question] = {}
    for where, row in _rows(place, data, QUESTION_COLUMNS):
        if row["answer"] not in LETTERS:
            raise UserError(f"{where}: answer {shown(row['answer'])} is not one of A, B, C, D; correct the row")
        if row["id"] in questions:
            raise UserError(f"{where}: id {shown(row['id'])[1:-1]} stands twice; number the rows apart")
        a, b, c, d = (row[letter] for letter in LETTERS)
        questions[row["id"]] = Question(subject, row["id"], row["question"], (a, b, c, d), row["answer"])
    return tuple(questions.values())


def _rows(place: str, data: bytes, columns: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """(place with row number, row) for each row of a csv; every column in `columns` must be filled.

    Text is kept as it is: an option may be "NA" or begin with a blank.
    """
    table = _parse(place, as_text(data, place))
    header = next(table, [])
    if len(header) > MAX_COLUMNS:
        raise UserError(f"{place}: {len(header)} columns; the header must be {','.join(columns)}")
    missing = [column for column in columns if column not in header]
    if missing:
        raise UserError(f"{place}: no column {', '.join(missing)}; the header must be {','.join(columns)}")
    empty = True
    for number, cells in enumerate(table, start=1):
        if cells:
            empty = False
            where = f"{place}: row {number}"
            yield where, _row(where, header, cells, columns)
    if empty:
        raise UserError(f"{place}: no rows under the header; fetch or write it again")


def _parse(place: str, text: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise UserError(f"{place}: not a csv file ({error}); fetch or write it again") from None


def _row(where: str, header: list[str], cells: list[str], columns: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise UserError(f"{where}: {len(cells)} cells under {len(header)} columns; quote cells with commas")
    row = dict(zip(header, cells, strict=True))
    empty = [column for column in columns if not row[column].strip()]
    if empty:
        raise UserError(f"{where}: {', '.join(empty)} is empty; fill it in")
    return row
