"""What C-Eval's published files hold, known by digests: their text is not ours to ship. Torch-free.

published.csv has a row for each of the 104 files of dev and val: file, the SHA-256 of its texts with \\n as line end,
and crlf, the places (row:column) of the texts whose line ends are CR LF as published. An editor or a tool that writes
the files anew changes line ends and quotes, not texts: what the model reads is then still as published, to the byte.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

Texts = list[list[str]]  # of each question its id, text, options and answer


def as_published(file: str, texts: Texts) -> Texts | None:
    """The texts of C-Eval's `file`, such as val/law_val.csv, with the published line ends; None where they differ.

    texts: with \\n as line end.
    """
    digest, crlf = _published().get(file, (None, ()))
    if digest != digest_of(texts):
        return None
    restored = [list(row) for row in texts]
    for row, column in crlf:
        restored[row][column] = restored[row][column].replace("\n", "\r\n")
    return restored


def digest_of(texts: Sequence[Sequence[str]]) -> str:
    """The SHA-256 of texts."""
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()


@cache
def _published() -> dict[str, tuple[str, list[tuple[int, int]]]]:
    with open(Path(__file__).with_suffix(".csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["file"]: (row["sha256"], [_place(place) for place in row["crlf"].split()]) for row in rows}


def _place(text: str) -> tuple[int, int]:
    row, column = map(int, text.split(":"))
    return row, column
