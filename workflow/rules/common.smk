# Helpers of all rules: what a step's code is, how it is launched, which environment it runs in.
import json
import shlex
from functools import cache
from pathlib import Path

import yaml

from baichuan2 import devices

from baichuan2.jobs import resources

from baichuan2.configuration import settings
from baichuan2.jobs.code import code_of
from baichuan2.model.sizes import ModelConfig
from baichuan2.errors import UserError
from baichuan2.model.source import LINKED, fingerprints, small_files
from baichuan2.configuration.sweep import Homes, configs_of, read_sheet


@cache
def code(script):
    """A step's script and all our modules behind it: its inputs, so that editing one is a change."""
    return [
        str(file.relative_to(Path(workflow.basedir).resolve()))
        for file in code_of(script)
    ]


def launched(config, script):
    """The code of a step that runs on all ranks: of the launcher, too, where there are several."""
    launcher = code("launch.py") if config["parallel"]["world_size"] > 1 else []
    return list(dict.fromkeys([*code(script), *launcher]))


def launch(config):
    """How such a step starts: plainly, or by the launcher with one process a rank."""
    ranks, nodes = config["parallel"]["world_size"], config["parallel"]["nodes"]
    if ranks == 1:
        return "python"
    on_nodes = f" --nodes {nodes}" if nodes > 1 else ""
    return f"python workflow/scripts/launch.py --world-size {ranks}{on_nodes} --"


def environment(family):
    """The conda file of a family of steps."""
    return str(Path(workflow.basedir) / "envs" / f"{family}.yaml")


def device_of(config):
    """What runs the model."""
    return devices.resolve(config["engine"]["device"])


def run_environment(config):
    """Of a job that runs the model."""
    return environment(device_of(config))


def calibrate_environment(config):
    """Of a job that calibrates, or measures what int8 costs."""
    return environment(config["quantize"]["device"])


def resources_of(config, device, ranks=1, nodes=1):
    """What a job on a device asks of the scheduler; on_cards gives it cards where they are limited (profiles/host).

    Never as params: where a job ran is no reason to run it again. Raises UserError where these are too many cards.
    """
    gres = config["parallel"]["gres"] if device == device_of(config) else "auto"
    asked = resources.of_job(device, ranks, nodes, gres)
    limit = workflow.global_resources.get("cards").value
    on_cards = ""
    if asked["cards"] and limit is not None:
        resources.check_cards(asked["cards"], nodes, limit)
        on_cards = f"--device {device} --cards {asked['cards']}"
    elif asked["cards"] and device == "npu" and not workflow.is_main_process:
        on_cards = f"--device npu --slurm {asked['gres'].partition(':')[0]}"
    if on_cards:
        on_cards = f"python {code('on_cards.py')[0]} {on_cards} --"
    return asked | {"on_cards": on_cards}


def run_resources(config):
    """Of a job that runs the model."""
    ranks, nodes = config["parallel"]["world_size"], config["parallel"]["nodes"]
    return resources_of(config, device_of(config), ranks, nodes)


def calibrate_resources(config):
    """Of a job that calibrates, or measures what int8 costs."""
    return resources_of(config, config["quantize"]["device"])


def engine_options(config):
    """How a model is run, as options that run_inference, score_ceval and measure_perf share."""
    engine = config["engine"]
    return (
        f"--device {engine['device']} --dtype {engine['dtype']}"
        f" --max-seq-len {engine['max_seq_len']} --head {engine['head']}"
        f" --graph {engine['graph']}"
    )


def labels(config, task):
    """What a task's tables call the run, as options that all tabulate_*.py share."""
    demo = " --demo" if settings.is_demo(config, task) else ""
    return f"--name {config['model']['name']}{demo}"


def optional(option, value):
    """The option with its value, or nothing where there is none."""
    return "" if value is None else f"{option} {shlex.quote(str(value))}"


def as_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def model_files(home):
    """What our steps read of a model; what patch_config adds is for transformers."""
    return [f"{home}/model/manifest.json", f"{home}/model/tokenizer.model"]


def parts(config, stage):
    """The manifests of the ranks' parts, of stage cut or cut_quant: of all ranks of the plain run, which may miss one."""
    ranks = config["parallel"]["world_size"]
    if ranks == 1:
        return []
    named = ranks if config is homes.plain else 1
    return [
        f"{parts_folder(config, stage)}/{rank}/manifest.json" for rank in range(named)
    ]


def parts_folder(config, stage):
    whole = "quant" if stage == "cut_quant" else "model"
    return f"{homes(config, stage)}/{whole}/part_model"


def weights_of(config, quant):
    """What a task runs: the model, or with _quant its W8A8 artefact; the ranks' parts where it is cut."""
    model = model_files(homes(config, "model"))
    if quant:
        quantized = f"{homes(config, 'quant')}/quant/manifest.json"
        return [*model, quantized, *parts(config, "cut_quant")]
    return [*model, *parts(config, "cut")]


def weights_options(config, quant):
    """The same as options that run_inference, score_ceval and measure_perf share."""
    options = f"--model {homes(config, 'model')}/model"
    if quant:
        options += f" --quant {homes(config, 'quant')}/quant"
    if config["parallel"]["world_size"] > 1:
        options += f" --parts {parts_folder(config, f'cut{quant}')}"
    return options


def weights(wildcards):
    return weights_of(config, wildcards.quant)


def of_plain(params):
    """All parameters of a rule, from `params`: configuration -> parameters."""
    return {
        key: lambda wildcards, key=key: params(config)[key] for key in params(config)
    }


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
checked(settings.hold, config, workflow.is_main_process)
checked(settings.check_inputs, config, Path(SUBJECTS))
homes = Homes(config)
WORLD_SIZE = config["parallel"]["world_size"]
# Refused here, in one line; the rules below take them as they are.
for of_jobs in (run_resources, calibrate_resources):
    checked(of_jobs, config)
# Of a heavy job that needs no card.
NO_CARD = resources_of(config, "cpu")
settings.put_interpreter_first()
settings.set_device_environment(config)


wildcard_constraints:
    quant="|_quant",
    share=r"\d+",
    home="results/shared/[^/]+",
    run="[^/]+",


def listing_of(source):
    """What says that a hub's model was downloaded as a whole."""
    return f"results/download/{source.slug}.json"


def directory_of(source):
    """Where a source's files are, or will be."""
    if source.hub:
        return Path(listing_of(source)).with_suffix("")
    return checked(source.directory)


def source_files(source, wanted):
    """The small files of a source, of these names; of a hub's, what was downloaded as a whole."""
    if source.hub:
        return [listing_of(source)]
    files = checked(small_files, directory_of(source))
    return [str(path) for path in files if wanted(path.name)]


@cache
def read_sizes(directory):
    return ModelConfig.read(directory)


@cache
def fingerprints_of(directory):
    return checked(fingerprints, directory)


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
