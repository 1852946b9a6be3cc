"""The first day on Ascend cards, in one command: .venv/bin/python benchmarks/first_day.py

To be run in the environment of envs/npu.yaml, with CANN sourced (set_env.sh). It proves on the cards what no other
machine can: that the operators compute what their documents say, and what these leave open; that the engine's numbers
are the CPU's; that ranks and graphs give the same; and how fast all of it is. For every item it prints pass, FAIL or
"not here" with the reason, and the numbers behind; "noted" is a number without a bound, or something that the engine
does not rely on. Everything goes into one file to send back. Exit code 1 if something failed.
"""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import Annotated, Any

import typer

import ascend_rows
import harness
from ascend_rows import FAIL, NOTED, PASS, Check, Found, Options
from baichuan2 import cli
from baichuan2.devices import ENVIRONMENT, ascend_check, environment_check, findings
from baichuan2.errors import UserError
from baichuan2.files import write_json

# Where each item's checks are made: imported in the items' process alone, since torch may not even load.
ITEMS = {
    "environment": "first_day:environment",
    "attention": "ascend_items:attention",
    "nz": "ascend_items:nz",
    "operators": "ascend_protocol:operators",
    "model": "ascend_runs:model",
    "hccl": "ascend_runs:hccl",
    "graph": "ascend_runs:graph",
    "bandwidth": "ascend_runs:bandwidth",
}
OUT = Path(__file__).with_name("first_day.json")
WHOLE = "the item as a whole"
VERDICTS = {findings.OK: PASS, findings.WARNING: NOTED, findings.ERROR: FAIL}


def main(
    out: Annotated[Path, typer.Option(help="The file to send back.")] = OUT,
    only: Annotated[list[str] | None, typer.Option(help="An item, instead of all; repeat the option.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Tiny sizes: whether it runs, not how fast.")] = False,
    results: Annotated[Path, typer.Option(help="Where the workflow left model and quant.")] = harness.ROOT
    / "results",
) -> None:
    """Run the items, print what they found and write the file; exit with code 1 if one failed."""
    chosen = only or list(ITEMS)
    if unknown := set(chosen) - set(ITEMS):
        raise UserError(f"--only: {', '.join(sorted(unknown))} is no item; the items are {', '.join(ITEMS)}")
    out.parent.mkdir(parents=True, exist_ok=True)
    for name, value in ENVIRONMENT["npu"].items():  # as the workflow does, before torch is loaded
        os.environ.setdefault(name, value)
    runner, items = Runner(Options(quick, results)), []
    about = {
        "environment": {"quick": quick, **harness.environment(os.cpu_count())},
        "device": runner.device(),
        "settings": {name: ascend_check.shown_setting(name) for name in ascend_check.SETTINGS},
    }
    for name in chosen:
        items.append(runner.item(name))
        write_json(out, {**about, "items": items})  # each time: a card that hangs leaves what was found until then
    runner.close()
    print("\n" + "\n".join(f"{item['verdict']:8}  {item['item']}" for item in items))
    print(f"send back {out}", flush=True)
    wrong = [item["item"] for item in items if item["verdict"] == FAIL]
    if wrong:
        raise UserError(f"{len(wrong)} of {len(items)} items failed: {', '.join(wrong)}; see the lines with FAIL")


# ---- running the items -----------------------------------------------------------------------------------------


class Items:
    """The items, check by check, in a process of their own (harness.Worker), which an operator's error may end."""

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
            self._check = Check(WHOLE, partial(ascend_rows.of_error, error))
        return self._check and self._check.what

    def found(self) -> Found:
        """What the check found that `next` named."""
        return self._check.found()

    def device(self) -> dict[str, Any]:
        """What the device says of itself and its host, or why it does not."""
        try:
            import torch

            from baichuan2.devices import open_device

            return open_device("npu").describe() | {"cards": torch.npu.device_count()}
        except Exception as error:
            return ascend_rows.of_error(error).numbers


class Runner:
    """Asks for one check after the other; after an error, and after an item that failed, with a fresh process."""

    def __init__(self, options: Options):
        self._items = Items(options)
        self._worker = harness.Worker(self._items)

    def item(self, name: str) -> dict[str, Any]:
        """An item's rows, each printed as it is found, its verdict and its time."""
        print(name, flush=True)
        begin, rows = time.perf_counter(), []
        for what, found in self._checks(name):
            rows.append(ascend_rows.row(what, found))
            print(ascend_rows.line(rows[-1]), flush=True)
        seconds, verdict = round(time.perf_counter() - begin, 1), ascend_rows.verdict_of(rows)
        if verdict == FAIL:
            self.fresh()
        return {"item": name, "verdict": verdict, "seconds": seconds, "rows": rows}

    def _checks(self, name: str) -> Iterator[tuple[str, Found]]:
        """(what, found) of each check; never none."""
        self._worker.call("start", ITEMS[name], 0)
        for done in count(1):
            what = WHOLE
            try:
                what = self._worker.call("next")
                if what is None and done > 1:
                    return
                found = self._worker.call("found") if what else Found(FAIL, {"error": "compared nothing"})
            except UserError as error:  # its process ended
                found = ascend_rows.of_error(error)
            yield what or WHOLE, found
            if found.spent:
                self.fresh()
                self._worker.call("start", ITEMS[name], done)
            if what in (WHOLE, None):
                return

    def device(self) -> dict[str, Any]:
        """What the device says of itself; where it does not open, the items begin in a process that has not tried."""
        try:
            found = self._worker.call("device")
        except UserError as error:  # its process ended
            found = ascend_rows.of_error(error).numbers
        if "error" in found:
            self.fresh()
        return found

    def fresh(self) -> None:
        """Go on with another process."""
        self.close()
        self._worker = harness.Worker(self._items)

    def close(self) -> None:
        self._worker.close()


# ---- the first item --------------------------------------------------------------------------------------------


def environment(options: Options) -> Iterator[Check]:
    """Versions that go together, driver, settings, every card's chip, and whether a job would start here."""
    loads = environment_check.load("npu")
    quick = [loads, ascend_check.pairing(), ascend_check.driver(), *ascend_check.settings()]
    if not findings.errors_among([loads]):
        quick += environment_check.cards("npu", 1)[0]
    for finding in quick:
        yield Check(finding.item, partial(_judged, finding))
    if not findings.errors_among(quick):
        yield Check("a job opens its device", _opened)


def _judged(finding: findings.Finding) -> Found:
    numbers = {"found": finding.found} | ({"cure": finding.cure} if finding.cure else {})
    return Found(VERDICTS[finding.level], numbers)


def _opened() -> Found:
    from baichuan2.devices import open_device

    device = open_device("npu")
    return Found(PASS, {"soc": device.soc.name, "dtype of auto": str(device.dtype("auto", "bfloat16"))})


if __name__ == "__main__":
    cli.run(main)
