"""config.yaml, checked before anything runs. Read while the workflow is parsed, so it imports nothing heavy."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from baichuan2 import devices
from baichuan2.ceval import exam
from baichuan2.configuration import paths
from baichuan2.configuration.schema import check_schema, read_schema, read_words
from baichuan2.errors import UserError, line_of, shown
from baichuan2.files import check_regular
from baichuan2.jobs import slurm
from baichuan2.model.sizes import KNOWN, ModelConfig, check_world_size, layers_within, named_shape
from baichuan2.model.source import HUBS, Source, check_adapter
from baichuan2.quantization.rollback import resolve_rollback

SUBJECTS = "resources/ceval_subjects.csv"
DEMO_MODEL = "resources/demo/model"
DEMO_MODEL_7B = "resources/demo/model-7b"
DEMO_EXAM = "resources/demo/exam"
DEMO_CALIBRATION = "resources/demo/calibration.jsonl"
DEMO = "demo"
DEMO_NAME = "baichuan2_demo"
CONFIG_FILE = "config/config.yaml"
HELD = "BAICHUAN2_CONFIG"  # in a job's environment: a digest of the configuration that it was submitted with


def checked(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call `function` while the workflow is parsed; a mistake of the user's ends snakemake with its one line."""
    try:
        return function(*arguments)
    except Exception as error:
        line = line_of(error)
        if line is None:
            raise
        raise SystemExit(f"error: {line}") from None


def prepared(config: Mapping[str, Any], words: Mapping[str, Any], submits: bool) -> dict[str, Any]:
    """A copy of config.yaml, as Snakemake has it, checked; and the environment set that its jobs inherit.

    words: what the command line's --config gave of it, see `read_words`. submits: whether this is the snakemake that
    a user started, not one of its jobs. Raises UserError for the first mistake.
    """
    schema, values = read_schema(), copy.deepcopy(dict(config))
    read_words(values, words, schema)
    check_settings(values, schema)
    apply_environment(values)
    paths.resolve(values, schema)
    hold(values, submits)
    check_files(values)
    os.environ[paths.SCRIPTS] = str(paths.CHECKOUT / "workflow" / "scripts")
    put_interpreter_first()
    set_device_environment(values)
    if submits:
        warn(*demo_warning(values), *calibration_warning(values))
    return values


def config_file(submits: bool) -> str:
    """The working directory's config.yaml, or where it has none, the workflow's own, with a line that says so."""
    path = paths.resolved(CONFIG_FILE, "configfile")
    if submits and path != CONFIG_FILE:
        warn(f"{CONFIG_FILE}: is not in {Path.cwd()}, so {path} is taken; copy it here to have your own")
    return path


def warn(*lines: str) -> None:
    """Print warnings on stderr, a line each."""
    for line in lines:
        print(f"warning: {line}", file=sys.stderr)


def check_place(folder: Path) -> None:
    """Raise UserError for a working directory in which Snakemake fails: its lock's path is a pattern to it."""
    if "{" in str(folder):
        raise UserError(
            f"{folder}: Snakemake takes braces for wildcards in a working directory; rename it, or take another"
        )


def check_command_line(arguments: Sequence[str]) -> None:
    """Raise UserError for what Snakemake would do otherwise than the one who typed it means."""
    options = [argument.partition("=")[0] for argument in arguments]
    if sum(option in ("--configfile", "--configfiles") for option in options) > 1:
        raise UserError("--configfile: is there twice, and Snakemake takes the last alone; give all files after one")
    if "--archive" in options:
        raise UserError(
            "--archive: Snakemake packs conda's packages alone, and here pip installs nearly all; take git archive, "
            "and copy results/ and .snakemake/metadata beside it"
        )
    if "--containerize" in options:
        raise UserError(
            "--containerize: Snakemake takes no environment that depends on a run's engine.device; run with --sdm "
            "conda, or install envs/requirements.txt in an image of your own"
        )


def check_prefix(replace: Callable[[str], str]) -> None:
    """Raise UserError where the `module` of another workflow moves files, by Snakemake's function that does so."""
    if any(replace(f"{name}/x") != f"{name}/x" for name in ("results", *paths.FOLDERS)):
        raise UserError(
            "module: prefix and replace_prefix cannot move results/; leave them out, and run in another folder by "
            "--directory"
        )


def check_settings(config: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Raise UserError, in one line, for the first setting that the schema, or another setting, does not allow."""
    check_schema(config, schema)
    ranks, nodes = config["parallel"]["world_size"], config["parallel"]["nodes"]
    if ranks % nodes:
        raise UserError(f"parallel.nodes: {nodes} does not divide parallel.world_size {ranks}; change one")
    _check_quantize(config["quantize"])
    exam.check_split(config["ceval"]["split"])
    if config["perf"]["min_len_exp"] > config["perf"]["max_len_exp"]:
        raise UserError("perf.min_len_exp: is above perf.max_len_exp; lower it")
    if config["perf"]["weights"] != "model":
        named_shape(config["perf"]["weights"])
    if config["engine"]["server"]:
        _check_server(config, nodes)
    if config["perf"]["rate"]:
        _check_rates(config, nodes)


def _check_server(config: Mapping[str, Any], nodes: int) -> None:
    """Raise UserError for what only this workflow's own engine has."""
    if config["ceval"]["exact"] is True:
        raise UserError("ceval.exact: true needs this workflow's own engine; set auto, or engine.server: null")
    if config["perf"]["profile"]:
        raise UserError("perf.profile: true traces this workflow's own engine; set false, or engine.server: null")
    if nodes > 1:
        raise UserError(f"parallel.nodes: is {nodes}, but what asks engine.server is on one host; set 1")


def _check_rates(config: Mapping[str, Any], nodes: int) -> None:
    """Raise UserError for a rate that stands twice, and for what the job's own server cannot serve."""
    rates = config["perf"]["rate"]
    if len(set(rates)) != len(rates):
        raise UserError("perf.rate: a rate stands twice; remove one")
    if config["engine"]["server"]:
        return
    if config["perf"]["weights"] != "model":
        raise UserError(
            "perf.rate: a server reads text, and random weights have no tokenizer; set perf.weights model"
        )
    if nodes > 1:
        raise UserError(f"perf.rate: parallel.nodes is {nodes}, but the job's own server is on one host; set 1")


def refuse_server(config: Mapping[str, Any], step: str) -> None:
    """Raise UserError where a server is set, of which a step cannot be made."""
    if config["engine"]["server"]:
        raise UserError(f"engine.server: {step} looks into this workflow's own engine; set null")


def refuse_quant_of_server(config: Mapping[str, Any]) -> None:
    """Raise UserError where W8A8 results are wanted of a server: it has one model, whichever that is."""
    if config["engine"]["server"]:
        raise UserError(
            "engine.server: a server has one model, so of it there are inference, ceval and perf, and no *_quant; "
            "set null, or give a W8A8 server a row of its own in sweep.runs, with precision served"
        )


def _check_quantize(quantize: Mapping[str, Any]) -> None:
    """Raise UserError where a setting is of the other quantize.engine."""
    engine, method = quantize["engine"], quantize["anti_outlier"]
    if engine == "modelslim" and method == "smooth":
        raise UserError("quantize.anti_outlier: smooth is of quantize.engine streaming; modelslim has m1 to m6")
    if engine == "modelslim" and quantize["scheme"] == "dynamic":
        raise UserError("quantize.scheme: dynamic is of quantize.engine streaming; set that, or static")
    if engine == "modelslim" and method and quantize["rollback"] == "auto":
        raise UserError(f"quantize.rollback: auto does not see ModelSlim's anti_outlier {method}; give a list")
    if engine == "streaming" and method not in (None, "smooth"):
        raise UserError(f"quantize.anti_outlier: {method} is ModelSlim's; set quantize.engine: modelslim, or smooth")
    if engine == "streaming" and quantize["pr"] != 1:
        raise UserError("quantize.pr: only ModelSlim quantizes at random; set 1.0, or quantize.engine: modelslim")


def apply_environment(config: dict[str, Any]) -> None:
    """Let MAX_SEQ_LEN, the guide's variable, override engine.max_seq_len. Raises UserError for no number."""
    text = os.environ.get("MAX_SEQ_LEN")
    if text:
        if not text.isdecimal() or int(text) < 2:
            raise UserError(f"MAX_SEQ_LEN: {shown(text)} is not a number of tokens; set one, or unset it")
        config["engine"]["max_seq_len"] = int(text)


def check_cluster(config: Mapping[str, Any], executor: str) -> None:
    """Raise UserError where jobs run on other hosts, by an `executor` that is absent or with a device of auto."""
    if config["engine"]["device"] == "auto" and not config["engine"]["server"]:
        raise UserError("engine.device: auto looks at this host, but jobs go to others; set cpu, cuda or npu")
    if executor == "slurm" and not shutil.which("sbatch"):
        raise UserError("sbatch: not on the PATH; run on a host of the Slurm cluster, or without profiles/slurm")


def check_slurm(status_command: str) -> None:
    """Raise UserError where snakemake would wait forever for its jobs, or jobs of an earlier one are still there."""
    if status_command == "squeue":
        slurm.check_min_job_age(slurm.query("scontrol", "show", "config"))
    alive = ("--user", str(os.getuid()), "--states", "PENDING,CONFIGURING,RUNNING,SUSPENDED")
    slurm.check_left_jobs(slurm.query("squeue", *alive, "--noheader", "--format", "%i|%k|%Z"), Path.cwd())


def check_forced(targets: Collection[str]) -> None:
    """Raise UserError where --forcerun names one of `targets`: they have no work of their own to rerun."""
    for name in targets:
        raise UserError(f"--forcerun: {name} only names results; give the rule that makes them: snakemake -nF {name}")


def hold(config: Mapping[str, Any], submits: bool) -> None:
    """Pass a digest of `config` to the jobs in an environment variable; in a job, compare `config` with it.

    A job that waited in a queue reads config.yaml again, yet its results count as those of the submitted one. Raises
    UserError where the two differ.
    """
    digest = hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()
    if submits:
        os.environ[HELD] = digest
    elif os.environ.get(HELD, digest) != digest:
        raise UserError("config.yaml: was changed after this job was submitted; run snakemake again")


def set_device_environment(config: Mapping[str, Any]) -> None:
    """Set the devices' environment variables (devices.ENVIRONMENT) for the steps, unless they are set already."""
    for device in {devices.resolve(config[section]["device"]) for section in ("engine", "quantize")}:
        for variable, value in devices.ENVIRONMENT.get(device, {}).items():
            os.environ.setdefault(variable, value)


def put_interpreter_first() -> None:
    """Make `python` in the steps the one that runs snakemake, unless a conda environment takes precedence."""
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))


def model_source(config: Mapping[str, Any]) -> Source:
    """The parsed model.source, demo resolved."""
    text = config["model"]["source"]
    return Source.parse(paths.own(DEMO_MODEL) if text == DEMO else text)


def demo_of(name: str) -> str:
    """The folder of the demo model that one of sizes.KNOWN computes."""
    return paths.own(DEMO_MODEL if KNOWN[name].is_alibi else DEMO_MODEL_7B)


def demo_run(config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of the demo's own run that one with a model.source of sizes.KNOWN is held against.

    It runs on the CPU, in the same dtype: in 16 bits int8 codes round otherwise, by several tenths of a logit. The
    roll-back list names the layers in which the demo has its own. Raises UserError for another model.source, and for
    a list that is left to auto.
    """
    name, quantize = config["model"]["source"], config["quantize"]
    if name not in KNOWN:
        raise UserError(
            f"rehearsal: model.source is {shown(name)}, of which no answer is known; set --configfile "
            "config/rehearsal-13b.yaml, or -7b"
        )
    if quantize["rollback"] == "auto":
        raise UserError("rehearsal: quantize.rollback is auto; give a list, so that the demo's can be the same")
    small = read_sizes(Path(demo_of(name)))
    dtype = KNOWN[name].dtype if config["engine"]["dtype"] == "auto" else config["engine"]["dtype"]
    layers = layers_within(small.num_hidden_layers, KNOWN[name].num_hidden_layers)
    return dict(config) | {
        "model": config["model"] | {"source": demo_of(name)},
        "engine": config["engine"] | {"device": "cpu", "dtype": dtype, "head": "float"},
        "parallel": config["parallel"] | {"world_size": 1, "nodes": 1},
        "quantize": quantize
        | {key: [*_within(quantize[key], layers)] for key in ("rollback", "disable_names")}
        | {"device": "cpu"},
    }


def _within(rollback: Iterable[int | str], layers: Mapping[int, int]) -> Iterator[int | str]:
    """A large model's roll-back list as the small one's in it: entries of other layers hold none of it."""
    for entry in rollback:
        match = re.fullmatch(r"(model\.layers\.)?(\d+)(\..+)?", str(entry))
        if match is None:  # a glob over all layers
            yield entry
        elif (layer := layers.get(int(match[2]))) is not None:
            yield layer if isinstance(entry, int) else f"{match[1] or ''}{layer}{match[3] or ''}"


def model_adapter(config: Mapping[str, Any]) -> Path | None:
    """model.adapter, the folder of a LoRA adapter, or None."""
    text = config["model"]["adapter"]
    return None if text is None else Path(text)


def exam_source(config: Mapping[str, Any]) -> str:
    """ceval.source, demo resolved."""
    source = config["ceval"]["source"]
    return paths.own(DEMO_EXAM) if source == DEMO else source


def has_demo_exam(config: Mapping[str, Any]) -> bool:
    """Whether ceval.source is the demo's exam, by whichever name."""
    return paths.is_own(exam_source(config), DEMO_EXAM)


def check_files(config: Mapping[str, Any]) -> None:
    """Raise UserError for files that are absent, and for settings that a local model cannot take."""
    check_inputs(config, Path(paths.own(SUBJECTS)))
    source = model_source(config)
    if adapter := model_adapter(config):
        check_adapter(adapter)
    if source.hub not in HUBS:
        check_against_model(config, KNOWN.get(source.name) or read_sizes(source.directory()))
    if not source.hub and config["inference"]["sampling"] == "published":
        check_regular(source.directory() / "generation_config.json", "set inference.sampling: greedy")


def check_inputs(config: Mapping[str, Any], subjects: Path) -> None:
    """Raise UserError where the exam, its subjects (a csv), the prompts or the calibration file is missing."""
    ceval = config["ceval"]
    known = _check_exam(exam_source(config), ceval["shots"] > 0, subjects)
    exam.select_subjects(known, None if ceval["subjects"] == "all" else ceval["subjects"])
    files = {
        f"{task}.{key}": config[task][key] for task, key in (("quantize", "calibration"), ("inference", "prompts"))
    }
    for key, file in files.items():
        if isinstance(file, str) and check_regular(file, f"correct {key}") == 0:
            raise UserError(f"{file}: empty; put a prompt on each line, or correct {key}")


# Read once for all runs of a sweep, which mostly have one exam and one model.
_read_subjects = cache(exam.read_subjects)


@cache
def _check_exam(source: str, dev: bool, subjects: Path) -> list[exam.Subject]:
    """The subjects of an exam, which is checked where it is here."""
    known = _read_subjects(subjects)
    if Source.parse(source, "ceval.source").hub:
        return known
    exam.check_source(Path(source), dev)
    return exam.subjects_of(Path(source), known)


@cache
def read_sizes(directory: Path) -> ModelConfig:
    """The sizes of a local model."""
    return ModelConfig.read(directory)


def is_demo(config: Mapping[str, Any], task: str) -> bool:
    """Whether a task's results are the demo's: its weights are, or (C-Eval) its exam is."""
    source = model_source(config).name
    small = paths.is_own(source, DEMO_MODEL, DEMO_MODEL_7B)
    if task == "perf":  # a larger model that computes the demo's function is as fast as any of its size
        return small and config["perf"]["weights"] == "model"
    return small or source in KNOWN or (task == "ceval" and has_demo_exam(config))


def demo_warning(config: Mapping[str, Any]) -> list[str]:
    """A line where model.source is demo, but other keys are those of a real model; none with random weights."""
    if config["model"]["source"] != DEMO or config["perf"]["weights"] != "model":
        return []
    keys = {"model.name": config["model"]["name"], "ceval.source": config["ceval"]["source"]}
    keys |= {f"compare.{side}": config["compare"][side] for side in ("of", "to")}
    usual = {DEMO_NAME, DEMO, "float", "quant"}
    real = [f"{key} {text}" for key, text in keys.items() if text not in usual and not os.path.exists(text)]
    return [f"model.source: is demo, beside {', '.join(real)}: results are the demo's; set it"] if real else []


def calibration_warning(config: Mapping[str, Any]) -> list[str]:
    """A line where the demo's prompts would calibrate a model that is not the demo's."""
    if (
        is_demo(config, "quantize")
        or config["engine"]["server"] is not None
        or not paths.is_own(config["quantize"]["calibration"], DEMO_CALIBRATION)
    ):
        return []
    return [
        f"quantize.calibration: is the demo's, beside model.source {config['model']['source']}: W8A8 needs prompts "
        "like the model's, such as resources/calibration/guide-50.jsonl, and quantize.rollback a list of its own"
    ]


def rollback_list(config: Mapping[str, Any]) -> list[int | str]:
    """quantize.rollback where it is a list; none with auto."""
    return [] if config["quantize"]["rollback"] == "auto" else config["quantize"]["rollback"]


def check_against_model(config: Mapping[str, Any], model: ModelConfig) -> None:
    """Raise UserError for settings that this model cannot take: world_size, rollback, max_seq_len."""
    check_world_size(model, config["parallel"]["world_size"])
    resolve_rollback(rollback_list(config), model)
    resolve_rollback(config["quantize"]["disable_names"], model, "quantize.disable_names")
    answer = config["inference"]["max_new_tokens"]
    if answer >= config["engine"]["max_seq_len"]:
        raise UserError(
            f"inference.max_new_tokens: {answer} leaves no room for a prompt in engine.max_seq_len "
            f"{config['engine']['max_seq_len']}; lower it"
        )
