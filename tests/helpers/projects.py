"""Copies of the project, and snakemake run in them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).parents[2]
HELPERS = Path(__file__).parent
SERVERS = threading.local()  # a process of its own for every thread that asks; it ends with its stdin


def snakemake(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run snakemake in a project; see snakemake_server.py."""
    if not hasattr(SERVERS, "snakemake"):
        SERVERS.snakemake = subprocess.Popen(
            [sys.executable, HELPERS / "snakemake_server.py"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    server, arguments = SERVERS.snakemake, ["--cores", "1", *arguments]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    variables = os.environ | {"PATH": path} | environment
    request = {"arguments": arguments, "folder": str(project), "environment": dict(variables)}
    server.stdin.write(json.dumps(request) + "\n")
    server.stdin.flush()
    return subprocess.CompletedProcess(["snakemake", *arguments], *json.loads(server.stdout.readline()))


def copy_project(copy: Path) -> Path:
    """The project without its results, as `copy`."""
    ignored = shutil.ignore_patterns(
        ".git", ".venv", ".torch-npu", ".arm64*", "results", "site", ".snakemake", "__pycache__", ".*_cache"
    )
    return shutil.copytree(ROOT, copy, ignore=ignored)
