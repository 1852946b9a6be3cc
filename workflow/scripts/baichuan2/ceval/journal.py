"""Save answers as they come, so that a run that was cut off goes on where it stopped. Torch-free."""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Iterable
from pathlib import Path

from baichuan2.ceval.records import Record
from baichuan2.files import write_text


class Journal:
    """A file of lines: the run's identity and the seconds of its earlier parts; then each answer, after each batch.

    An answer's line: a checksum, then the seconds since the run began, without the gaps between its parts, and the
    record.

    records: {(subject, id): Record} of what an earlier run of the same identity answered, up to the first line
    whose checksum is wrong (torn or damaged); a file of another identity is overwritten. path None keeps no
    journal.
    """

    def __init__(self, path: Path | None, identity: str):
        earlier, self.records = _read(path, identity) if path else (0.0, {})
        self._start = time.perf_counter() - earlier
        self._file = None
        if path:
            head = json.dumps({"identity": identity, "seconds": earlier}) + "\n"
            write_text(path, head + "".join(_checked(earlier, record) for record in self.records.values()))
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
            seconds = time.perf_counter() - self._start
            self._file.writelines(_checked(seconds, record) for record in records)
            self._file.flush()
            os.fsync(self._file.fileno())


def earlier_seconds(path: Path) -> float:
    """The seconds that a run's earlier parts took, each up to its last answer; 0 where there was none."""
    with Path(path).open(encoding="utf-8") as file:
        return float(json.loads(file.readline())["seconds"])


def _checked(seconds: float, record: Record) -> str:
    """A line: the checksum of the JSON that follows it."""
    text = json.dumps([round(seconds, 3), record.values()], ensure_ascii=False)
    return f"{_checksum(text)} {text}\n"


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def _read(path: Path, identity: str) -> tuple[float, dict[tuple[str, str], Record]]:
    seconds, records = 0.0, {}
    try:
        head, *lines = Path(path).read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
        if json.loads(head)["identity"] != identity:
            return 0.0, {}
        for line in lines:
            checksum, _, text = line.partition(" ")
            if checksum != _checksum(text):
                break
            seconds, values = json.loads(text)
            record = Record(**values)
            records[record.subject, record.id] = record
    except FileNotFoundError:
        return 0.0, {}
    except (ValueError, TypeError, KeyError):
        pass  # a torn line, or no line at all: the records before it are good
    return seconds, records
