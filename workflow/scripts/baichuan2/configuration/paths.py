"""Which file a path of config.yaml means, and where the workflow's own files are. Imports nothing heavy."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from baichuan2.errors import UserError
from baichuan2.integrity import digest
from baichuan2.model.source import HUBS

CHECKOUT = Path(__file__).resolve().parents[4]
SCRIPTS = "BAICHUAN2_SCRIPTS"  # in a job's environment: the folder of the scripts, which no shell text names then
FOLDERS = ("config", "resources")  # what the workflow brings along for config.yaml to name
_VARIABLE = re.compile(r"\$(?:(\$)|([a-zA-Z_]\w*)|\{([a-zA-Z_]\w*)\})", re.ASCII)


def own(name: str) -> str:
    """A file of the workflow's own, by its path in the checkout.

    Relative where the working directory holds the checkout, so that nothing runs again when both move; else absolute.
    """
    path, here = CHECKOUT / name, Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def is_own(path: str, *names: str) -> bool:
    """Whether a path, however it is written, is one of the workflow's own files, by their paths in the checkout."""
    return Path(path).resolve() in {(CHECKOUT / name).resolve() for name in names}


def resolve(config: dict[str, Any], schema: Mapping[str, Any]) -> None:
    """Put in place of each path in `config`, which the schema marks by `format: path`, the file that it means.

    See `resolved`. Raises UserError, naming the key.
    """
    for section, part in schema["properties"].items():
        for name in part["properties"]:
            config[section][name] = resolved_value(f"{section}.{name}", config[section][name], schema)


def resolved_value(key: str, value: Any, schema: Mapping[str, Any]) -> Any:
    """`value` of a dotted key, `resolved` where it is a path. Raises UserError, naming the key."""
    section, name = key.split(".", 1)
    rules = schema["properties"][section]["properties"][name]
    return resolved(value, key) if rules.get("format") == "path" and isinstance(value, str) else value


def resolved(text: str, key: str) -> str:
    """The file that `text` means: ~ and $NAME are expanded ($$ is a dollar), and a relative path is of the working
    directory, or in FOLDERS, where the working directory lacks such a file, of the checkout.

    A hub's repository stays as it is, and so does a name such as demo. Raises UserError, naming the `key`, for a
    variable that is not set.
    """
    if text.partition(":")[0] in HUBS:
        return text
    path = Path(_expanded(text, key))
    lacking = path.parts[:1] and path.parts[0] in FOLDERS and not os.path.lexists(path)
    return own(str(path)) if lacking and os.path.exists(CHECKOUT / path) else str(path)


def _expanded(text: str, key: str) -> Path:
    def value(match: re.Match[str]) -> str:
        if match[1]:
            return "$"
        name = match[2] or match[3]
        if name not in os.environ:
            raise UserError(f"{key}: {text}: {name} is not set in the environment; set it, or write $$ for a dollar")
        return os.environ[name]

    return Path(os.path.expanduser(_VARIABLE.sub(value, text)))


# ---- braces ----------------------------------------------------------------------------------------------


def listed(files: Iterable[str]) -> list[str]:
    """Those of a rule's input files that Snakemake can name: to it braces are wildcards, and nothing escapes them."""
    return [file for file in files if "{" not in file]


def unlisted(files: Iterable[str]) -> dict[str, str]:
    """The others, as a parameter of the rule: {path: digest of the content}. An edit reruns the step all the same."""
    return {file: _digest(file) for file in files if "{" in file}


@cache
def _digest(file: str) -> str:
    return digest(file) if os.path.isfile(file) else "missing"
