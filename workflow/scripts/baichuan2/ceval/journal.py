"""Answers kept as they come, so that a run that was cut off goes on where it stopped. Torch-free."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from baichuan2.ceval.records import Record, from_line, to_line
from baichuan2.files import write_text


class Journal:
    """A jsonl file: the run's identity, then a record a line, flushed after each batch.

    records: {(subject, id): Record} of what an earlier run of the same identity had answered. A torn or
    unreadable line ends what is taken; with another identity nothing is. path None keeps no journal. Every
    rank reads; the one with `writes` starts the file anew in one rename, so the others see either state,
    which hold the same answers, and only appends after a batch that all ranks took part in.
    """

    def __init__(self, path: Path | None, identity: str, writes: bool = True):
        self.records = _read(path, identity) if path else {}
        self._file = None
        if path and writes:
            head = json.dumps({"identity": identity}) + "\n"
            write_text(path, head + "".join(map(to_line, self.records.values())))
            self._file = Path(path).open("a", encoding="utf-8")  # noqa: SIM115 (closed by __exit__)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def append(self, records: Iterable[Record]) -> None:
        """Add a batch's records, on disk before it returns."""
        records = list(records)
        self.records.update({(record.subject, record.id): record for record in records})
        if self._file:
            self._file.writelines(map(to_line, records))
            self._file.flush()
            os.fsync(self._file.fileno())


def _read(path: Path, identity: str) -> dict[tuple[str, str], Record]:
    records: dict[tuple[str, str], Record] = {}
    try:
        head, *lines = Path(path).read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
        if json.loads(head) != {"identity": identity}:
            return {}
        for line in lines:
            record = from_line(line)
            records[record.subject, record.id] = record
    except FileNotFoundError:
        return {}
    except ValueError:
        pass  # a torn line, or no line at all: what stands before it is good
    return records
