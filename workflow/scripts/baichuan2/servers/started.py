"""A server of this workflow's own engine, started for a job and ended with it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from baichuan2 import host
from baichuan2.errors import UserError

LINE = "serving {name} at {address} (process {process}; Ctrl-C ends it)"  # on its stdout, once it answers
_ADDRESS = re.compile(r"serving \S+ at (\S+) \(process \d+; Ctrl-C ends it\)\s*")
END_S = 60.0  # in which it ends, from its signal on


@contextmanager
def started(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of the server that `command` starts, itself or by the launcher; it ends with the context.

    Its stderr is this process's. Raises SystemExit where it ends before it answers and has said why in its own line,
    as code 1 means; UserError where it ends otherwise.
    """
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, preexec_fn=host.die_with_parent
    ) as process:
        try:
            assert process.stdout is not None
            address = next((match[1] for line in process.stdout if (match := _ADDRESS.fullmatch(line))), None)
            if address is None:
                if (code := process.wait()) == 1:
                    raise SystemExit(1)
                raise UserError(f"{command[1]}: the server ended with code {code} before it answered; see the log")
            yield address
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_S)
            process.kill()
