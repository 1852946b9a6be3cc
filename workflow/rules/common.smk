# Helpers of all rules: what a step's code is, how it is launched, which environment it runs in.
import json
import shlex
from pathlib import Path

import yaml

from baichuan2 import devices, resources, settings
from baichuan2.closure import code_of
from baichuan2.config import ModelConfig
from baichuan2.source import LINKED, fingerprints, small_files


def code(script):
    """A step's script and all our modules behind it: its inputs, so that editing one is a change."""
    return [
        str(file.relative_to(Path(workflow.basedir).resolve()))
        for file in code_of(script)
    ]


def launch():
    """How a script starts: plainly, or under torchrun with one process a rank."""
    if WORLD_SIZE == 1:
        return "python"
    return f"torchrun --standalone --nnodes 1 --nproc-per-node {WORLD_SIZE} --no-python python"


def environment(family=None):
    """The conda file of a family of steps; without one, that of the device that runs the model."""
    family = family or devices.resolve(config["engine"]["device"])
    return str(Path(workflow.basedir) / "envs" / f"{family}.yaml")


def resources_of(device, ranks=1, nodes=1):
    """What a job on a device asks of the scheduler; on_cards gives it cards where they are limited (profiles/host).

    Never as params: where a job ran is no reason to run it again.
    """
    asked = resources.of_job(device, ranks, nodes, config["parallel"]["gres"])
    limit = workflow.global_resources.get("cards").value
    if limit is None or not asked["cards"]:
        return asked | {"on_cards": ""}
    checked(resources.check_cards, asked["cards"], nodes, limit)
    script = code("on_cards.py")[0]
    on_cards = f"python {script} --device {device} --cards {asked['cards']} --"
    return asked | {"on_cards": on_cards}


def engine_options():
    """How a model is run, as options that run_inference, score_ceval and measure_perf share."""
    engine = config["engine"]
    return (
        f"--device {engine['device']} --dtype {engine['dtype']}"
        f" --max-seq-len {engine['max_seq_len']} --head {engine['head']}"
        f" --graph {engine['graph']}"
    )


def labels(task):
    """What a task's tables call the run, as options that all tabulate_*.py share."""
    demo = " --demo" if settings.is_demo(config, task) else ""
    return f"--name {config['model']['name']}{demo}"


def optional(option, value):
    """The option with its value, or nothing where there is none."""
    return "" if value is None else f"{option} {shlex.quote(str(value))}"


def as_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# What the report calls quantized results.
W8A8 = "W8A8 dynamic" if config["quantize"]["scheme"] == "dynamic" else "W8A8"
SUBJECTS = "resources/ceval_subjects.csv"
schema = yaml.safe_load(
    (Path(workflow.basedir) / "config" / "config.schema.yaml").read_text(
        encoding="utf-8"
    )
)
checked(settings.check_settings, config, schema)
checked(settings.apply_environment, config)
checked(settings.check_inputs, config, Path(SUBJECTS))
WORLD_SIZE = config["parallel"]["world_size"]
# What jobs ask of the scheduler: those that run the model, those that calibrate, and those that need no card.
RUNS = resources_of(
    devices.resolve(config["engine"]["device"]), WORLD_SIZE, config["parallel"]["nodes"]
)
CALIBRATES = resources_of(config["quantize"]["device"])
NO_CARD = resources_of("cpu")
settings.put_interpreter_first()
settings.set_device_environment(config)


wildcard_constraints:
    quant="|_quant",


def source_files(wanted):
    """The small files of the source, of these names; of a hub's, what was downloaded as a whole."""
    if SOURCE.hub:
        return [LISTING]
    return [str(path) for path in checked(small_files, SOURCE_DIR) if wanted(path.name)]


def weights(wildcards):
    """What a task runs: the model, or with _quant its W8A8 artefact; the ranks' parts where it is cut."""
    if wildcards.quant:
        return [*MODEL, "results/quant/manifest.json", *parts("results/quant")]
    return [*MODEL, *parts("results/model")]


def parts(directory):
    """The manifests of all ranks' parts of a model; nothing where it is not cut."""
    if WORLD_SIZE == 1:
        return []
    return [
        f"{directory}/part_model/{rank}/manifest.json" for rank in range(WORLD_SIZE)
    ]


def tables(target, names):
    """A table job's outputs: the directory that people name, and its files, so that a deleted one is missed."""
    files = {Path(name).name.replace(".", "_"): f"{target}/{name}" for name in names}
    return {"directory": directory(target), **files}


def in_report(path, category, label, caption):
    """A file that the report shows: under which category, as what, with which of workflow/report's captions."""
    return report(
        path,
        caption=f"../report/{caption}",
        category=category,
        labels={"result": label},
    )


def files_of(exam):
    """An exam's files, so that an edited row is a change: a zip, or every csv of a folder."""
    return sorted(map(str, Path(exam).glob("*/*.csv"))) if Path(exam).is_dir() else exam


def quant_option(wildcards):
    return "--quant results/quant" if wildcards.quant else ""
