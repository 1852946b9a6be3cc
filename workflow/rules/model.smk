# results/model: the published weights, linked, with small files copied and config.json patched.
# needs: model.source (a directory, a hub's repository, the demo, or the demo at another size), and model.adapter, if one is to be merged
# makes: results/model/manifest.json, tokenizer.model, config.json, our modeling files, and links to the weights, or
#        weights of its own where an adapter is merged or the source's form is not the published one; for a served model
#        results/tokenizer/manifest.json, tokenizer.model
from baichuan2.model.sizes import KNOWN
from baichuan2.model.source import ADAPTER_CONFIG, HUBS, LINKED, TOKENS, fingerprint, fingerprints, small_files

MODELING = sorted(Path(paths.own("workflow/scripts/baichuan2/modeling")).glob("*.py"))
SOURCE = checked(settings.model_source, config)


def model_of(config):
    """The folder of the linked model."""
    return f"{homes(config, 'model')}/model"


def model_files(config):
    """What our steps read of a model; what patch_config adds is for transformers."""
    return [f"{model_of(config)}/manifest.json", f"{model_of(config)}/tokenizer.model"]


def source_files(source, wanted):
    """The small files of a source, by these names; for what is downloaded or made, the listing of all of it."""
    if source.hub:
        return [source.listing]
    files = checked(small_files, checked(source.directory))
    return [str(path) for path in files if wanted(path.name)]


def download_params(wildcards):
    """The source of a slug: config.yaml's, or that of a run."""
    configs = [config] if SOURCE.slug == wildcards.slug else runs().values()
    slugs = {settings.model_source(run).slug: run["model"]["source"] for run in configs}
    return slugs[wildcards.slug]


rule fetch_model:
    output:
        listing="results/download/{slug}.json",
    log:
        "results/logs/download_{slug}.log",
    wildcard_constraints:
        slug=rf"({'|'.join(HUBS)})-[^/]+",
    conda:
        environment("cpu")
    params:
        code=code("download_model.py"),
        source=download_params,
        into=subpath(output.listing, strip_suffix=".json"),
    message:
        "Downloading {params.source}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/download_model.py" \
            --source {params.source:q} \
            --into {params.into:q} \
            --listing {output.listing:q} \
            2> >(tee {log:q} >&2)
        """


def known_demo(wildcards):
    return settings.demo_of(wildcards.slug)


rule make_known:
    input:
        demo=lambda wildcards: sorted(map(str, Path(known_demo(wildcards)).iterdir())),
    output:
        listing="results/download/{slug}.json",
    log:
        "results/logs/make_{slug}.log",
    wildcard_constraints:
        slug="|".join(KNOWN),
    conda:
        environment("cpu")
    resources:
        **NO_CARD,
    params:
        code=code("make_known.py"),
        demo=known_demo,
        into=subpath(output.listing, strip_suffix=".json"),
    message:
        "Making {wildcards.slug}: the demo at that size"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/make_known.py" \
            --name {wildcards.slug:q} \
            --demo {params.demo:q} \
            --into {params.into:q} \
            --listing {output.listing:q} \
            2> >(tee {log:q} >&2)
        """


if SOURCE.hub:

    rule download_model:
        input:
            SOURCE.listing,


def linked_files(config):
    """What link_model copies or reads of a source, beside the weights."""
    return source_files(
        settings.model_source(config), lambda name: name in (*LINKED, *TOKENS) or name.endswith(".index.json")
    )


@cache
def fingerprints_of(directory):
    return checked(fingerprints, directory)


def adapter_of(config):
    """The option of link_model that names an adapter, and what identifies the adapter."""
    adapter = settings.model_adapter(config)
    if adapter is None:
        return "", {}
    identity = {ADAPTER_CONFIG: checked(fingerprint, adapter / ADAPTER_CONFIG)}
    return f"--adapter {shlex.quote(str(adapter))}", identity | fingerprints_of(adapter)


def link_params(config):
    source = settings.model_source(config)
    adapter, adapter_files = adapter_of(config)
    return {
        "adapter": adapter,
        "adapter_files": adapter_files,
        "source": str(checked(source.directory)),
        "weights": {} if source.hub else fingerprints_of(source.directory()),
        "model": model_of(config),
        "unlisted": unlisted(linked_files(config)),
    }


rule link_source:
    input:
        source=of_home(lambda config: listed(linked_files(config))),
    output:
        "{home}/model/manifest.json",
        "{home}/model/tokenizer.model",
    log:
        "{home}/logs/link_model.log",
    conda:
        environment("cpu")
    resources:
        **NO_CARD,
    params:
        **params_of_home(link_params),
        code=code("link_model.py"),
    message:
        "Checking {params.source} and linking its weights into {params.model}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/link_model.py" \
            --source {params.source:q} \
            --out {params.model:q} \
            {params.adapter} \
            2> >(tee {log:q} >&2)
        """


def tokenizer_of(config):
    """The folder of a served model's tokenizer."""
    return f"{homes(config, 'tokenizer')}/tokenizer"


def tokenizer_files(config):
    """What a step reads that asks a server: it needs no weights."""
    return [f"{tokenizer_of(config)}/{name}" for name in ("manifest.json", "tokenizer.model")]


def tokenizer_sources(config):
    return source_files(
        settings.model_source(config), lambda name: name in ("config.json", "tokenizer.model", *TOKENS)
    )


rule link_tokenizer:
    input:
        source=of_home(lambda config: listed(tokenizer_sources(config))),
    output:
        "{home}/tokenizer/manifest.json",
        "{home}/tokenizer/tokenizer.model",
    log:
        "{home}/logs/link_tokenizer.log",
    conda:
        environment("cpu")
    params:
        code=code("link_tokenizer.py"),
        source=of_home(lambda config: str(checked(settings.model_source(config).directory))),
        into=subpath(output[0], parent=True),
        unlisted=of_home(lambda config: unlisted(tokenizer_sources(config))),
    message:
        "Copying the tokenizer of {params.source}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/link_tokenizer.py" \
            --source {params.source:q} \
            --out {params.into:q} \
            2> >(tee {log:q} >&2)
        """


rule link_model:
    input:
        model_files(config),


PATCHED_FROM = source_files(SOURCE, lambda name: name not in LINKED)


rule patch_config:
    input:
        model=model_files(config),
        source=listed(PATCHED_FROM),
        modeling=listed(map(str, MODELING)),
    output:
        config="results/model/config.json",
        tokenizer=expand("results/model/{name}.json", name=("tokenizer_config", "special_tokens_map")),
        modeling=[f"results/model/{path.name}" for path in MODELING if path.name[0] != "_"],
    log:
        "results/logs/patch_config.log",
    conda:
        environment("cpu")
    params:
        code=code("patch_config.py"),
        source=lambda wildcards: str(SOURCE.directory()),
        unlisted=literal(unlisted([*PATCHED_FROM, *map(str, MODELING)])),
    message:
        "Pointing results/model/config.json at this workflow's modeling files"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/patch_config.py" \
            --source {params.source:q} \
            --out results/model \
            2> >(tee {log:q} >&2)
        """
