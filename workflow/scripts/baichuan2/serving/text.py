"""Tokens to text as they come. Torch-free."""

from __future__ import annotations

from collections.abc import Sequence

from baichuan2.model.tokenizer import Tokenizer

INCOMPLETE = "�"  # what the bytes of a character decode to until the last one is there


class Detokenizer:
    """The text of a sequence, piece by piece: together what Tokenizer.decode makes of all its tokens."""

    def __init__(self, tokenizer: Tokenizer):
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._start = self._read = 0  # it decodes from _start on, and what is before _read was given out

    def add(self, token: int) -> str:
        """What a token adds; the bytes of a character wait for its last one."""
        self._ids.append(token)
        text = self._new()
        if not text or text.endswith(INCOMPLETE):
            return ""
        self._start, self._read = self._read, len(self._ids)
        return text

    def rest(self) -> str:
        """What still waits, at the end of the sequence."""
        text, self._read = self._new(), len(self._ids)
        return text

    def _new(self) -> str:
        given = self._tokenizer.decode(self._ids[self._start : self._read])
        return self._tokenizer.decode(self._ids[self._start :])[len(given) :]


class Stops:
    """Cuts a text that comes in pieces before the first of some stop strings."""

    def __init__(self, stops: Sequence[str]):
        self._stops = stops
        self._waiting = ""  # may be the beginning of a stop string

    def add(self, text: str) -> tuple[str, bool]:
        """(what may be given out, whether a stop string ends it)."""
        text, self._waiting = self._waiting + text, ""
        places = [place for stop in self._stops if (place := text.find(stop)) >= 0]
        if places:
            return text[: min(places)], True
        most = max((_overlap(text, stop) for stop in self._stops), default=0)
        self._waiting = text[len(text) - most :]
        return text[: len(text) - most], False

    def rest(self) -> str:
        """What has waited for a stop string that did not come."""
        text, self._waiting = self._waiting, ""
        return text


def _overlap(text: str, stop: str) -> int:
    """How many of a text's last characters begin a stop string."""
    return next((n for n in range(min(len(stop) - 1, len(text)), 0, -1) if text.endswith(stop[:n])), 0)
