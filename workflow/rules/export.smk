# export_guide, export_ascend, export_compressed_tensors: the W8A8 artefact in the forms that others read; export_gguf,
# export_openvino: the float model for llama.cpp and OpenVINO; exports: all that this model has. Run only by name,
# never part of `all`.
# needs: results/quant; for all but the guide's arrays also results/model (config.json, tokenizer, modeling files);
#        export_gguf, export_openvino: results/model alone
# makes: results/export/guide/, ascend/, compressed_tensors/, gguf/, openvino/, each with a manifest.json

EXPORTS = ("guide", "ascend", "compressed_tensors", "gguf", "openvino")
QUANT_ARRAYS = "deq_scale fp_bias input_offset input_scale quant_bias quant_weight weight_offset weight_scale".split()


checkpoint list_exports:
    input:
        model=model_files(config),
    output:
        "results/records/exports.json",
    log:
        "results/logs/list_exports.log",
    conda:
        environment("cpu")
    params:
        code=code("list_exports.py"),
        scheme=config["quantize"]["scheme"],
        dtype=config["export"]["dtype"],
    message:
        "Looking which exports there are of this model"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/list_exports.py" \
            --model results/model \
            --scheme {params.scheme} \
            --dtype {params.dtype} \
            --out {output:q} \
            2> >(tee {log:q} >&2)
        """


def suited_exports(wildcards):
    """The manifests of all exports that this model has."""
    reasons = json.loads(Path(checkpoints.list_exports.get().output[0]).read_text(encoding="utf-8"))["unsuited"]
    return [f"results/export/{name}/manifest.json" for name in EXPORTS if name not in reasons]


rule exports:
    input:
        suited_exports,


rule export_guide:
    input:
        quant="results/quant/manifest.json",
    output:
        **tables("results/export/guide", ["manifest.json", *(f"{array}.npy" for array in QUANT_ARRAYS)]),
    log:
        "results/logs/export_guide.log",
    conda:
        environment("cpu")
    resources:
        **NO_CARD,
    params:
        code=code("export_quant.py"),
    message:
        "Writing the guide's eight arrays"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/export_quant.py" \
            --form guide \
            --quant results/quant \
            --out {output.directory:q} \
            2> >(tee {log:q} >&2)
        """


rule export_ascend:
    input:
        model=model_files(config),
        patched=rules.patch_config.output,
        settings=listed(source_files(SOURCE, lambda name: name not in LINKED)),
        quant="results/quant/manifest.json",
    output:
        **tables("results/export/ascend", ["manifest.json", "config.json", "quant_model_description.json"]),
    log:
        "results/logs/export_ascend.log",
    conda:
        environment("cpu")
    resources:
        **NO_CARD,
    params:
        code=code("export_quant.py"),
        form="ascend",
        dtype=config["export"]["dtype"],
    message:
        "Exporting the W8A8 weights for {params.form}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/export_quant.py" \
            --form {params.form} \
            --model results/model \
            --quant results/quant \
            --out {output.directory:q} \
            --dtype {params.dtype} \
            2> >(tee {log:q} >&2)
        """


use rule export_ascend as export_compressed_tensors with:
    output:
        **tables("results/export/compressed_tensors", ["manifest.json", "config.json"]),
    log:
        "results/logs/export_compressed_tensors.log",
    params:
        code=code("export_quant.py"),
        form="compressed-tensors",
        dtype=config["export"]["dtype"],


rule export_gguf:
    input:
        model=model_files(config),
        settings=listed(source_files(SOURCE, lambda name: name not in LINKED)),
    output:
        **tables("results/export/gguf", ["manifest.json", "model.gguf"]),
    log:
        "results/logs/export_gguf.log",
    conda:
        environment("cpu")
    resources:
        **NO_CARD,
    params:
        code=code("export_gguf.py"),
        kind=config["export"]["gguf"],
    message:
        "Exporting the model for llama.cpp ({params.kind})"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/export_gguf.py" \
            --model results/model \
            --out {output.directory:q} \
            --kind {params.kind} \
            2> >(tee {log:q} >&2)
        """


rule export_openvino:
    input:
        model=model_files(config),
        patched=rules.patch_config.output,
        settings=listed(source_files(SOURCE, lambda name: name not in LINKED)),
    output:
        **tables("results/export/openvino", ["manifest.json", "openvino_model.xml", "openvino_model.bin"]),
    log:
        "results/logs/export_openvino.log",
    conda:
        environment("openvino")
    resources:
        **NO_CARD,
    params:
        code=code("export_openvino.py"),
        kind=config["export"]["openvino"],
    message:
        "Exporting the model for OpenVINO ({params.kind})"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/export_openvino.py" \
            --model results/model \
            --out {output.directory:q} \
            --kind {params.kind} \
            2> >(tee {log:q} >&2)
        """
