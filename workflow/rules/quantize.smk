# results/quant: the W8A8 artefact.
# needs: results/model, quantize.calibration; with rollback: auto what rollback.smk chooses
# makes: results/records/calibration.json (streaming), then results/quant/: safetensors + quant_model_description.json,
#        with the static scheme fp_bias.npy, or all of the guide's eight, and manifest.json
from dataclasses import fields

from baichuan2.quantization.parameters import ModelSlimParameters, Rounding, StreamingParameters

STREAMING = config["quantize"]["engine"] == "streaming"  # the same for all runs
QUANTIZE = "quantize.py" if STREAMING else "quantize_modelslim.py"


def quant_of(config):
    """The folder of the W8A8 artefact."""
    return f"{homes(config, 'quant')}/quant"


def calibration_of(config):
    return f"{homes(config, 'calibration')}/records/calibration.json"


def calibrate_params(config):
    quantize = config["quantize"]
    return {
        "model": model_of(config),
        "prompts": quantize["calibration"],
        "unlisted": unlisted([quantize["calibration"]]),
        "smooth": "--smooth" if quantize["anti_outlier"] == "smooth" else "",
        "device": quantize["device"],
    }


rule collect_ranges:
    input:
        model=of_home(model_files),
        prompts=of_home(lambda config: listed([config["quantize"]["calibration"]])),
    output:
        "{home}/records/calibration.json",
    log:
        "{home}/logs/calibrate.log",
    conda:
        of_home(calibrate_environment)
    threads: workflow.cores
    resources:
        **all_of_home(calibrate_resources),
    params:
        **params_of_home(calibrate_params),
        code=code("calibrate.py"),
    message:
        "Calibrating on {params.prompts}"
    shell:
        """
        {resources.on_cards} python "$BAICHUAN2_SCRIPTS/calibrate.py" \
            --model {params.model:q} \
            --prompts {params.prompts:q} \
            --out {output:q} \
            {params.smooth} \
            --device {params.device} \
            --threads {threads} \
            2> >(tee {log:q} >&2)
        """


rule calibrate:
    input:
        calibration_of(config),


def quantize_options(config, kind):
    """The settings of one kind of parameters as one option, without those that have no effect as configured."""
    values = config["quantize"] | {"pr": float(config["quantize"]["pr"]), "rollback": settings.rollback_list(config)}
    idle = {"act_method"} if values["scheme"] == "dynamic" else set()
    keys = [field.name for field in fields(kind) if field.name not in idle]
    return options("quantize", {key: values[key] for key in keys})


def ranges_of(config):
    """What quantize needs of the prompts: ModelSlim all of them, streaming their calibration, or nothing."""
    quantize = config["quantize"]
    if not STREAMING:
        return [quantize["calibration"]]
    needed = (
        quantize["scheme"] == "static" or quantize["anti_outlier"] == "smooth" or quantize["disable_level"] != "L0"
    )
    return [calibration_of(config)] if needed else []


def chosen_of(config):
    return f"{homes(config, 'rollback')}/records/rollback.json"


def chosen(config):
    """What rollback: auto chose, or none."""
    return [chosen_of(config)] if config["quantize"]["rollback"] == "auto" else []


def quantize_params(config):
    kind = StreamingParameters if STREAMING else ModelSlimParameters
    calibration = [f"--calibration {shlex.quote(file)}" for file in ranges_of(config)]
    return {
        "model": model_of(config),
        "quant": quant_of(config),
        "options": quantize_options(config, kind),
        "calibration": " ".join(calibration),
        "guide_arrays": "--guide-arrays" if config["quantize"]["guide_arrays"] else "",
        "unlisted": unlisted(ranges_of(config)),
        "chosen": " ".join(f"--chosen {file}" for file in chosen(config)),
    }


rule quantize_weights:
    input:
        model=of_home(model_files),
        calibration=of_home(lambda config: listed(ranges_of(config))),
        chosen=of_home(chosen),
    output:
        manifest="{home}/quant/manifest.json",
        description="{home}/quant/quant_model_description.json",
    log:
        "{home}/logs/quantize.log",
    conda:
        environment("cpu" if STREAMING else "quantize")
    threads: 1 if STREAMING else workflow.cores
    resources:
        **NO_CARD,
    params:
        **params_of_home(quantize_params),
        code=code(QUANTIZE),
        script=QUANTIZE,
    message:
        "Quantizing to W8A8"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/{params.script}" \
            --model {params.model:q} \
            --out {params.quant:q} \
            {params.calibration} \
            {params.options} {params.chosen} {params.guide_arrays} \
            2> >(tee {log:q} >&2)
        """


rule quantize:
    input:
        f"{quant_of(config)}/manifest.json",
