"""What every script shares: its command line, its log, and how it says that the input is wrong."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import typer

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
