# results/quant: the W8A8 artefact.
# needs: results/model, quantize.calibration; with rollback: auto what rollback.smk chooses
# makes: results/records/calibration.json (streaming), then results/quant/: the guide's eight .npy arrays,
#        safetensors + quant_model_description.json, manifest.json
QUANT_ARRAYS = "deq_scale fp_bias input_offset input_scale quant_bias quant_weight weight_offset weight_scale".split()
QUANTIZE = config["quantize"]
CALIBRATION = "results/records/calibration.json"
CHOSEN = "results/records/rollback.json"
# The dynamic scheme has no input scales, which the guide's arrays hold.
DYNAMIC = QUANTIZE["scheme"] == "dynamic"
QUANT_FILES = {
    "manifest": "results/quant/manifest.json",
    "description": "results/quant/quant_model_description.json",
    "arrays": (
        [] if DYNAMIC else expand("results/quant/{array}.npy", array=QUANT_ARRAYS)
    ),
}


def calibration_of(config):
    return f"{homes(config, 'calibration')}/records/calibration.json"


def calibrations(config):
    """The calibration that quantize needs, or none."""
    quantize = config["quantize"]
    needed = (
        quantize["scheme"] == "static"
        or quantize["anti_outlier"] == "smooth"
        or quantize["disable_level"] != "L0"
    )
    return [calibration_of(config)] if needed else []


def chosen(config):
    """What rollback: auto chose, or none."""
    if config["quantize"]["rollback"] != "auto":
        return []
    return [f"{homes(config, 'rollback')}/records/rollback.json"]


def quantize_inputs(of):
    """What quantize reads; `of` makes of a function of a configuration what a rule takes."""
    streaming = QUANTIZE["engine"] == "streaming"
    return {
        "code": code("quantize.py" if streaming else "quantize_modelslim.py"),
        "model": of(lambda config: model_files(homes(config, "model"))),
        "calibration": of(
            calibrations
            if streaming
            else lambda config: config["quantize"]["calibration"]
        ),
        "chosen": of(chosen),
    }


def left_in_float(config):
    """What decides which linears stay in float."""
    quantize = config["quantize"]
    return (
        f"--disable-level {quantize['disable_level']}"
        f" --disable-names {shlex.quote(as_json(quantize['disable_names']))}"
        f" --rollback {shlex.quote(as_json(settings.rollback_list(config)))}"
    )


def rounded(config):
    """How activations and weights become int8."""
    quantize = config["quantize"]
    activations = f"--act-method {quantize['act_method']}"
    if quantize["scheme"] == "dynamic":
        activations = "--scheme dynamic"
    return f"{activations} --{'' if quantize['mm_tensor'] else 'no-'}mm-tensor"


def calibrate_params(config):
    quantize = config["quantize"]
    return {
        "model": f"{homes(config, 'model')}/model",
        "smooth": "--smooth" if quantize["anti_outlier"] == "smooth" else "",
        "device": quantize["device"],
    }


def quantize_params(config):
    """Of both engines; the last four are ModelSlim's own."""
    quantize = config["quantize"]
    streaming = {
        "model": f"{homes(config, 'model')}/model",
        "quant": f"{homes(config, 'quant')}/quant",
        "rounded": rounded(config),
        "left_in_float": left_in_float(config),
        "chosen": " ".join(f"--chosen {file}" for file in chosen(config)),
    }
    if quantize["engine"] == "streaming":
        files = calibrations(config)
        calibration = " ".join(f"--calibration {file}" for file in files)
        return streaming | {"calibration": calibration}
    return streaming | {
        "w_bit": quantize["w_bit"],
        "pr": float(quantize["pr"]),
        "anti_outlier": optional("--anti-outlier", quantize["anti_outlier"]),
        "seed": quantize["seed"],
    }


rule calibrate:
    input:
        code=code("calibrate.py"),
        model=MODEL,
        prompts=QUANTIZE["calibration"],
    output:
        CALIBRATION,
    log:
        "results/logs/calibrate.log",
    conda:
        environment(QUANTIZE["device"])
    threads: workflow.cores
    params:
        **calibrate_params(config),
    message:
        "Calibrating on {input.prompts}"
    shell:
        """
        python {input.code[0]:q} \
            --model {params.model:q} \
            --prompts {input.prompts:q} \
            --out {output:q} \
            {params.smooth} \
            --device {params.device} \
            --threads {threads} \
            2> >(tee {log:q} >&2)
        """


if QUANTIZE["engine"] == "streaming":

    rule quantize:
        input:
            **quantize_inputs(lambda function: function(config)),
        output:
            **QUANT_FILES,
        log:
            "results/logs/quantize.log",
        conda:
            environment("cpu")
        params:
            **quantize_params(config),
        message:
            "Quantizing to W8A8"
        shell:
            """
            python {input.code[0]:q} \
                --model {params.model:q} \
                --out {params.quant:q} \
                {params.calibration} \
                {params.rounded} \
                {params.left_in_float} {params.chosen} \
                2> >(tee {log:q} >&2)
            """

else:

    rule quantize:
        input:
            **quantize_inputs(lambda function: function(config)),
        output:
            **QUANT_FILES,
        log:
            "results/logs/quantize.log",
        conda:
            environment("quantize")
        threads: workflow.cores
        params:
            **quantize_params(config),
        message:
            "Quantizing to W8A8 with ModelSlim"
        shell:
            """
            python {input.code[0]:q} \
                --model {params.model:q} \
                --out {params.quant:q} \
                --calibration {input.calibration:q} \
                --w-bit {params.w_bit} \
                --pr {params.pr} \
                {params.rounded} \
                {params.left_in_float} {params.chosen} \
                {params.anti_outlier} \
                --seed {params.seed} \
                --threads {threads} \
                2> >(tee {log:q} >&2)
            """
