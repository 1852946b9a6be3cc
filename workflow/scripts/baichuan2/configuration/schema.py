"""config.yaml as text and as values: how it is read, what it may hold (config/config.schema.yaml), and how a mistake
is told. Read while the workflow is parsed, so it imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from baichuan2.configuration import paths
from baichuan2.errors import UserError, nearest, shown
from baichuan2.files import read_text

SCHEMA = paths.CHECKOUT / "config" / "config.schema.yaml"
MAX_VALUES = 100_000  # in config.yaml: its lists are written by hand

# As JSON Schema, but 2.0 is no integer (the scripts' options take none) and nan is no number.
_TYPES = Draft202012Validator.TYPE_CHECKER.redefine_many(
    {
        "integer": lambda _, value: isinstance(value, int) and not isinstance(value, bool),
        "number": lambda _, value: isinstance(value, int | float) and not isinstance(value, bool) and value == value,
    }
)
_Validator = extend(Draft202012Validator, type_checker=_TYPES)


@cache
def read_schema() -> dict[str, Any]:
    """What config.yaml may hold."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C, where it was built: takes a tenth of the time
    return yaml.load(SCHEMA.read_text(encoding="utf-8"), loader)


def read_config_file(path: Path) -> dict[str, Any]:
    """config.yaml parsed, before Snakemake parses it: Snakemake's errors name neither file nor line.

    Raises UserError for what is not YAML, not a mapping or too large.
    """
    try:
        config = yaml.safe_load(read_text(path, cure="restore it from the repository"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}" if mark else str(path)
        raise UserError(
            f"{where}: not YAML ({getattr(error, 'problem', None) or 'unreadable'}); correct it"
        ) from None
    except ValueError as error:
        raise UserError(f"{path}: has a value that is none ({error}); correct it") from None
    except RecursionError:
        raise UserError(f"{path}: nested too deeply; correct it") from None
    if not isinstance(config, dict):
        raise UserError(f"{path}: is {shown(config)}, not a mapping of keys; restore it from the repository")
    check_size(config)
    return config


def read_words(config: dict[str, Any], words: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Put in place of each word in `config` that came from --config the value that it is in config.yaml.

    Snakemake hands over what is inside {} as text: 'ceval={shots: 0}' as {"shots": "0"}. `words` are those of
    --config alone: a text in a file is one.
    """
    keys = schema.get("properties", {})
    for key in words.keys() & keys.keys() & config.keys():
        if isinstance(words[key], Mapping) and isinstance(config[key], dict):
            read_words(config[key], words[key], keys[key])
        elif config[key] == words[key]:
            config[key] = _read(words[key], keys[key])


def _read(word: Any, schema: Mapping[str, Any]) -> Any:
    """The value that a word is in config.yaml, or where the schema wants text, the word itself."""
    if isinstance(word, list):
        return [_read(value, schema.get("items", {})) for value in word]
    if not isinstance(word, str):
        return word
    try:
        value = yaml.safe_load(word)
    except (yaml.YAMLError, ValueError, RecursionError):
        return word
    # [a] as a text was in quotes: a list only where a text may not be.
    candidates = [word, value] if isinstance(value, Mapping | list) else [value, word]
    return next(filter(_Validator(schema).is_valid, candidates), value)


def check_schema(config: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Raise UserError, in one line, for the first thing in `config` that the schema does not allow."""
    check_size(config)
    errors = sorted(_Validator(schema).iter_errors(config), key=lambda error: list(map(str, error.path)))
    if errors:
        raise UserError(_explain(errors[0], schema))


def check_size(config: Any) -> None:
    """Raise UserError for a config of more than MAX_VALUES values, each counted as often as an alias repeats it."""
    pending, seen = [config], 0
    while pending:
        value = pending.pop()
        seen += 1
        if seen > MAX_VALUES:
            raise UserError(f"config.yaml: over {MAX_VALUES} values, aliases followed; shorten it")
        if isinstance(value, Mapping | list):
            pending += value.values() if isinstance(value, Mapping) else value


def _explain(error, schema: Mapping[str, Any]) -> str:
    where = ".".join(map(str, error.path)) or "config.yaml"
    allowed = error.schema
    if error.validator == "additionalProperties":
        known = list(allowed["properties"])
        unknown = sorted(str(key) for key in error.instance if key not in known)[0]
        near = nearest(unknown, known) or _nearest_elsewhere(unknown, schema)
        hint = f"did you mean {near}?" if near else f"known here: {', '.join(known)}"
        prefix = f"{where}." if error.path else ""
        return f"{prefix}{shown(unknown)[1:-1]}: no such key; {hint}"
    if error.validator == "required":
        missing = error.message.split("'")[1]
        prefix = f"{where}." if error.path else ""
        return f"{prefix}{missing}: missing; config/config.yaml has its default"
    may_be = {
        "enum": lambda: _one_of(error.validator_value, error.instance),
        "type": lambda: _types(error.validator_value),
        "minimum": lambda: f"at least {error.validator_value}",
        "maximum": lambda: f"at most {error.validator_value}",
        "pattern": lambda: allowed["description"],
        "minItems": lambda: f"a list of at least {error.validator_value}",
        "maxItems": lambda: f"a list of at most {error.validator_value}",
        "minLength": lambda: "text that is not empty",
    }
    return f"{where}: is {shown(error.instance)}; it must be {may_be[error.validator]()}"


def _nearest_elsewhere(key: str, schema: Mapping[str, Any]) -> str | None:
    """The section.key most similar to `key`, in any section: the user may have put it in the wrong one."""
    sections = {name: part["properties"] for name, part in schema["properties"].items()}
    near = nearest(key, {name for keys in sections.values() for name in keys}, cutoff=0.8)
    return " or ".join(f"{section}.{near}" for section, keys in sections.items() if near in keys) or None


def _one_of(values: list, given: Any) -> str:
    near = nearest(given, [str(value) for value in values if value is not None])
    listed = f"one of {', '.join(map(shown, values))}"
    return f"{listed} (the nearest is {near})" if near and len(values) > 1 else listed


_WORDS = {
    "object": "a mapping of keys",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def _types(value: str | list[str]) -> str:
    return " or ".join(_WORDS[name] for name in ([value] if isinstance(value, str) else value))
