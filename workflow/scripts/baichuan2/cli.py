"""What every script shares: its command line, its log, and how it says that the input is wrong."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from types import TracebackType

import typer

from baichuan2 import host
from baichuan2.errors import line_of


def run(main: Callable[..., None]) -> None:
    """Run `main` with its signature as the command line; a mistake of the user's ends it with one line and code 1.

    That is a UserError, or an error of the disk: full, over quota, read-only or not permitted.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
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


def _output() -> str:
    """What the command line says is to be written: a failed write does not know its file's name."""
    given = sys.argv[1:]
    return next((given[k + 1] for k, word in enumerate(given[:-1]) if word in ("--out", "--listing")), "the disk")


def explain(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """sys.excepthook: a library without room for its static TLS is the host's fault, and has a cure: one line."""
    advice = host.static_tls_advice(error)
    if advice:
        print(f"error: {advice}", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


sys.excepthook = explain  # at once, since a script's imports come before its run()
