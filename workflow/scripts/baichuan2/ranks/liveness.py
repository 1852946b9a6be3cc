"""Whether the other ranks of a launch are alive: none waits long for a dead one, nor hides why it died.

Each rank writes a beat into the launch's store, where torch's ranks meet, and reads the others'. Beats come from a
thread, so that a rank may compute, load or wait in a collective for as long as it needs. A second thread judges. It
never waits for the network: the first may hang on a link that was cut.
"""

from __future__ import annotations

import json
import math
import os
import socket
import threading
import time
from datetime import timedelta
from types import TracebackType

from torch.distributed import TCPStore

from baichuan2.errors import FOLLOWED, PeerLostError, line_of

BEAT_S = 2.0
SILENCE_S = 15.0  # without a beat a rank is dead; many beats, since a host may be busy
START_S = 300.0  # for a rank's first beat: torch may come over a slow disk
FOLLOW_S = 3.0  # those that know the cause of an end say it first
KEY = "baichuan2/rank/{}"
LEFT = "left"
HOST = "BAICHUAN2_HOST"  # in the ranks' environment: what their host is called


class Watch:
    """A rank among others: a context which tells them how it leaves, and in which it ends when one of them fails.

    It fails itself where it leaves with an exception. Only a PeerLostError waits for the cause first, which ends the
    process; where there is none, it is this rank's own.
    """

    def __init__(self, rank: int, world_size: int):
        self.rank, self.host = rank, os.environ.get(HOST) or socket.gethostname()
        self.place = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
        self._end: str | None = None  # how this rank ended: LEFT, or why
        self._ending, self._over = threading.Event(), threading.Event()
        self._beats = threading.Thread(target=self._beat, daemon=True)
        now = time.monotonic()
        self._reached = now
        self._others = {other: _Other(now + START_S - SILENCE_S) for other in range(world_size) if other != rank}

    def __enter__(self) -> Watch:
        self._beats.start()
        threading.Thread(target=self._judge, daemon=True).start()
        return self

    def __exit__(self, _: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, PeerLostError):
            time.sleep(SILENCE_S + 2 * BEAT_S + FOLLOW_S)  # longer than any cause takes to be known
        self._end = LEFT if error is None else _reason(error)
        self._ending.set()
        self._beats.join(2 * BEAT_S)
        self._over.set()

    # ---- beats -----------------------------------------------------------------------------------------------

    def _beat(self) -> None:
        store, count, end = None, 0, None
        try:
            store = TCPStore(*self.place, timeout=timedelta(seconds=SILENCE_S), wait_for_workers=False)
            while end is None:
                end, count = self._end, count + 1
                store.set(KEY.format(self.rank), json.dumps({"beat": count, "host": self.host, "end": end}))
                self._listen(store)
                self._reached = time.monotonic()
                self._ending.wait(BEAT_S)
        except RuntimeError:  # who held the store has ended
            self._reached = -math.inf

    def _listen(self, store: TCPStore) -> None:
        for rank, other in self._others.items():
            key = KEY.format(rank)
            if store.check([key]):
                other.hear(json.loads(store.get(key)))

    # ---- judgement -------------------------------------------------------------------------------------------

    def _judge(self) -> None:
        last = time.monotonic()
        while not self._over.wait(0.2):
            now = time.monotonic()
            if now - last > SILENCE_S / 3:  # this process was stopped, and heard nobody: that is no silence of theirs
                self._forgive(now - last)
            last = now
            verdict = self._verdict(now)
            if verdict and not self._over.is_set():
                self._leave(*verdict)

    def _forgive(self, seconds: float) -> None:
        self._reached += seconds
        for other in self._others.values():
            other.heard += seconds

    def _verdict(self, now: float) -> tuple[int, str] | None:
        """The exit code and the line with which this process ends, or None."""
        for rank, other in self._others.items():
            if other.failed:
                return FOLLOWED, f"rank {self.rank}: ended, since rank {rank} on {other.host} failed: {other.end}"
        if now - self._reached > SILENCE_S:
            address, port = self.place
            return FOLLOWED, (
                f"rank {self.rank} on {self.host}: ended, since {address}:{port}, where the ranks meet, is gone or "
                f"was not reached for {SILENCE_S:.0f} s"
            )
        silent = {rank: other for rank, other in self._others.items() if other.silent(now)}
        if not silent:
            return None
        named = ", ".join(f"rank {rank} on {other.host}" for rank, other in silent.items())
        what = f"{named}: not heard of for {SILENCE_S:.0f} s"
        if self.rank > min({self.rank, *self._others} - set(silent)):
            return FOLLOWED, f"rank {self.rank}: ended, since {what}"
        if all(other.host == self.host for other in silent.values()):
            return 1, f"error: {what}: it was stopped, or it hangs; see the lines above, and run again"
        return 1, (
            f"error: {what}: the host is down, or the network to it was cut; see parallel.hosts and "
            "parallel.interface, and run again"
        )

    def _leave(self, code: int, line: str) -> None:
        if code == FOLLOWED:
            time.sleep(FOLLOW_S)
        try:
            os.write(2, f"\n{line}\n".encode())  # at once, and below a progress bar that stands there
        finally:  # also where nobody reads it any more
            os._exit(code)  # the main thread may hang in a collective


class _Other:
    """What is known of another rank."""

    def __init__(self, heard: float):
        self.heard, self.beat, self.host, self.end = heard, 0, "its host", None

    def hear(self, news: dict) -> None:
        if news["beat"] != self.beat:
            self.heard = time.monotonic()
        self.beat, self.host, self.end = news["beat"], news["host"], news["end"]

    @property
    def failed(self) -> bool:
        return self.end not in (None, LEFT)

    def silent(self, now: float) -> bool:
        return self.end != LEFT and now - self.heard > SILENCE_S


def _reason(error: BaseException) -> str:
    line = line_of(error) if isinstance(error, Exception) else None
    return line or " ".join(f"{type(error).__name__}: {error}".split())[:300]
