"""The findings of an environment check, one line each. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tabulate import tabulate

OK, WARNING, ERROR = "ok", "warning", "error"
WIDTHS = [None, None, 60, 60]  # of the table's columns: longer texts are wrapped


@dataclass(frozen=True)
class Finding:
    """One item of the environment: its level (ok, warning or error), its state here, and the cure unless it is ok."""

    item: str
    level: str
    found: str
    cure: str = ""

    def line(self) -> str:
        return f"{self.item}: {self.found}; {self.cure}" if self.cure else f"{self.item}: {self.found}"


def errors_among(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level == ERROR]


def table(findings: Iterable[Finding]) -> str:
    """A row for each finding."""
    rows = [(finding.level, finding.item, finding.found, finding.cure) for finding in findings]
    headers = ("level", "item", "found", "what to do")
    return tabulate(rows, headers, tablefmt="simple", maxcolwidths=WIDTHS, disable_numparse=True)
