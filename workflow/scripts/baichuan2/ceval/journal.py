"""Save answers as they come, so that a run that was cut off goes on where it stopped. Torch-free."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable
from pathlib import Path

from baichuan2.ceval.records import Record
from baichuan2.files import write_text


class Journal:
    """A file of lines: the run's identity, then a checksum and a record a line, on disk after each batch.

    records: {(subject, id): Record} of what an earlier run of the same identity answered, up to the first line
    whose checksum is wrong (torn or damaged); a file of another identity is overwritten. path None keeps no
    journal.
    """

    def __init__(self, path: Path | None, identity: str):
        self.records = _read(path, identity) if path else {}
        self._file = None
        if path:
            head = json.dumps({"identity": identity}) + "\n"
            write_text(path, head + "".join(map(_checked, self.records.values())))
            self._file = Path(path).open("a", encoding="utf-8")  # noqa: SIM115 (closed by __exit__)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def append(self, records: Iterable[Record]) -> None:
        """Add a batch's records; they are on disk when it returns."""
        records = list(records)
        self.records.update({(record.subject, record.id): record for record in records})
        if self._file:
            self._file.writelines(map(_checked, records))
            self._file.flush()
            os.fsync(self._file.fileno())


def _checked(record: Record) -> str:
    """A line: the checksum of the JSON that follows it."""
    text = json.dumps(record.values(), ensure_ascii=False)
    return f"{_checksum(text)} {text}\n"


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def _read(path: Path, identity: str) -> dict[tuple[str, str], Record]:
    records: dict[tuple[str, str], Record] = {}
    try:
        head, *lines = Path(path).read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
        if json.loads(head) != {"identity": identity}:
            return {}
        for line in lines:
            checksum, _, text = line.partition(" ")
            if checksum != _checksum(text):
                break
            record = Record(**json.loads(text))
            records[record.subject, record.id] = record
    except FileNotFoundError:
        return {}
    except ValueError:
        pass  # a torn line, or no line at all: the records before it are good
    return records
