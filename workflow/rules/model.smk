# results/model: the published weights, linked, with small files copied and config.json patched.
# needs: model.source (a directory, a hub's repository, or the demo)
# makes: results/model/manifest.json, tokenizer.model, config.json, our modeling files, and links to the weights
MODELING = Path(workflow.basedir) / "workflow" / "scripts" / "baichuan2" / "modeling"
SOURCE = checked(settings.model_source, config)
LISTING = f"results/download/{SOURCE.slug}.json"
SOURCE_DIR = Path(LISTING).with_suffix("") if SOURCE.hub else checked(SOURCE.directory)
SOURCE_SIZES = None if SOURCE.hub else checked(ModelConfig.read, SOURCE_DIR)
if SOURCE_SIZES:
    checked(settings.check_against_model, config, SOURCE_SIZES)
# What our steps read of results/model; what patch_config adds is for transformers.
MODEL = ["results/model/manifest.json", "results/model/tokenizer.model"]


if SOURCE.hub:

    rule download_model:
        input:
            code=code("download_model.py"),
        output:
            listing=LISTING,
        log:
            "results/logs/download_model.log",
        conda:
            environment("cpu")
        params:
            source=config["model"]["source"],
            into=lambda wildcards, output: str(Path(output.listing).with_suffix("")),
        message:
            "Downloading {params.source}"
        shell:
            """
            python {input.code[0]:q} \
                --source {params.source:q} \
                --into {params.into:q} \
                --listing {output.listing:q} \
                2> >(tee {log:q} >&2)
            """


rule link_model:
    input:
        code=code("link_model.py"),
        source=source_files(lambda name: name in LINKED or name.endswith(".index.json")),
    output:
        MODEL,
    log:
        "results/logs/link_model.log",
    conda:
        environment("cpu")
    params:
        source=lambda wildcards: str(SOURCE_DIR),
        weights={} if SOURCE.hub else checked(fingerprints, SOURCE_DIR),
    message:
        "Checking {params.source} and linking its weights into results/model"
    shell:
        """
        python {input.code[0]:q} \
            --source {params.source:q} \
            --out results/model \
            2> >(tee {log:q} >&2)
        """


rule patch_config:
    input:
        code=code("patch_config.py"),
        model=MODEL,
        source=source_files(lambda name: name not in LINKED),
        modeling=[
            str(path.relative_to(workflow.basedir))
            for path in sorted(MODELING.glob("*.py"))
        ],
    output:
        config="results/model/config.json",
        tokenizer=expand(
            "results/model/{name}.json",
            name=("tokenizer_config", "special_tokens_map"),
        ),
        modeling=[
            f"results/model/{path.name}" for path in sorted(MODELING.glob("[!_]*.py"))
        ],
    log:
        "results/logs/patch_config.log",
    conda:
        environment("cpu")
    params:
        source=lambda wildcards: str(SOURCE_DIR),
    message:
        "Pointing results/model/config.json at this workflow's modeling files"
    shell:
        """
        python {input.code[0]:q} \
            --source {params.source:q} \
            --out results/model \
            2> >(tee {log:q} >&2)
        """
