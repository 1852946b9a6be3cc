"""C-Eval's exam as ceval-exam.zip publishes it, and people's own of that form: subjects and questions. Torch-free.

An own exam has its subjects in a subjects.csv beside dev/ and val/, classes of any name, and 2 to 8 options.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baichuan2.ceval.published import as_published
from baichuan2.errors import UserError, nearest, shown
from baichuan2.files import as_text, check_regular, csv_rows, open_zip, read_bytes

LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H")
OPTIONS = 4  # of C-Eval's questions
CLASSES = ("STEM", "Social Science", "Humanities", "Other")  # C-Eval's
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
RESERVED = ("Avg", "Avg acc")  # beside classes in the guide's files and in tables

SUBJECTS_FILE = "subjects.csv"  # of an own exam
SUBJECT_COLUMNS = ["subject", "name_en", "name_zh", "class"]
QUESTION_COLUMNS = ["id", "question", *LETTERS[:2], "answer"]
QUESTION_HEADER = "id,question,A,B,C,D,answer (2 to 8 options)"


@dataclass(frozen=True)
class Subject:
    """One subject: its key (as in file names), its two titles and its class."""

    name: str
    name_en: str
    name_zh: str
    class_name: str


@dataclass(frozen=True)
class Question:
    """One question with its options in the order A, B, C, D, ..., and the letter of the right one."""

    subject: str
    id: str
    text: str
    options: tuple[str, ...]
    answer: str

    @property
    def letters(self) -> tuple[str, ...]:
        """The options' letters."""
        return LETTERS[: len(self.options)]


@dataclass(frozen=True)
class Exam:
    """The selected subjects, and for each its shots (dev) and its questions (val), in file order.

    own: the name of people's own exam; None for C-Eval. unpublished: of C-Eval, the files that are not the published
    ones.
    """

    split: str
    subjects: tuple[Subject, ...]
    dev: dict[str, tuple[Question, ...]]
    questions: dict[str, tuple[Question, ...]]
    own: str | None = None
    unpublished: tuple[str, ...] = ()

    @classmethod
    def read(
        cls,
        source: Path,
        subjects: Iterable[Subject],
        selected: Iterable[str] | None = None,
        split: str = "val",
        dev: bool = True,
    ) -> Exam:
        """The exam in `source`, a folder or a .zip with {dev,val}/<subject>_{dev,val}.csv.

        `subjects` is the whole table of C-Eval's, in whose place an own exam has its subjects.csv; `selected` the
        names to keep (None: all). dev: whether the shots are needed. Raises UserError naming the file and row of
        whatever is missing or malformed, and for any split but val.
        """
        check_split(split)
        source = Path(source)
        with _open_source(source, dev) as files:
            own = _own_subjects(files)
            chosen = select_subjects(own or list(subjects), selected)
            unpublished: list[str] = []

            def of(part: str) -> dict[str, tuple[Question, ...]]:
                others = None if own else unpublished
                return {subject.name: _questions(files, subject.name, part, others) for subject in chosen}

            shots, questions = of("dev") if dev else {}, of(split)
        name = source.resolve().stem if own else None
        return cls(split, tuple(chosen), shots, questions, name, tuple(unpublished))

    def __len__(self) -> int:
        return sum(map(len, self.questions.values()))

    def header(self) -> dict[str, Any]:
        """What the exam adds to the header of its records; nothing for C-Eval as published."""
        if self.own:
            return {"exam": self.own, "subjects": {subject.name: subject.class_name for subject in self.subjects}}
        return {"unpublished": list(self.unpublished)} if self.unpublished else {}


def read_subjects(path: Path) -> list[Subject]:
    """A subjects table, a csv with header subject,name_en,name_zh,class; raises UserError."""
    return _subjects(str(path), read_bytes(path, MAX_FILE_BYTES, "it is the table subject,name_en,name_zh,class"))


def subjects_of(source: Path, subjects: Iterable[Subject]) -> list[Subject]:
    """The subjects of the exam in `source`: its own, or those of C-Eval's table `subjects`. Raises UserError."""
    with _open_source(source, dev=False) as files:
        return _own_subjects(files) or list(subjects)


def _own_subjects(files: _Folder | _Zip) -> list[Subject]:
    """Those of an own exam; none without a table of them."""
    return _subjects(*files.read(SUBJECTS_FILE)) if files.has(SUBJECTS_FILE) else []


def _subjects(place: str, data: bytes) -> list[Subject]:
    subjects: dict[str, Subject] = {}
    for where, row in _rows(place, data, SUBJECT_COLUMNS):
        subject = Subject(*(row[column] for column in SUBJECT_COLUMNS))
        if subject.name in subjects:
            raise UserError(f"{where}: subject {shown(subject.name)} stands twice; remove one")
        if subject.name.startswith(".") or set(subject.name) & set("/\\\n"):
            raise UserError(f"{where}: subject {shown(subject.name)} is no part of a file's name; take letters and _")
        if subject.class_name in RESERVED:
            raise UserError(f"{where}: class {shown(subject.class_name)} is the average's name; call it otherwise")
        subjects[subject.name] = subject
    return list(subjects.values())


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

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return (self.root / name).exists()

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

    def has(self, name: str) -> bool:
        """Whether there is such a member."""
        return name in self.members

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


def check_source(source: Path, dev: bool = True) -> None:
    """Raise UserError where `source` is neither a folder with val/, and dev/ if needed, of plain files, nor a file.

    Where the folder holds a zip, or a folder with val/, as downloads do, the error names that.
    """
    if not source.is_dir():
        check_regular(source, "ceval.source may be a folder, a .zip, demo, hf:owner/name or modelscope:owner/name")
        return
    for split in ("dev", "val") if dev else ("val",):
        if not (source / split).is_dir():
            folders = [path.parent for form in ("*/val", "*/*/val") for path in sorted(source.glob(form))]
            inside = [*folders, *sorted(source.glob("*.zip")), *sorted(source.glob("snapshots/*/*.zip"))]
            cure = (
                f"set ceval.source to {inside[0]}" if inside else "ceval.source must hold dev/ and val/, as published"
            )
            raise UserError(f"{source / split}: no such folder; {cure}")
        for path in (source / split).glob("*.csv"):
            check_regular(path, "ceval.source must hold the exam's own files")


def _open_source(source: Path, dev: bool) -> _Folder | _Zip:
    check_source(source, dev)
    return _Folder(source) if source.is_dir() else _Zip(source)


def _questions(
    files: _Folder | _Zip, subject: str, split: str, unpublished: list[str] | None
) -> tuple[Question, ...]:
    """A file's questions; `unpublished` takes its name, if it is not C-Eval's published one. None: an own exam's."""
    name = f"{split}/{subject}_{split}.csv"
    place, data = files.read(name)
    questions: dict[str, Question] = {}
    for where, row in _rows(place, data, QUESTION_COLUMNS, QUESTION_HEADER):
        options = _options(where, row)
        letters = LETTERS[: len(options)]
        if row["answer"] not in letters:
            raise UserError(
                f"{where}: answer {shown(row['answer'])} is not one of {', '.join(letters)}; correct the row"
            )
        if row["id"] in questions:
            raise UserError(f"{where}: id {shown(row['id'])[1:-1]} stands twice; number the rows apart")
        questions[row["id"]] = Question(subject, row["id"], row["question"], options, row["answer"])
    if unpublished is None:
        return tuple(questions.values())
    published = as_published(name, [[q.id, q.text, *q.options, q.answer] for q in questions.values()])
    if published is None:
        unpublished.append(name)
        return tuple(questions.values())
    return tuple(Question(subject, key, text, tuple(options), answer) for key, text, *options, answer in published)


def _options(where: str, row: Mapping[str, str]) -> tuple[str, ...]:
    """The cells of the columns A, B, ... up to the last that is filled; all before it are filled too."""
    columns = [column for column in row if len(column) == 1 and "A" <= column <= "Z"]
    if sorted(columns) != list(LETTERS[: len(columns)]):
        raise UserError(f"{where}: options {', '.join(columns)}; their columns are A, B and on, up to H")
    cells = [row[letter] for letter in sorted(columns)]
    while not cells[-1].strip():
        cells.pop()
    for letter, cell in zip(LETTERS, cells, strict=False):
        if not cell.strip():
            raise UserError(f"{where}: {letter} is empty; fill it in")
    return tuple(cells)


def _rows(place: str, data: bytes, columns: list[str], names: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """(place with row number, row) for each row of a csv; every column in `columns` must be filled.

    Text is kept as it is: an option may be "NA" or begin with a blank. names: what the header should be.
    """
    table = csv_rows(as_text(data, place), place)
    _, header = next(table, (0, []))
    names = names or ",".join(columns)
    if len(header) > MAX_COLUMNS:
        raise UserError(f"{place}: {len(header)} columns; the header must be {names}")
    missing = [column for column in columns if column not in header]
    if missing:
        raise UserError(f"{place}: no column {', '.join(missing)}; the header must be {names}")
    twice = [column for column in header if column and header.count(column) > 1]
    if twice:
        raise UserError(f"{place}: column {shown(twice[0])} stands twice; remove one")
    empty = True
    for number, cells in table:
        empty = False
        where = f"{place}: row {number}"
        yield where, _row(where, header, cells, columns)
    if empty:
        raise UserError(f"{place}: no rows under the header; fetch or write it again")


def _row(where: str, header: list[str], cells: list[str], columns: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise UserError(f"{where}: {len(cells)} cells under {len(header)} columns; quote cells with commas")
    row = dict(zip(header, cells, strict=True))
    empty = [column for column in columns if not row[column].strip()]
    if empty:
        raise UserError(f"{where}: {', '.join(empty)} is empty; fill it in")
    return row
