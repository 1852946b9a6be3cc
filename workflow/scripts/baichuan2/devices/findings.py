"""The findings of an environment check, one line each. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

OK, WARNING, ERROR = "ok", "warning", "error"


@dataclass(frozen=True)
class Finding:
    """One item of the environment: its level (ok, warning or error), its state here, and the cure unless it is ok."""

    item: str
    level: str
    state: str
    cure: str = ""

    def line(self) -> str:
        return f"{self.item}: {self.state}; {self.cure}" if self.cure else f"{self.item}: {self.state}"


def errors_among(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level == ERROR]
