# results/quant: the W8A8 artefact.
# needs: results/model, quantize.calibration
# makes: results/quant/: the guide's eight .npy arrays, safetensors + quant_model_description.json, manifest.json
QUANT_ARRAYS = "deq_scale fp_bias input_offset input_scale quant_bias quant_weight weight_offset weight_scale".split()


rule quantize:
    input:
        code=code("quantize.py"),
        model=MODEL,
        calibration=config["quantize"]["calibration"],
    output:
        manifest="results/quant/manifest.json",
        description="results/quant/quant_model_description.json",
        arrays=expand("results/quant/{array}.npy", array=QUANT_ARRAYS),
    log:
        "results/logs/quantize.log",
    conda:
        environment("quantize")
    threads: workflow.cores
    params:
        w_bit=config["quantize"]["w_bit"],
        act_method=config["quantize"]["act_method"],
        pr=float(config["quantize"]["pr"]),
        mm_tensor="--mm-tensor" if config["quantize"]["mm_tensor"] else "--no-mm-tensor",
        disable_level=config["quantize"]["disable_level"],
        disable_names=as_json(config["quantize"]["disable_names"]),
        anti_outlier=optional("--anti-outlier", config["quantize"]["anti_outlier"]),
        rollback=as_json(config["quantize"]["rollback"]),
        seed=config["quantize"]["seed"],
    message:
        "Quantizing to W8A8 with ModelSlim"
    shell:
        """
        python {input.code[0]:q} \
            --model results/model \
            --out results/quant \
            --calibration {input.calibration:q} \
            --w-bit {params.w_bit} \
            --act-method {params.act_method} \
            --pr {params.pr} \
            {params.mm_tensor} \
            --disable-level {params.disable_level:q} \
            --disable-names {params.disable_names:q} \
            {params.anti_outlier} \
            --rollback {params.rollback:q} \
            --seed {params.seed} \
            --threads {threads} \
            2> >(tee {log:q} >&2)
        """
