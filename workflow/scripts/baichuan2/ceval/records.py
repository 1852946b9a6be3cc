"""One record for each question asked, and the file that carries them. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from baichuan2.ceval.exam import OPTIONS
from baichuan2.integrity import check_kind, read_sealed_lines, write_sealed_lines

FORMAT: dict[str, str | int] = {"format": "baichuan2-ceval", "version": 1}
NO_ANSWER = "-1"
RESTRICTED, GENERATED = "restricted", "generated"
USUAL = (("options", OPTIONS), ("way", None))  # fields that records leave out


@dataclass(frozen=True)
class Record:
    """A question's outcome.

    prediction: an option's letter, or with a generated answer any letter, or "-1" for none at all.
    shots, prompt_tokens, truncated: what was in the prompt. scores: the raw logits of the options' letters, of a
    server their log-probabilities, None for an option that it ranks below all that it showed; or None where
    `continuation`, the generated text, was read instead. lead: by how much the prediction's logit led the next one;
    of a generated answer, the least lead of any token up to its letter; None where a server does not tell. exact:
    decided in float64, as a near tie. options: how many the question has. way: of a server that showed no option's
    score: RESTRICTED, it chose among the options alone; or GENERATED, its text was read.
    """

    subject: str
    id: str
    truth: str
    prediction: str
    shots: int
    prompt_tokens: int
    truncated: bool
    scores: list[Any] | None = None  # of numbers, and None
    continuation: str | None = None
    lead: float | None = None
    exact: bool = False
    options: int = OPTIONS
    way: str | None = None

    @property
    def correct(self) -> bool:
        """Whether the prediction is the right letter."""
        return self.prediction == self.truth

    def values(self) -> dict[str, Any]:
        """JSON-ready; without what most records have the same: C-Eval's number of options, and no way."""
        return {name: value for name, value in asdict(self).items() if (name, value) not in USUAL}


def write_records(path: Path, header: dict[str, Any], records: Iterable[Record]) -> None:
    """Publish a records file: jsonl, first the header with format and version, then one record a line.

    `header` says what the run was: protocol, shots, split, precision, dtype, device, world_size, seconds,
    environment; it may have more keys, and none is required here.
    """
    write_sealed_lines(path, [{**header, **FORMAT}, *(record.values() for record in records)])


def read_records(path: Path) -> tuple[dict[str, Any], list[Record]]:
    """The header and the records of a records file; raises UserError naming the file."""
    header, *records = read_sealed_lines(path)
    check_kind(path, header, FORMAT)
    return header, [Record(**values) for values in records]
