"""A sweep: runs of the chain, one a row of a samplesheet, and which artefacts they share. Imports nothing heavy."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from baichuan2 import devices
from baichuan2.configuration import paths
from baichuan2.configuration.schema import read_schema
from baichuan2.configuration.settings import model_adapter, model_source
from baichuan2.errors import UserError, nearest, shown
from baichuan2.files import csv_rows, read_text
from baichuan2.servers import SERVED

PLAIN = "results"  # where the artefacts of config.yaml itself are
SHARED = "results/shared"
PRECISIONS = ("float", "quant", SERVED)
# Of the section engine: those of a server, and of them what decides its answers.
OF_SERVER = ("server", "server_model", "server_timeout", "server_retries")
SERVER_DECIDES = ("server", "server_model", "max_seq_len")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
# What a run may set for itself. Keys are left out that change the shape of the graph, or have no effect on a run.
SECTIONS = ("model", "engine", "parallel", "quantize", "ceval", "perf")
# Of the section perf: what decides the requests under load, and what does not decide the times of the cases.
OF_RATES = ("rate", "requests", "min_len_exp", "max_len_exp", "case_pair", "seed")
NOT_OF_CASES = ("rate", "requests", "goodput", "profile")
OF_ALL_RUNS = {"parallel.data", "parallel.nodes", "quantize.engine", "ceval.source", "perf.profile"}


@dataclass(frozen=True)
class Row:
    """One row of the sheet: the run's name, its precision, and its own settings, {dotted key: value}."""

    name: str
    precision: str
    settings: dict[str, Any]

    @property
    def quant(self) -> str:
        """What file names of this precision end in."""
        return "_quant" if self.precision == "quant" else ""

    @property
    def stages(self) -> list[str]:
        """The stages of `decides` that may have artefacts of this run."""
        if self.precision == SERVED:
            return ["tokenizer", "ceval", "perf", "rates"]
        made = ["calibration", "sensitivity", "rollback", "quant"] if self.quant else []
        return ["model", *made, *(f"{stage}{self.quant}" for stage in ("cut", "ceval", "perf", "rates"))]

    def over(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of `config` with this row's settings. Raises UserError as paths.resolved does."""
        merged = copy.deepcopy(dict(config))
        for key, value in self.settings.items():
            section, name = key.split(".", 1)
            merged[section][name] = paths.resolved_value(key, value, read_schema())
        return merged


def read_sheet(path: Path, schema: Mapping[str, Any] | None = None) -> list[Row]:
    """The rows of a samplesheet: csv with the columns name, precision and any of the keys that a run may set.

    A cell is YAML, as in config.yaml; an empty one leaves config.yaml's value. schema: checks the columns; None where
    they are checked already. Raises UserError, naming the file and the row, for an unknown column, a name
    that is invalid or a duplicate, and rows with another number of cells.
    """
    text = read_text(path, cure="correct sweep.runs, or restore it from the repository")
    cells_of = csv_rows(text, str(path), skipinitialspace=True)
    (_, columns), *lines = [(number, [cell.strip() for cell in cells]) for number, cells in cells_of] or [(0, [])]
    for column in ("name", "precision"):
        if column not in columns:
            raise UserError(f"{path}: has no column {column}; the first row names the columns, with commas between")
    if schema is not None:
        _check_columns(path, columns, schema)
    rows = [_row(f"{path}, row {number + 1}", columns, cells) for number, cells in lines]
    seen: set[str] = set()
    for row in rows:
        if row.name in seen:
            raise UserError(f"{path}: the name {row.name} is there twice; every run needs its own")
        seen.add(row.name)
    if not rows:
        raise UserError(f"{path}: has no run; add a row")
    return rows


def _check_columns(path: Path, columns: list[str], schema: Mapping[str, Any]) -> None:
    allowed = [key for key in keys_of(schema, SECTIONS) if key not in OF_ALL_RUNS]
    for column in columns:
        if columns.count(column) > 1:
            raise UserError(f"{path}: the column {shown(column)} is there twice; remove one")
        if column in OF_ALL_RUNS:
            raise UserError(f"{path}: {column} is the same for all runs; set it in config.yaml")
        if column not in ("name", "precision", *allowed):
            near = nearest(column, allowed)
            hint = f"did you mean {near}?" if near else "columns are name, precision and keys such as engine.dtype"
            raise UserError(f"{path}: {shown(column)}: no such column; {hint}")


def keys_of(schema: Mapping[str, Any], sections: Iterable[str]) -> list[str]:
    """The dotted keys of some sections of config.yaml."""
    return [f"{section}.{key}" for section in sections for key in schema["properties"][section]["properties"]]


def _row(where: str, columns: list[str], cells: list[str]) -> Row:
    if len(cells) != len(columns):
        raise UserError(f"{where}: has {len(cells)} cells for {len(columns)} columns; quote a cell with commas")
    values = dict(zip(columns, cells, strict=True))
    name, precision = values.pop("name"), values.pop("precision")
    if not NAME.fullmatch(name):
        raise UserError(f"{where}: name {shown(name)}; a name is up to 100 letters, digits, dots, _ and -")
    if precision not in PRECISIONS:
        raise UserError(f"{where}: precision {shown(precision)}; it is float, quant, or of a server served")
    return Row(name, precision, {key: _value(where, key, text) for key, text in values.items() if text})


def _value(where: str, key: str, text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):  # such as a date of no month, or [[[[[
        raise UserError(f"{where}: {key}: {shown(text)} is not YAML; write it as in config.yaml") from None


def configs_of(
    sheet: Path, rows: Iterable[Row], config: Mapping[str, Any], check: Callable[[dict[str, Any]], None]
) -> dict[str, dict[str, Any]]:
    """{run's name: its configuration}, each checked by `check`, whose UserError is raised with the run's name."""
    configs = {}
    for row in rows:
        try:
            configs[row.name] = row.over(config)
            _check_precision(row, configs[row.name]["engine"]["server"])
            check(configs[row.name])
        except UserError as error:
            raise UserError(f"{sheet}, run {row.name}: {error}") from None
    return configs


def _check_precision(row: Row, server: str | None) -> None:
    if (row.precision == SERVED) != (server is not None):
        cure = "set precision served" if server else "set engine.server, or precision float or quant"
        raise UserError(f"precision: is {row.precision}, and engine.server {server or 'null'}; {cure}")


# ---- sharing ---------------------------------------------------------------------------------------------


def decides(config: Mapping[str, Any], stage: str) -> dict[str, Any]:
    """The settings that decide a stage's artefacts: two runs that agree in them share one.

    Stages: model, cut, calibration, sensitivity, rollback, quant, cut_quant, ceval, perf, rates; ceval_quant,
    perf_quant, rates_quant; of a server tokenizer, ceval, perf, rates.
    """
    if config["engine"]["server"] and stage in ("ceval", "perf", "rates"):
        return decides_server(config, stage)
    quantize = config["quantize"] | {"calibration": str(Path(config["quantize"]["calibration"]))}
    adapter = model_adapter(config)
    model = {"source": asdict(model_source(config)), "adapter": adapter and str(adapter)}  # however they are spelled
    quant = model | {"quantize": _without_idle(quantize)}
    calibration = model | {key: quantize[key] for key in ("calibration", "device", "anti_outlier")}
    rounded = {key: quantize[key] for key in ("scheme", "act_method", "mm_tensor")}
    sensitivity = calibration | rounded | {"metric": quantize["auto"]["metric"]}
    ranks = {key: config["parallel"][key] for key in ("world_size", "nodes", "gres")}
    engine = {key: value for key, value in config["engine"].items() if key not in OF_SERVER}
    run = {"engine": engine | {"device": devices.resolve(engine["device"])}, "ranks": ranks}
    weights = {"": model, "_quant": quant}
    if stage.startswith("perf"):
        perf = run | {"perf": _of_cases(config)}
        return perf if config["perf"]["weights"] != "model" else perf | weights[stage.removeprefix("perf")]
    if stage.startswith("rates"):
        return run | {"rates": _of_rates(config)} | weights[stage.removeprefix("rates")]
    if stage.startswith("ceval"):
        return run | {"ceval": config["ceval"]} | weights[stage.removeprefix("ceval")]
    return {
        "model": model,
        "tokenizer": {"source": model["source"]},
        "cut": model | {"world_size": ranks["world_size"]},
        "calibration": calibration,
        "sensitivity": sensitivity,
        "rollback": sensitivity | {"auto": quantize["auto"]},
        "quant": quant,
        "cut_quant": quant | {"world_size": ranks["world_size"]},
    }[stage]


def decides_server(config: Mapping[str, Any], task: str) -> dict[str, Any]:
    """The settings that decide what a server answers, or its times: it has weights, device and dtype of its own."""
    server = {key: config["engine"][key] for key in SERVER_DECIDES}
    cases = {key: value for key, value in _of_cases(config).items() if key != "weights"}
    values = {"ceval": config["ceval"], "perf": cases, "rates": _of_rates(config)}
    return {"server": server, "tokenizer": asdict(model_source(config)), task: values[task]}


def _of_cases(config: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in config["perf"].items() if key not in NOT_OF_CASES}


def _of_rates(config: Mapping[str, Any]) -> dict[str, Any]:
    return {key: config["perf"][key] for key in OF_RATES}


def _without_idle(quantize: Mapping[str, Any]) -> dict[str, Any]:
    """The section without the keys that have no effect as configured."""
    idle = set() if quantize["rollback"] == "auto" else {"auto"}
    idle |= {"seed", "pr"} if quantize["engine"] == "streaming" else set()
    return {key: value for key, value in quantize.items() if key not in idle}


class Homes:
    """Where each stage's artefacts of each configuration are: the plain run's folder, or one that runs share."""

    def __init__(self, plain: Mapping[str, Any]):
        self.plain = plain
        self._of_plain = cache(partial(decides, plain))
        self._configs: dict[str, Mapping[str, Any]] = {}
        self._by_config: dict[int, tuple[Mapping[str, Any], dict[str, str]]] = {}  # rules call this for every file

    def __call__(self, config: Mapping[str, Any], stage: str) -> str:
        """The folder: results where config.yaml decides the same, else results/shared/<stage>-<digest>."""
        if config is self.plain:
            return PLAIN
        _, homes = self._by_config.setdefault(id(config), (config, {}))  # the reference keeps the id unique
        if stage not in homes:
            homes[stage] = self._find(config, stage)
        return homes[stage]

    def _find(self, config: Mapping[str, Any], stage: str) -> str:
        decisive = decides(config, stage)
        if decisive == self._of_plain(stage):
            return PLAIN
        digest = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:12]
        home = f"{SHARED}/{stage}-{digest}"
        self._configs.setdefault(home, config)
        return home

    def __contains__(self, home: str) -> bool:
        return home in self._configs

    def config(self, home: str) -> Mapping[str, Any]:
        """A configuration that decides what is in `home`. Raises UserError for a folder of no run."""
        if home not in self._configs:
            raise UserError(f"{home}: belongs to no run of the sheet now; ask for sweep, or delete the folder")
        return self._configs[home]


@dataclass(frozen=True)
class Runs:
    """The runs of a samplesheet by their names: rows, and configurations."""

    path: Path
    rows: dict[str, Row]
    configs: dict[str, dict[str, Any]]

    @classmethod
    def read(
        cls, path: Path, config: Mapping[str, Any], homes: Homes, check: Callable[[dict[str, Any]], None]
    ) -> Runs:
        """Merge each row into `config`, check it, and register its stages in `homes`. Raises UserError."""
        rows = {row.name: row for row in read_sheet(path, read_schema())}
        configs = configs_of(path, rows.values(), config, check)
        for row in rows.values():
            for stage in row.stages:
                homes(configs[row.name], stage)
        return cls(path, rows, configs)

    def config(self, name: str) -> dict[str, Any]:
        """A run's configuration. Raises UserError for a name that the sheet does not have."""
        if name not in self.configs:
            raise UserError(f"results/runs/{name}: no such run in {self.path}; add its row")
        return self.configs[name]
