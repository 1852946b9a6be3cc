# Helpers of all rules: what a step's code is, how it is launched, which environment it runs in.
import json
import shlex
from pathlib import Path

import yaml

from baichuan2 import devices, settings
from baichuan2.closure import code_of
from baichuan2.config import ModelConfig
from baichuan2.source import LINKED, fingerprints, small_files


def code(script):
    """A step's script and all our modules behind it: its inputs, so that editing one is a change."""
    return [
        str(file.relative_to(Path(workflow.basedir).resolve()))
        for file in code_of(script)
    ]


def launched(script):
    """The code of a step that runs on all ranks: of the launcher, too, where there are several."""
    launcher = code("launch.py") if WORLD_SIZE > 1 else []
    return list(dict.fromkeys([*code(script), *launcher]))


def launch():
    """How such a step starts: plainly, or by the launcher with one process a rank."""
    if WORLD_SIZE == 1:
        return "python"
    nodes = f" --nodes {NODES}" if NODES > 1 else ""
    return f"python workflow/scripts/launch.py --world-size {WORLD_SIZE}{nodes} --"


def environment(family=None):
    """The conda file of a family of steps; without one, that of the device that runs the model."""
    family = family or devices.resolve(config["engine"]["device"])
    return str(Path(workflow.basedir) / "envs" / f"{family}.yaml")


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
NODES = config["parallel"]["nodes"]
settings.put_interpreter_first()
settings.set_device_environment(config)
settings.set_launch_environment(config)


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
