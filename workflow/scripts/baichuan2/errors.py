"""The one kind of error that a user can cure."""

from __future__ import annotations

import difflib
import errno
import os
import reprlib
import sys
from collections.abc import Iterable
from pathlib import Path


class UserError(Exception):
    """Wrong input: the message is one line that names the config key or file, and the cure.

    Everything else that is raised is a fault of ours and keeps its traceback.
    """


class PeerLostError(UserError, RuntimeError):
    """A collective failed, since another rank has ended or cannot be reached."""

    def __init__(self, collective: str, error: Exception):
        reason = one_line(error, 300)
        super().__init__(
            f"{collective} failed ({reason}), and no rank says why; if the ranks' nodes do not reach each other, set "
            "GLOO_SOCKET_IFNAME and NCCL_SOCKET_IFNAME or HCCL_SOCKET_IFNAME to the network interface between them"
        )


_SHORT = reprlib.Repr()
_SHORT.maxlevel, _SHORT.maxstring, _SHORT.maxother, _SHORT.maxlong = 2, 80, 80, 40


# disk errors and their cures: any line of ours may meet one, and the user can cure it
_DISK = {
    errno.ENOSPC: "free space on its disk",
    errno.EDQUOT: "free some of your quota on its disk",
    errno.EACCES: "change its owner or permissions, or those of its folder",
    errno.EPERM: "change its owner or permissions, or those of its folder",
    errno.ENAMETOOLONG: "give a shorter one",
    errno.EROFS: "its disk is mounted read-only: mount it writable, or work in another folder",
}
# CUDA and NPU say the first, the CPU's allocator the others; torch.OutOfMemoryError is a RuntimeError.
_MEMORY = ("out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory")
_SMALLER = "lower engine.max_seq_len or the batch size, take more cards (parallel.world_size), or free these"


def line_of(error: Exception, output: str = "the disk") -> str | None:
    """The one line that says what the user can cure of `error`, or None where it is a fault of ours.

    It names `output` where a disk error does not name its file. The line is cut to 1000 characters and has no control
    characters, since it may quote a hostile file.
    """
    if isinstance(error, UserError):
        return "".join(sign if sign.isprintable() else "?" for sign in one_line(error, 1000))
    if is_out_of_memory(error):
        return f"out of memory; {_SMALLER} ({one_line(error)})"
    code = _disk_code(error)
    if code is None:
        return None
    file = getattr(error, "filename2", None) or getattr(error, "filename", None) or output
    return f"{file}: {os.strerror(code)}; {_DISK[code]}, then run again"


def is_out_of_memory(error: Exception) -> bool:
    """Whether the host's memory, or a card's, does not suffice."""
    text = str(error).lower()
    said = isinstance(error, RuntimeError) and any(message in text for message in _MEMORY)
    return said or isinstance(error, MemoryError)


def _disk_code(error: Exception) -> int | None:
    """The errno of a disk error, or None; some libraries only quote its text."""
    if isinstance(error, OSError):
        return error.errno if error.errno in _DISK else None
    quoted = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
    return next((code for code in quoted if os.strerror(code) in str(error)), None)


def print_errors_of(logs: Iterable[Path], since: float) -> None:
    """Print the `error: ...` lines, each once, of the jobs' logs that were written after `since` (s of the epoch)."""
    written = [log for log in logs if log.is_file() and log.stat().st_mtime >= since]
    lines = [line for log in written for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    for line in dict.fromkeys(line for line in lines if line.startswith("error: ")):
        print(line, file=sys.stderr)


def one_line(value: object, most: int = 200) -> str:
    """What `value` says, as an error message quotes it: on one line, in at most `most` characters."""
    return " ".join(str(value).split())[:most]


def shown(value: object) -> str:
    """`value` as an error message shows it: short, however large or nested it is."""
    return "null" if value is None else _SHORT.repr(value)


def nearest(word: object, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The one of `known` that `word` is most likely a misspelling of, or None."""
    by_lower = {name.lower(): name for name in known}
    matches = difflib.get_close_matches(str(word)[:200].lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[matches[0]] if matches else None
