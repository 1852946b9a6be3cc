"""One record for each question asked, and the file that carries them. Torch-free."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from baichuan2.errors import UserError
from baichuan2.files import publish_file

FORMAT = {"format": "baichuan2-ceval", "version": 1}
NO_ANSWER = "-1"


@dataclass(frozen=True)
class Record:
    """A question's outcome.

    prediction: A to D, or with a generated answer any letter, or "-1" for none at all.
    shots, prompt_tokens, truncated: what was in the prompt. scores: the raw logits of A, B, C, D, or None
    where `continuation`, the generated text, was read instead.
    """

    subject: str
    id: str
    truth: str
    prediction: str
    shots: int
    prompt_tokens: int
    truncated: bool
    scores: list[float] | None = None
    continuation: str | None = None

    @property
    def correct(self) -> bool:
        """Whether the prediction is the right letter."""
        return self.prediction == self.truth


def to_line(record: Record) -> str:
    """The record as one line of JSON, with its newline."""
    return json.dumps(asdict(record), ensure_ascii=False) + "\n"


def from_line(line: str) -> Record:
    """The record of a line that `to_line` wrote; raises ValueError for any other."""
    values = json.loads(line)
    names = {field.name for field in fields(Record)}
    if not isinstance(values, dict) or set(values) != names:
        raise ValueError(f"a record has the fields {', '.join(sorted(names))}")
    return Record(**values)


def write_records(path: Path, header: dict[str, Any], records: Iterable[Record]) -> None:
    """Publish a records file: jsonl, first the header with format and version, then one record a line.

    `header` says what the run was: model, protocol, shots, split, precision, dtype, device, world_size,
    demo, seconds, environment; more keys are welcome, and none is required here.
    """
    with publish_file(Path(path)) as partial, partial.open("w", encoding="utf-8") as file:
        file.write(json.dumps({**header, **FORMAT}, ensure_ascii=False) + "\n")
        file.writelines(map(to_line, records))


def read_records(path: Path) -> tuple[dict[str, Any], list[Record]]:
    """The header and the records of a records file; raises UserError naming the file and line."""
    path = Path(path)
    try:
        # Not splitlines(), which also breaks at the U+2028 that JSON leaves as it is.
        lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; score the exam first") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: not UTF-8 text, so not a records file; score the exam again") from None
    number = 1
    try:
        header = json.loads(lines[0])
        if not isinstance(header, dict) or {key: header.get(key) for key in FORMAT} != FORMAT:
            raise ValueError(f"the first line must say {json.dumps(FORMAT)}")
        records = []
        for number, line in enumerate(lines[1:], start=2):  # noqa: B007 (named in the message below)
            records.append(from_line(line))
    except ValueError as error:
        raise UserError(f"{path}: line {number}: {error}; score the exam again") from None
    return header, records
