"""C sources of this folder, each with its header, compiled once for this machine and called through ctypes."""

from __future__ import annotations

import ctypes
import hashlib
import logging
import os
import platform
import subprocess
import tempfile
from collections.abc import Mapping, Sequence, Set
from pathlib import Path

from baichuan2 import devices, host

log = logging.getLogger(__name__)


def library(
    source: Path, flags: Mapping[str, Sequence[str]], needs: Mapping[str, Set[str]], otherwise: str
) -> ctypes.CDLL | None:
    """The compiled source; None, with a line that says why and what runs `otherwise`, where it cannot be had.

    flags, needs: by platform.machine(), the compiler's, and the processor's features by Linux's names; on another
    kind of machine nothing is missing, so that no line says so.
    """
    machine = platform.machine()
    if machine not in needs:
        return None
    missing = needs[machine] - host.cpu_flags()
    compiler = devices.compiler()
    if missing:
        log.info("this CPU has no %s: %s", ", ".join(sorted(missing)), otherwise)
    elif compiler is None:
        log.info("no C compiler (cc) found: %s, more slowly; install gcc", otherwise)
    else:
        return _compiled(compiler, source, flags[machine], otherwise)
    return None


def _compiled(compiler: str, source: Path, flags: Sequence[str], otherwise: str) -> ctypes.CDLL | None:
    """From the user's cache directory, compiled where it is not there yet for this source, compiler and CPU."""
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False).stdout
    texts = [source.with_suffix(suffix).read_text(encoding="utf-8") for suffix in (".c", ".h")]
    key = hashlib.sha256("\n".join([*texts, version, *flags, *sorted(host.cpu_flags())]).encode()).hexdigest()
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "baichuan2-workflow"
    path = folder / f"{source.stem}-{key[:16]}.so"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            made = Path(scratch) / path.name
            command = [compiler, *flags, "-o", str(made), str(source), "-lm"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                log.info("%s does not compile %s: %s: %s", compiler, source.name, otherwise, done.stderr[:200])
                return None
            made.replace(path)
    return ctypes.CDLL(str(path))
