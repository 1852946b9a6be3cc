"""Share an exam among the replicas of a model, and merge their records files into one. Torch-free."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from baichuan2.ceval.records import Record, read_records
from baichuan2.errors import UserError

T = TypeVar("T")
# What differs between shares: header keys, and of its environment those of the host where a replica ran.
OF_ONE_SHARE = ("share", "shares", "places", "seconds")
OF_A_HOST = (
    "device_name", "soc", "cpu", "cpu_cores", "cpu_threads", "cpu_governor", "memory_bytes", "system", "python"
)  # fmt: skip


@dataclass(frozen=True)
class Share:
    """Which replica this is, from 1, of how many."""

    number: int = 1
    count: int = 1

    @classmethod
    def parse(cls, text: str | Share) -> Share:
        """The share that the command line writes as 2-of-3; its default comes as it is."""
        return cls(*map(int, text.split("-of-"))) if isinstance(text, str) else text


WHOLE = Share()


def share_of(share: Share, items: Sequence[T], costs: Sequence[int]) -> list[T]:
    """The items of one replica, in their order. Shares cost about the same, and every replica computes the same ones.

    The costliest item goes first, each to the replica with the least cost so far (Graham's LPT rule, 1969: at most
    4/3 of the best). Raises UserError where there are fewer items than replicas.
    """
    if share.count > len(items):
        raise UserError(f"parallel.data: {share.count} replicas for {len(items)} batches of questions; lower it")
    loads = [(0, number) for number in range(1, share.count + 1)]
    mine = []
    for k in sorted(range(len(items)), key=lambda k: (-costs[k], k)):
        load, number = loads[0]
        heapq.heapreplace(loads, (load + costs[k], number))
        if number == share.number:
            mine.append(k)
    return [items[k] for k in sorted(mine)]


def share_header(share: Share, places: Sequence[int]) -> dict[str, Any]:
    """What a share's header has beside a whole exam's: its number, and the places of its questions in the exam."""
    return {} if share == WHOLE else {"share": share.number, "shares": share.count, "places": list(places)}


def merge(paths: Sequence[Path]) -> tuple[dict[str, Any], list[Record]]:
    """The header and the records, in the exam's order, of an exam whose shares `paths` are, in any order.

    seconds: the slowest replica's. Raises UserError where the shares are not of one exam asked in one way, or do not
    have every question once.
    """
    headers: list[dict[str, Any]] = []
    by_place: dict[int, Record] = {}
    for path in paths:
        header, records = read_records(path)
        if headers and _common(header) != _common(headers[0]):
            raise UserError(f"{path}: was not asked as {paths[0]} was; delete both and run again")
        headers.append(header)
        by_place |= dict(zip(header["places"], records, strict=True))
    total = sum(len(header["places"]) for header in headers)
    shares = sorted(header["share"] for header in headers)
    if shares != list(range(1, headers[0]["shares"] + 1)) or sorted(by_place) != list(range(total)):
        raise UserError(f"{paths[0]}: the shares have a question twice or not at all; delete them and run again")
    return _merged(headers), [by_place[place] for place in range(total)]


def _common(header: dict[str, Any]) -> dict[str, Any]:
    environment = {key: value for key, value in header["environment"].items() if key not in OF_A_HOST}
    return {key: value for key, value in header.items() if key not in OF_ONE_SHARE} | {"environment": environment}


def _merged(headers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    names = sorted({header["environment"]["device_name"] for header in headers})
    return _common(headers[0]) | {
        "data": len(headers),
        "seconds": max(header["seconds"] for header in headers),
        "environment": headers[0]["environment"] | {"device_name": ", ".join(names)},
    }
