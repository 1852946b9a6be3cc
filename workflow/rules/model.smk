# results/model: the published weights, linked, with small files copied and config.json patched.
# needs: model.source (a directory, a hub's repository, or the demo)
# makes: results/model/manifest.json, tokenizer.model, config.json, our modeling files, and links to the weights
MODELING = Path(workflow.basedir) / "workflow" / "scripts" / "baichuan2" / "modeling"
SOURCE = checked(settings.model_source, config)
SOURCE_DIR = directory_of(SOURCE)
MODEL = model_files("results")
if not SOURCE.hub:
    checked(settings.check_against_model, config, checked(read_sizes, SOURCE_DIR))


if SOURCE.hub:

    rule download_model:
        input:
            code=code("download_model.py"),
        output:
            listing=listing_of(SOURCE),
        log:
            "results/logs/download_model.log",
        conda:
            environment("cpu")
        params:
            **of_plain(download_params),
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
        source=linked_files(config),
    output:
        MODEL,
    log:
        "results/logs/link_model.log",
    conda:
        environment("cpu")
    resources:
        **NO_CARD,
    params:
        **of_plain(link_params),
    message:
        "Checking {params.source} and linking its weights into {params.model}"
    shell:
        """
        python {input.code[0]:q} \
            --source {params.source:q} \
            --out {params.model:q} \
            2> >(tee {log:q} >&2)
        """


rule patch_config:
    input:
        code=code("patch_config.py"),
        model=MODEL,
        source=source_files(SOURCE, lambda name: name not in LINKED),
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
