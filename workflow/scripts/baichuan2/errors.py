"""The one kind of error that a user can cure."""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Iterable


class UserError(Exception):
    """Wrong input: the message is one line that names the config key or file, and the cure.

    Everything else that is raised is a fault of ours and keeps its traceback.
    """


_SHORT = reprlib.Repr()
_SHORT.maxlevel, _SHORT.maxstring, _SHORT.maxother, _SHORT.maxlong = 2, 80, 80, 40


def one_line(error: UserError) -> str:
    """Its message on one line and of a length to read: what it quotes, such as a file's name, may be of any."""
    return " ".join(str(error).split())[:1000]


def shown(value: object) -> str:
    """`value` as an error message shows it: short, however large or nested it is."""
    return "null" if value is None else _SHORT.repr(value)


def nearest(word: object, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The one of `known` that `word` is most likely a misspelling of, or None."""
    by_lower = {name.lower(): name for name in known}
    found = difflib.get_close_matches(str(word)[:200].lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[found[0]] if found else None
