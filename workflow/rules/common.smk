# Helpers of all rules: where a stage's artefacts are, what a job's code, environment, options and resources are.
#
# A home is the folder of a stage's artefacts: `results` for config.yaml's own, `results/shared/<stage>-<digest>` for
# what runs of a sweep share. One rule serves all homes: its inputs are a function of the configuration behind a home.
import json
import shlex
from functools import cache
from pathlib import Path

from baichuan2 import devices
from baichuan2.configuration import paths, settings
from baichuan2.configuration.paths import listed, unlisted
from baichuan2.configuration.settings import checked
from baichuan2.configuration.sweep import OF_SERVER, PLAIN, SERVER_DECIDES, Homes
from baichuan2.jobs import resources
from baichuan2.jobs.code import version_of as code
from baichuan2.text.words import say, spoken

LANGUAGE = config["report"]["language"]
# The report's name for quantized results.
W8A8 = "W8A8 dynamic" if config["quantize"]["scheme"] == "dynamic" else "W8A8"
# Its name for the others: what a server computes in is its own.
FLOAT = "float" if config["engine"]["server"] is None else "as served"
homes = Homes(config)
SUBJECTS = paths.own(settings.SUBJECTS)


wildcard_constraints:
    home=r"results|results/shared/[^/]+",
    quant="|_quant",
    run="[^/]+",
    slug="[^/]+",
    whole="model|quant",


def config_of(home):
    """A configuration that decides what is in a home."""
    if home == PLAIN:
        return config
    if home not in homes:
        runs()
    return checked(homes.config, home)


def of_home(function):
    """Make an input, parameter or environment function of wildcards from a function of the home's configuration."""
    return lambda wildcards: function(config_of(wildcards.home))


def all_of_home(function):
    """Make all resources of a rule from `function`: configuration -> {name: value}."""
    of = cache(lambda home: function(config_of(home)))
    return {name: lambda wildcards, name=name: of(wildcards.home)[name] for name in of(PLAIN)}


def named(**values):
    """Parameters, and one more that has all of them by name.

    Snakemake compares the set of a rule's values: it would not see two of them change places.
    """
    return values | {"by_name": as_json(list(values.items()))}


def params_of_home(function):
    """As all_of_home, for parameters."""
    return all_of_home(lambda config: named(**function(config)))


def literal(value):
    """A parameter as it is: what is in braces in a user's text is no wildcard."""
    return lambda wildcards: value


def served(config):
    """Whether a server answers, instead of this workflow's engine."""
    return config["engine"]["server"] is not None


def launched(config, script):
    """The code version of a step that runs on all ranks, with the launcher where there are several."""
    return code(script, *["launch.py"] * (launch(config) != "python"))


def launch(config):
    """The command prefix of such a step: python, or the launcher, which starts one process per rank."""
    ranks, nodes = config["parallel"]["world_size"], config["parallel"]["nodes"]
    if ranks == 1 or served(config):
        return "python"
    on_nodes = f" --nodes {nodes}" if nodes > 1 else ""
    return f'python "$BAICHUAN2_SCRIPTS/launch.py" --world-size {ranks}{on_nodes} --'


def environment(family):
    """The conda file of a family of steps, in which Snakemake takes {{ for a brace."""
    return str(paths.CHECKOUT / "envs" / f"{family}.yaml").replace("{", "{{").replace("}", "}}")


def run_environment(config):
    """The conda file of a job that runs the model, or asks a server."""
    return environment("cpu" if served(config) else devices.resolve(config["engine"]["device"]))


def calibrate_environment(config):
    """The conda file of a job that calibrates, or measures what int8 costs."""
    return environment(config["quantize"]["device"])


def resources_of(config, section, ranks=1, nodes=1):
    """The resources of a job on a section's device; on_cards gives it cards where they are limited.

    They are never params: where a job ran is no reason to rerun it. Raises UserError for more cards than there are.
    """
    limit = workflow.global_resources.get("cards").value
    return resources.of_step(config, section, ranks, nodes, limit, workflow.is_main_process)


# The resources of a heavy job that needs no card.
NO_CARD = resources.of_job("cpu")


def run_resources(config):
    """The resources of a job that runs the model, or asks a server, and how patiently: that reruns nothing."""
    if served(config):
        patience = ",".join(f"{key}={config['engine'][key]}" for key in OF_SERVER if key not in SERVER_DECIDES)
        return NO_CARD | {"on_cards": "", "patience": f",{patience}"}
    ranks, nodes = config["parallel"]["world_size"], config["parallel"]["nodes"]
    return resources_of(config, "engine", ranks, nodes) | {"patience": ""}


def calibrate_resources(config):
    """The resources of a job that calibrates, or measures what int8 costs."""
    return resources_of(config, "quantize")


def options(name, values):
    """A section of config.yaml as one option of a step: --name key=value,..."""
    pairs = (f"{key}={value if isinstance(value, str) else as_json(value)}" for key, value in values.items())
    return f"--{name} {shlex.quote(','.join(pairs))}"


def engine_options(config):
    """The section engine as an option of a step that runs the model, or asks a server."""
    if served(config):
        return options("engine", {name: config["engine"][name] for name in SERVER_DECIDES})
    return own_engine_options(config)


def own_engine_options(config):
    """The same of this workflow's own engine."""
    return options("engine", {name: value for name, value in config["engine"].items() if name not in OF_SERVER})


def as_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def labels(config, task):
    """The name of the run in a task's tables, as the options that all tabulate_*.py share."""
    demo = " --demo" if settings.is_demo(config, task) else ""
    return f"--name {config['model']['name']} --language {LANGUAGE}{demo}"


def tables(target, names):
    """A table job's outputs: the directory, which is the target, and its files, so that a deleted one is remade."""
    files = {Path(name).name.replace(".", "_"): f"{target}/{name}" for name in names}
    return {"directory": directory(target), **files}


def in_report(path, category, label, caption):
    """A file that the report shows under `category` and `label`, with one of workflow/report's captions."""
    with spoken(LANGUAGE):
        labels = {say("result"): say(label)}
        return report(path, f"../report/{LANGUAGE}/{caption}", category=say(category), labels=labels)
