"""A device held against the CPU, item by item: each item's checks are made in a process that an error may end.

It proves on a card what no other machine can: that the operators compute what their documents say, and what these
leave open; that the engine's numbers are the CPU's; that ranks and graphs give the same; and how fast all of it is.
Torch-free: torch may not even load here, and that is a finding too.
"""

from __future__ import annotations

import datetime
import importlib
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import Any

from baichuan2.acceptance import rows
from baichuan2.acceptance.rows import FAIL, NOTED, PASS, Check, Found, Options
from baichuan2.acceptance.worker import Worker
from baichuan2.devices import ascend_check, environment_check, findings
from baichuan2.errors import UserError

# Where each item's checks are made, below baichuan2.acceptance.
ITEMS = {
    "environment": "items:environment",
    "operators": "operators:operators",
    "model": "model:model",
    "ranks": "ranks:ranks",
    "graph": "model:graph",
    "bandwidth": "bandwidth:bandwidth",
    "attention": "ascend:attention",
    "nz": "ascend:nz",
    "codes": "ascend:codes",
}
WHOLE = "the item as a whole"
VERDICTS = {findings.OK: PASS, findings.WARNING: NOTED, findings.ERROR: FAIL}


def accept(options: Options, names: Iterable[str] = ITEMS) -> Iterator[dict[str, Any]]:
    """Run these items, and print each row as it is found -> after each item the record of all that is done.

    Raises UserError, before anything runs, for a name that is no item's.
    """
    if unknown := set(names) - set(ITEMS):
        raise UserError(f"--only: {', '.join(sorted(unknown))} is no item; the items are {', '.join(ITEMS)}")
    runner, items = Runner(options), []
    about = {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "quick": options.quick,
        "device": runner.device(),
    }
    for name in names:
        items.append(runner.item(name, f"{__package__}.{ITEMS[name]}"))
        yield {**about, "items": items}
    runner.close()


def _commit() -> str:
    """This project's commit, or "unknown" in an unpacked archive."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def failed(record: dict[str, Any]) -> list[str]:
    """The names of the items that failed."""
    return [item["item"] for item in record["items"] if item["verdict"] == FAIL]


def page(record: dict[str, Any]) -> str:
    """Markdown: the verdict of each item, then every row with its numbers."""
    device = record["device"]
    name = device.get("device_name", device.get("error"))
    wrong, count = failed(record), len(record["items"])
    lines = [
        f"# Acceptance: {name}",
        "",
        f"{len(wrong)} of {count} items failed: {', '.join(wrong)}." if wrong else f"None of {count} items failed.",
        "",
        "pass and FAIL: within its bound or not; noted: a number without a bound; not here: this machine lacks it.",
        *(["", "**Tiny sizes: the times mean nothing.**"] if record["quick"] else []),
    ]
    for item in record["items"]:
        lines += ["", f"## {item['item']}: {item['verdict']} ({item['seconds']} s)", "", "```text"]
        lines += [*map(rows.line, item["rows"]), "```"]
    about = {key: value for key, value in record.items() if key != "items"} | device
    return "\n".join([*lines, "", "## Where", "", *(f"- {key}: {value}" for key, value in about.items()), ""])


# ---- running the items -----------------------------------------------------------------------------------------


class Items:
    """The items, check by check, in a process of their own, which an operator's error may end."""

    name = "the items"

    def __init__(self, options: Options):
        self.options = options

    def start(self, item: str, done: int) -> None:
        """Begin the item "module:function" behind the checks that are done."""
        module, function = item.split(":")
        self._checks = self._behind(done, lambda: getattr(importlib.import_module(module), function)(self.options))

    @staticmethod
    def _behind(done: int, checks: Callable[[], Iterable[Check]]) -> Iterator[Check]:
        yield from islice(checks(), done, None)

    def next(self) -> str | None:
        """What the next check compares; None behind the last, WHOLE where the item itself went wrong."""
        try:
            self._check = next(self._checks, None)
        except Exception as error:
            self._check = Check(WHOLE, partial(rows.of_error, error))
        return self._check and self._check.what

    def found(self) -> Found:
        """What the check found that `next` named."""
        return self._check.found()

    def device(self) -> dict[str, Any]:
        """What the device says of itself and its host, or why it does not."""
        try:
            from baichuan2.devices import open_device

            return open_device(self.options.device).describe()
        except Exception as error:
            return rows.of_error(error).numbers


class Runner:
    """Asks for one check after the other; after an error, and after an item that failed, with a fresh process."""

    def __init__(self, options: Options):
        self._items = Items(options)
        self._worker = Worker(self._items)

    def item(self, name: str, where: str) -> dict[str, Any]:
        """The rows of the item at "module:function", each printed as it is found, its verdict and its time."""
        print(name, flush=True)
        begin, of_item = time.perf_counter(), []
        for what, found in self._checks(where):
            of_item.append(rows.row(what, found))
            print(rows.line(of_item[-1]), flush=True)
        seconds, verdict = round(time.perf_counter() - begin, 1), rows.verdict_of(of_item)
        if verdict == FAIL:
            self.fresh()
        return {"item": name, "verdict": verdict, "seconds": seconds, "rows": of_item}

    def _checks(self, item: str) -> Iterator[tuple[str, Found]]:
        """(what, found) of each check; never none."""
        self._worker.call("start", item, 0)
        for done in count(1):
            what = WHOLE
            try:
                what = self._worker.call("next")
                if what is None and done > 1:
                    return
                found = self._worker.call("found") if what else Found(FAIL, {"error": "compared nothing"})
            except UserError as error:  # its process ended
                found = rows.of_error(error)
            yield what or WHOLE, found
            if found.spent:
                self.fresh()
                self._worker.call("start", item, done)
            if what in (WHOLE, None):
                return

    def device(self) -> dict[str, Any]:
        """What the device says of itself; where it does not open, the items begin in a process that has not tried."""
        try:
            found = self._worker.call("device")
        except UserError as error:  # its process ended
            found = rows.of_error(error).numbers
        if "error" in found:
            self.fresh()
        return found

    def fresh(self) -> None:
        """Go on with another process."""
        self.close()
        self._worker = Worker(self._items)

    def close(self) -> None:
        self._worker.close()


# ---- the first item --------------------------------------------------------------------------------------------


def environment(options: Options) -> Iterator[Check]:
    """Versions that go together, driver, settings, every card's chip, and whether a job would start here."""
    device = options.device
    found = [environment_check.load(device)]
    if device == "npu":
        found += [ascend_check.pairing(), ascend_check.driver(), *ascend_check.settings()]
    if device != "cpu" and found[0].level == findings.OK:
        found += environment_check.cards(device, 1)[0]
    for finding in found:
        yield Check(finding.item, partial(_judged, finding))
    if not findings.errors_among(found):
        yield Check("a job opens its device", partial(_opened, device))


def _judged(finding: findings.Finding) -> Found:
    numbers = {"found": finding.found} | ({"cure": finding.cure} if finding.cure else {})
    return Found(VERDICTS[finding.level], numbers)


def _opened(name: str) -> Found:
    from baichuan2.devices import open_device

    device = open_device(name)
    return Found(PASS, {"device": device.device_name(), "dtype of auto": str(device.dtype("auto", "bfloat16"))})
