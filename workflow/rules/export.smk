# export_guide, export_ascend, export_compressed_tensors: the W8A8 artefact in the forms that others read; export_gguf,
# export_openvino: the float model for llama.cpp and OpenVINO; exports: all of these that this model has.
# export_modelslim_recipe: how the artefact was made, for ModelSlim V1; export_aisbench, export_aisbench_quant: results as
# AISBench has them. Run only by name, never part of `all`.
# needs: results/quant; for all but the guide's arrays also results/model (config.json, tokenizer, modeling files);
#        export_gguf, export_openvino: results/model alone; the recipe: results/quant, the calibration and its prompts;
#        AISBench's: results/records/ceval{,_quant}.jsonl, perf{,_quant}.json
# makes: results/export/guide/, ascend/, compressed_tensors/, gguf/, openvino/, modelslim_recipe/, aisbench{,_quant}/,
#        each with a manifest.json

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


rule export_modelslim_recipe:
    input:
        quant="results/quant/manifest.json",
        calibration=listed(ranges_of(config) if STREAMING else []),
        prompts=listed([config["quantize"]["calibration"]]),
    output:
        **tables("results/export/modelslim_recipe", ["manifest.json", "recipe.yaml", "calibration.jsonl"]),
    log:
        "results/logs/export_recipe.log",
    conda:
        environment("cpu")
    params:
        code=code("export_recipe.py"),
        name=config["model"]["name"],
        prompts=literal(config["quantize"]["calibration"]),
        unlisted=literal(unlisted([config["quantize"]["calibration"]])),
        calibration=" ".join(f"--calibration {file}" for file in ranges_of(config) if STREAMING),
    message:
        "Writing the recipe for ModelSlim V1"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/export_recipe.py" \
            --quant results/quant \
            --prompts {params.prompts:q} \
            --out {output.directory:q} \
            --name {params.name} \
            {params.calibration} \
            2> >(tee {log:q} >&2)
        """


rule export_aisbench:
    input:
        records="results/records/ceval.jsonl",
        measurement="results/records/perf.json",
        subjects=listed([SUBJECTS]),
    output:
        **tables("results/export/aisbench", ["manifest.json", "summary/summary_ceval.csv"]),
    log:
        "results/logs/export_aisbench.log",
    conda:
        environment("cpu")
    params:
        code=code("export_aisbench.py"),
        name=config["model"]["name"],
        demo="--demo" if settings.has_demo_exam(config) else "",
        subjects=literal(SUBJECTS),
        unlisted=literal(unlisted([SUBJECTS])),
    message:
        "Writing {output.directory}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/export_aisbench.py" \
            --records {input.records:q} \
            --measurement {input.measurement:q} \
            --subjects {params.subjects:q} \
            --out {output.directory:q} \
            --name {params.name} {params.demo} \
            2> >(tee {log:q} >&2)
        """


use rule export_aisbench as export_aisbench_quant with:
    input:
        records="results/records/ceval_quant.jsonl",
        measurement="results/records/perf_quant.json",
        subjects=listed([SUBJECTS]),
    output:
        **tables("results/export/aisbench_quant", ["manifest.json", "summary/summary_ceval.csv"]),
    log:
        "results/logs/export_aisbench_quant.log",
