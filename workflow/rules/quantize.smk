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
        calibrate_environment(config)
    threads: workflow.cores
    resources:
        **calibrate_resources(config),
    params:
        **of_plain(calibrate_params),
    message:
        "Calibrating on {input.prompts}"
    shell:
        """
        {resources.on_cards} python {input.code[0]:q} \
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
        resources:
            **NO_CARD,
        params:
            **of_plain(quantize_params),
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
        resources:
            **NO_CARD,
        params:
            **of_plain(quantize_params),
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
