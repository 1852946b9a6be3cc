"""What every script shares: its command line, its log, and how it says that the input is wrong."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Callable

import typer

from baichuan2.errors import UserError, one_line

CURES = {
    errno.ENOSPC: "free space on its disk",
    errno.EDQUOT: "free some of your quota on its disk",
    errno.EACCES: "change its owner or permissions, or those of its folder",
    errno.EPERM: "change its owner or permissions, or those of its folder",
    errno.EROFS: "its disk is mounted read-only: mount it writable, or work in another folder",
}


def run(main: Callable[..., None]) -> None:
    """Run `main` with its signature as the command line; a mistake of the user's ends it with one line and code 1.

    That is a UserError, or an error of the disk: full, over quota, read-only or not permitted.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    try:
        app()
    except UserError as error:
        sys.exit(f"error: {one_line(error)}")
    except Exception as error:
        code = _disk_error(error)
        if code is None:
            raise
        file = getattr(error, "filename", None) or _output() or "the disk"
        sys.exit(f"error: {file}: {os.strerror(code)}; {CURES[code]}, then run again")


def _disk_error(error: Exception) -> int | None:
    """The errno of an error of the disk; libraries that write by themselves only quote its text."""
    if isinstance(error, OSError):
        return error.errno if error.errno in CURES else None
    quoted = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
    return next((code for code in quoted if os.strerror(code) in str(error)), None)


def _output() -> str | None:
    """What the command line says is to be written: a failed write does not know its file's name."""
    given = sys.argv[1:]
    return next((given[k + 1] for k, word in enumerate(given[:-1]) if word in ("--out", "--listing")), None)
