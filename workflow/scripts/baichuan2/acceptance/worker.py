"""An object in a process of its own. Imports nothing heavy."""

from __future__ import annotations

import multiprocessing
import traceback
from typing import Any

from baichuan2.errors import UserError


class Worker:
    """Pickles an object with a `name` into a process of its own and calls it over a pipe.

    Raises the object's UserError, UserError if its process ends, and RuntimeError with the traceback of any other.
    """

    def __init__(self, served: Any):
        self.name = served.name
        context = multiprocessing.get_context("spawn")
        self._pipe, child_pipe = context.Pipe()
        self._process = context.Process(target=_serve, args=(served, child_pipe), daemon=True)
        self._process.start()
        child_pipe.close()

    def call(self, method: str, *arguments: Any) -> Any:
        """Return served.method(*arguments), called in that process."""
        try:
            self._pipe.send((method, arguments))
            kind, value = self._pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._process.join(10)
            raise UserError(
                f"{self.name}: its process ended with code {self._process.exitcode}: -9 is mostly want of memory "
                "(take less), -11 a crash of its library"
            ) from None
        if kind == "user error":
            raise UserError(value)
        if kind == "error":
            raise RuntimeError(f"{self.name}:\n{value}")
        return value

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(served: Any, pipe) -> None:
    while True:
        try:
            method, arguments = pipe.recv()
        except EOFError:
            return
        try:
            answer = ("value", getattr(served, method)(*arguments))
        except UserError as error:
            answer = ("user error", str(error))
        except Exception:
            answer = ("error", traceback.format_exc())
        pipe.send(answer)
