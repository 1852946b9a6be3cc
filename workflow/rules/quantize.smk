# results/quant: the W8A8 artefact.
# needs: results/model, quantize.calibration; with rollback: auto what rollback.smk chooses
# makes: results/records/calibration.json (streaming), then results/quant/: the guide's eight .npy arrays,
#        safetensors + quant_model_description.json, manifest.json
QUANT_ARRAYS = "deq_scale fp_bias input_offset input_scale quant_bias quant_weight weight_offset weight_scale".split()
QUANTIZE = config["quantize"]
CALIBRATION = "results/records/calibration.json"
CHOSEN = "results/records/rollback.json"
# What decides which linears stay in float.
LEFT_IN_FLOAT = (
    f"--disable-level {QUANTIZE['disable_level']} --disable-names {shlex.quote(as_json(QUANTIZE['disable_names']))}"
    f" --rollback {shlex.quote(as_json(settings.rollback_list(config)))}"
)
AUTO = QUANTIZE["rollback"] == "auto"
SMOOTH = QUANTIZE["anti_outlier"] == "smooth"
# How activations and weights become int8.
DYNAMIC = QUANTIZE["scheme"] == "dynamic"
ACTIVATIONS = (
    "--scheme dynamic" if DYNAMIC else f"--act-method {QUANTIZE['act_method']}"
)
ROUNDED = f"{ACTIVATIONS} --{'' if QUANTIZE['mm_tensor'] else 'no-'}mm-tensor"
CALIBRATED = not DYNAMIC or SMOOTH or QUANTIZE["disable_level"] != "L0"
# The dynamic scheme has no input scales, which the guide's arrays hold.
QUANT_FILES = {
    "manifest": "results/quant/manifest.json",
    "description": "results/quant/quant_model_description.json",
    "arrays": (
        [] if DYNAMIC else expand("results/quant/{array}.npy", array=QUANT_ARRAYS)
    ),
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
    resources:
        **CALIBRATES,
    params:
        smooth="--smooth" if SMOOTH else "",
        device=QUANTIZE["device"],
    message:
        "Calibrating on {input.prompts}"
    shell:
        """
        {resources.on_cards} python {input.code[0]:q} \
            --model results/model \
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
            code=code("quantize.py"),
            model=MODEL,
            calibration=CALIBRATION if CALIBRATED else [],
            chosen=CHOSEN if AUTO else [],
        output:
            **QUANT_FILES,
        log:
            "results/logs/quantize.log",
        conda:
            environment("cpu")
        resources:
            **NO_CARD,
        params:
            rounded=ROUNDED,
            left_in_float=LEFT_IN_FLOAT,
            chosen=f"--chosen {CHOSEN}" if AUTO else "",
            calibration=f"--calibration {CALIBRATION}" if CALIBRATED else "",
        message:
            "Quantizing to W8A8"
        shell:
            """
            python {input.code[0]:q} \
                --model results/model \
                --out results/quant \
                {params.calibration} \
                {params.rounded} \
                {params.left_in_float} {params.chosen} \
                2> >(tee {log:q} >&2)
            """

else:

    rule quantize:
        input:
            code=code("quantize_modelslim.py"),
            model=MODEL,
            calibration=QUANTIZE["calibration"],
            chosen=CHOSEN if AUTO else [],
        output:
            **QUANT_FILES,
        log:
            "results/logs/quantize.log",
        conda:
            environment("quantize")
        threads: workflow.cores
        resources:
            **NO_CARD,
        params:
            rounded=ROUNDED,
            left_in_float=LEFT_IN_FLOAT,
            chosen=f"--chosen {CHOSEN}" if AUTO else "",
            w_bit=QUANTIZE["w_bit"],
            pr=float(QUANTIZE["pr"]),
            anti_outlier=optional("--anti-outlier", QUANTIZE["anti_outlier"]),
            seed=QUANTIZE["seed"],
        message:
            "Quantizing to W8A8 with ModelSlim"
        shell:
            """
            python {input.code[0]:q} \
                --model results/model \
                --out results/quant \
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
