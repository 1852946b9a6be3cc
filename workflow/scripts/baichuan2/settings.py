"""config.yaml, checked before anything runs. Read while the workflow is parsed, so it imports nothing heavy."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from baichuan2.config import ModelConfig, check_world_size
from baichuan2.errors import UserError
from baichuan2.quantization.rollback import resolve_rollback
from baichuan2.source import Source

DEMO_MODEL = "resources/demo/model"
DEMO_EXAM = "resources/demo/exam"
DEMO = "demo"


def check_settings(config: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Raise UserError, in one line, for the first thing in `config` that the schema does not allow."""
    errors = sorted(Draft202012Validator(schema).iter_errors(config), key=lambda error: list(map(str, error.path)))
    if errors:
        raise UserError(_explain(errors[0]))
    if config["ceval"]["split"] == "test":
        raise UserError("ceval.split: the test split's answers are not published, so it cannot be scored; use val")
    if config["perf"]["min_len_exp"] > config["perf"]["max_len_exp"]:
        raise UserError("perf.min_len_exp: is above perf.max_len_exp; lower it")


def _explain(error) -> str:
    where = ".".join(map(str, error.path)) or "config.yaml"
    allowed = error.schema
    if error.validator == "additionalProperties":
        known = list(allowed["properties"])
        unknown = sorted(str(key) for key in error.instance if key not in known)[0]
        near = difflib.get_close_matches(unknown, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
        prefix = f"{where}." if error.path else ""
        return f"{prefix}{unknown}: no such key; {hint}"
    if error.validator == "required":
        missing = error.message.split("'")[1]
        prefix = f"{where}." if error.path else ""
        return f"{prefix}{missing}: missing; config/config.yaml has its default"
    may_be = {
        "enum": lambda: f"one of {', '.join(_shown(value) for value in error.validator_value)}",
        "type": lambda: f"of type {_types(error.validator_value)}",
        "minimum": lambda: f"at least {error.validator_value}",
        "maximum": lambda: f"at most {error.validator_value}",
        "pattern": lambda: f"of the form {error.validator_value}",
        "minItems": lambda: f"a list of at least {error.validator_value}",
        "maxItems": lambda: f"a list of at most {error.validator_value}",
        "minLength": lambda: "text that is not empty",
    }
    expected = may_be.get(error.validator, lambda: error.message)()
    return f"{where}: is {_shown(error.instance)}; it must be {expected}"


def _types(value: str | list[str]) -> str:
    return " or ".join([value] if isinstance(value, str) else value)


def _shown(value: Any) -> str:
    return "null" if value is None else repr(value)


def apply_environment(config: dict[str, Any]) -> None:
    """Let MAX_SEQ_LEN, the guide's variable, override engine.max_seq_len. Raises UserError for no number."""
    text = os.environ.get("MAX_SEQ_LEN")
    if text:
        if not text.isdecimal() or int(text) < 2:
            raise UserError(f"MAX_SEQ_LEN: {text!r} is not a number of tokens; set one, or unset it")
        config["engine"]["max_seq_len"] = int(text)


def put_interpreter_first() -> None:
    """Let `python` in the steps be the one that runs snakemake, unless a conda environment goes before it."""
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))


def model_source(config: Mapping[str, Any]) -> Source:
    """The parsed model.source, demo resolved."""
    text = config["model"]["source"]
    return Source.parse(DEMO_MODEL if text == DEMO else text)


def is_demo(config: Mapping[str, Any], task: str) -> bool:
    """Whether a task's results are the demo's: its weights are, or (C-Eval) its exam is."""
    if task == "perf":
        return config["model"]["source"] == DEMO and config["perf"]["weights"] == "model"
    return config["model"]["source"] == DEMO or (task == "ceval" and config["ceval"]["source"] == DEMO)


def check_against_model(config: Mapping[str, Any], model: ModelConfig) -> None:
    """Raise UserError for settings that this model cannot take: world_size, rollback, max_seq_len."""
    check_world_size(model, config["parallel"]["world_size"])
    resolve_rollback(config["quantize"]["rollback"], model)
    answer = config["inference"]["max_new_tokens"]
    if answer >= config["engine"]["max_seq_len"]:
        raise UserError(
            f"inference.max_new_tokens: {answer} leaves no room for a prompt in engine.max_seq_len "
            f"{config['engine']['max_seq_len']}; lower it"
        )
