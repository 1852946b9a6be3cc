"""What every script shares: its command line, its log, and how it says that the input is wrong."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from types import TracebackType

import typer

from baichuan2 import host
from baichuan2.errors import UserError


def run(main: Callable[..., None]) -> None:
    """Run `main` with its signature as the command line; a UserError ends it with one line and code 1."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    try:
        app()
    except UserError as error:
        sys.exit(f"error: {error}")
    finally:
        sys.excepthook = explain  # typer puts its own there


def explain(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """sys.excepthook: a library without room for its static TLS is the host's fault, and has a cure: one line."""
    advice = host.static_tls_advice(error)
    if advice:
        print(f"error: {advice}", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


sys.excepthook = explain  # at once, since a script's imports come before its run()
