"""Runs snakemake as children of one process that has imported it already, which is most of a dry run's time.

Started by projects.py's `snakemake`, one for each of its threads. Reads a request a line (JSON: arguments, folder,
environment), answers with a line: the exit code, stdout and stderr. A child has the request's environment and folder;
it imports the workflow's own modules anew, from that folder.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback

import jsonschema  # noqa: F401 (what our rules import, imported here once)
import snakemake.cli
import snakemake.executors.dryrun
import snakemake.executors.local
import yaml  # noqa: F401


def serve() -> None:
    for line in sys.stdin:
        print(json.dumps(run(**json.loads(line))), flush=True)


def run(arguments: list[str], folder: str, environment: dict[str, str]) -> tuple[int, str, str]:
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(stdout.fileno(), 1)
            os.dup2(stderr.fileno(), 2)
            os._exit(in_child(arguments, folder, environment))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return code, text_of(stdout), text_of(stderr)


def in_child(arguments: list[str], folder: str, environment: dict[str, str]) -> int:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["snakemake", *arguments]
    try:
        snakemake.cli.main(arguments)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def text_of(file) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


if __name__ == "__main__":
    serve()
