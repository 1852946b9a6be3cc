"""What all scripts share: the command line, the log, and one-line errors."""

from __future__ import annotations

import gc
import json
import logging
import os
import re
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from baichuan2 import host
from baichuan2.errors import UserError, line_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def run(main: Callable[..., None]) -> None:
    """Run `main` with its signature as the command line; the user's errors end it with one line and code 1.

    Those are UserError, and disk errors: full, over quota, read-only or not permitted.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    gc.freeze()  # what is imported stays: each full collection, and the one at the end, would walk all of torch's
    try:
        app()
    except Exception as error:
        line = line_of(error, _output())
        if line is None:
            raise
        below = "\n" if "RANK" in os.environ else ""  # another rank's progress bar may stand there
        sys.exit(f"{below}error: {line}")
    finally:
        sys.excepthook = explain  # typer puts its own there


def settings(kind: type[T]) -> Any:
    """A command-line option that takes key=value,... for the fields of a dataclass; lists are written as JSON."""
    names = ", ".join(field.name for field in fields(kind))
    return typer.Option(parser=partial(_parsed, kind), metavar="KEY=VALUE,...", help=f"Any of {names}.")


def _parsed(kind: type[T], text: str | T) -> T:
    if not isinstance(text, str):  # the default
        return text
    pairs = [pair.partition("=") for pair in re.split(r",(?=\w+=)", text)]
    known = [field.name for field in fields(kind)]
    for key, equals, _ in pairs:
        if key not in known or not equals:
            raise UserError(f"{text}: {key} is no key=value; keys are {', '.join(known)}")
    return kind(**{key: _value(value) for key, _, value in pairs})


def _value(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return tuple(value) if isinstance(value, list) else value


def _output() -> str:
    """The output path on the command line, for a failed write that does not name its file."""
    given = sys.argv[1:]
    return next((given[k + 1] for k, word in enumerate(given[:-1]) if word in ("--out", "--listing")), "the disk")


def explain(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """sys.excepthook: print the cure in one line where a library does not load, and there is one."""
    advice = host.load_advice(error)
    if advice:
        print(f"error: {advice}", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


sys.excepthook = explain  # set on import, since a script's other imports come before its run()
