"""Compare a device with the CPU, item by item; the checks run in a process of their own, which an error may end.

This shows on a card what no other machine can show: that the operators compute what their documents say, and what
these leave open; that the engine's numbers are the CPU's; that ranks and graphs give the same; and the speed.
Torch-free: torch may fail to load, and the record then says so.
"""

from __future__ import annotations

import datetime
import importlib
import subprocess
import time
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import Any

from baichuan2.acceptance import rows
from baichuan2.acceptance.rows import FAIL, NOTED, PASS, Check, Options, Outcome
from baichuan2.acceptance.worker import Worker
from baichuan2.devices import ascend_check, environment_check, findings
from baichuan2.errors import UserError

# The function that makes an item's checks, in a module of baichuan2.acceptance.
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
    "overflow": "ascend:overflow",
}
WHOLE = "the item as a whole"
VERDICTS = {findings.OK: PASS, findings.WARNING: NOTED, findings.ERROR: FAIL}


def accept(options: Options, names: Iterable[str] = ITEMS) -> Iterator[dict[str, Any]]:
    """Run these items and print each row at once; yield the record of the items so far after each of them.

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
    process = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True)
    return process.stdout.strip() or "unknown"


def failed(record: dict[str, Any]) -> list[str]:
    """The names of the items that failed."""
    return [item["item"] for item in record["items"] if item["verdict"] == FAIL]


def page(record: dict[str, Any]) -> str:
    """Markdown: the verdict of each item, then every row with its numbers."""
    device = record["device"]
    name = device.get("device_name", device.get("error"))
    names, total = failed(record), len(record["items"])
    lines = [
        f"# Acceptance: {name}",
        "",
        f"{len(names)} of {total} items failed: {', '.join(names)}." if names else f"None of {total} items failed.",
        "",
        "pass and FAIL: within its bound or not; noted: a number without a bound; not here: this machine lacks it.",
        *(["", "**Tiny sizes: the times mean nothing.**"] if record["quick"] else []),
    ]
    for item in record["items"]:
        lines += ["", f"## {item['item']}: {item['verdict']} ({item['seconds']} s)", "", "```text"]
        lines += [*map(rows.format_row, item["rows"]), "```"]
    about = {key: value for key, value in record.items() if key != "items"} | device
    return "\n".join([*lines, "", "## Where", "", *(f"- {key}: {value}" for key, value in about.items()), ""])


# ---- running the items -----------------------------------------------------------------------------------------


class Items:
    """Runs an item check by check, in the process of a Worker."""

    name = "the items"

    def __init__(self, options: Options):
        self.options = options

    def start(self, entry_point: str, done: int) -> None:
        """Start the item at "module:function" after its first `done` checks."""
        self._checks = self._checks_from(entry_point, done)

    def _checks_from(self, entry_point: str, done: int) -> Iterator[Check]:
        module, function = entry_point.split(":")
        yield from islice(getattr(importlib.import_module(module), function)(self.options), done, None)

    def next(self) -> str | None:
        """What the next check compares; None after the last, WHOLE if the item itself raises."""
        try:
            self._check = next(self._checks, None)
        except Exception as error:
            self._check = Check(WHOLE, partial(rows.error_outcome, error))
        return None if self._check is None else self._check.what

    def run(self) -> Outcome:
        """Run the check that `next` named."""
        assert self._check is not None
        return self._check.run()

    def device(self) -> dict[str, Any]:
        """The description of the device and its host, or the error of opening it."""
        try:
            from baichuan2.devices import open_device

            return open_device(self.options.device).describe()
        except Exception as error:
            return rows.error_outcome(error).numbers


class Runner:
    """Runs one check after the other; restarts the process after an error and after an item that failed."""

    def __init__(self, options: Options):
        self._items = Items(options)
        self._worker = Worker(self._items)

    def item(self, name: str, entry_point: str) -> dict[str, Any]:
        """Run the item at "module:function" and print each row -> its rows, verdict and time."""
        print(name, flush=True)
        start, item_rows = time.perf_counter(), []
        for what, outcome in self._checks(entry_point):
            item_rows.append(rows.make_row(what, outcome))
            print(rows.format_row(item_rows[-1]), flush=True)
        seconds, verdict = round(time.perf_counter() - start, 1), rows.verdict_of(item_rows)
        if verdict == FAIL:
            self.restart()
        return {"item": name, "verdict": verdict, "seconds": seconds, "rows": item_rows}

    def _checks(self, entry_point: str) -> Iterator[tuple[str, Outcome]]:
        """What each check compares and its outcome; at least one."""
        self._worker.call("start", entry_point, 0)
        for done in count(1):
            what = WHOLE
            try:
                what = self._worker.call("next")
                if what is None and done > 1:
                    return
                outcome = self._worker.call("run") if what else Outcome(FAIL, {"error": "compared nothing"})
            except UserError as error:  # its process ended
                outcome = rows.error_outcome(error)
            yield what or WHOLE, outcome
            if outcome.restart:
                self.restart()
                self._worker.call("start", entry_point, done)
            if what in (WHOLE, None):
                return

    def device(self) -> dict[str, Any]:
        """The description of the device; if it does not open, the items start in a fresh process."""
        try:
            description = self._worker.call("device")
        except UserError as error:  # its process ended
            description = rows.error_outcome(error).numbers
        if "error" in description:
            self.restart()
        return description

    def restart(self) -> None:
        """Replace the process by a fresh one."""
        self.close()
        self._worker = Worker(self._items)

    def close(self) -> None:
        self._worker.close()


# ---- the first item --------------------------------------------------------------------------------------------


def environment(options: Options) -> Iterator[Check]:
    """Check the versions, the driver, the settings, every card's chip, and whether a job starts here."""
    device = options.device
    host_findings = [environment_check.load(device)]
    if device == "npu":
        host_findings += ascend_check.host_findings()
    if device != "cpu" and host_findings[0].level == findings.OK:
        host_findings += environment_check.cards(device, 1)[0]
    for finding in host_findings:
        yield Check(finding.item, partial(_finding_outcome, finding))
    if not findings.errors_among(host_findings):
        yield Check("a job opens its device", partial(_device_opens, device))


def _finding_outcome(finding: findings.Finding) -> Outcome:
    numbers = {"found": finding.state} | ({"cure": finding.cure} if finding.cure else {})
    return Outcome(VERDICTS[finding.level], numbers)


def _device_opens(name: str) -> Outcome:
    from baichuan2.devices import open_device

    device = open_device(name)
    numbers = {"device": device.device_name(), "dtype of auto": str(device.dtype("auto", "bfloat16"))}
    if name == "npu":  # where it is not off, or cannot be put off, the device does not open
        numbers["compiles just in time"] = str(not device.ops.npu.is_jit_compile_false())
    return Outcome(PASS, numbers)
