# Helpers of all rules: what a step's code is, how it is launched, which environment it runs in.
import json
import os
import shlex
import sys
from pathlib import Path

import yaml

from baichuan2 import devices, settings
from baichuan2.closure import code_of
from baichuan2.config import ModelConfig
from baichuan2.errors import UserError
from baichuan2.source import fingerprints, small_files


def code(script):
    """A step's script and all our modules behind it: its inputs, so that editing one is a change."""
    return [
        str(file.relative_to(Path(workflow.basedir).resolve()))
        for file in code_of(script)
    ]


def launch(world_size=None):
    """How a script starts: plainly, or under torchrun with one process a rank."""
    ranks = config["parallel"]["world_size"] if world_size is None else world_size
    if ranks == 1:
        return "python"
    return (
        f"torchrun --standalone --nnodes 1 --nproc-per-node {ranks} --no-python python"
    )


def environment(family=None):
    """The conda file of a family of steps; without one, that of the device that runs the model."""
    device = config["engine"]["device"]
    family = family or (devices.detect() if device == "auto" else device)
    return str(Path(workflow.basedir) / "envs" / f"{family}.yaml")


def engine_options(task):
    """How a model is run, as options that run_inference, score_ceval and measure_perf share."""
    engine, name = config["engine"], config["model"]["name"]
    options = f"--name {name} --device {engine['device']} --dtype {engine['dtype']}"
    options += f" --max-seq-len {engine['max_seq_len']}"
    return options + (" --demo" if settings.is_demo(config, task) else "")


def optional(option, value):
    """The option with its value, or nothing where there is none."""
    return "" if value is None else f"{option} {shlex.quote(str(value))}"


def as_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def checked(function, *arguments):
    """Call `function`; a mistake of the user's ends snakemake with its one line."""
    try:
        return function(*arguments)
    except UserError as error:
        raise SystemExit(f"error: {error}") from None


schema = yaml.safe_load(
    (Path(workflow.basedir) / "config" / "config.schema.yaml").read_text(
        encoding="utf-8"
    )
)
checked(settings.check_settings, config, schema)
checked(settings.apply_environment, config)
# steps run as `python ...`: the one that runs snakemake, unless a conda environment goes before it
os.environ["PATH"] = os.pathsep.join(
    (str(Path(sys.executable).parent), os.environ["PATH"])
)


wildcard_constraints:
    quant="|_quant",


def weights(wildcards):
    """What a task runs: the model, or with _quant its W8A8 artefact; the ranks' parts where it is cut."""
    if wildcards.quant:
        return [*MODEL, "results/quant/manifest.json", *parts("results/quant")]
    return [*MODEL, *parts("results/model")]


def quant_option(wildcards):
    return "--quant results/quant" if wildcards.quant else ""
