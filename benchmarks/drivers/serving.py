"""Serves a peer's driver over a pipe, in the peer's own environment. Imports the standard library only.

A line of JSON in is a call, {"method", "arguments"}; one out is its {"value"}, or {"error": traceback}.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any


def serve(served: Any) -> None:
    """Answer the calls on standard input until it ends. What a library prints goes to standard error."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        for line in sys.stdin:
            call = json.loads(line)
            try:
                answer = {"value": getattr(served, call["method"])(**call["arguments"])}
            except Exception:
                answer = {"error": traceback.format_exc()}
            print(json.dumps(answer), file=answers, flush=True)


def reset_peak_rss() -> None:
    """Start peak_rss() of this process anew (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def rss(name: str = "VmRSS") -> int:
    """The resident memory of this process, in bytes; of name VmHWM its most."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def peak_rss() -> int:
    return rss("VmHWM")
