"""Which tests `make test` leaves to `make test-all`: markers, described in pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

# A test that asks for one of these fixtures, itself or by another, has the marker; `short` keeps one in `make test`.
BY_FIXTURE = {
    "project": "workflow",
    "fake_cards": "ascend",
    "cluster": "cluster",
    "browser": "browser",
    "arm64": "network",
}


def mark_by_fixture(items: Iterable[pytest.Item]) -> None:
    for item in items:
        for fixture, marker in BY_FIXTURE.items():
            if fixture in item.fixturenames and not item.get_closest_marker("short"):
                item.add_marker(marker)


def sampled(values: Iterable[Any], *sample: Any) -> list[Any]:
    """Parameters of a test, of which `make test` takes `sample` alone."""
    return [value if value in sample else pytest.param(value, marks=pytest.mark.exhaustive) for value in values]
