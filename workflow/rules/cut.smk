# part_model/<rank>/: the float and the W8A8 weights, cut for parallel.world_size ranks (run only where it is above 1).
# needs: results/model, results/quant
# makes: results/model/part_model/, results/quant/part_model/, each as a whole: rank 0's manifest stands for all


def parts_folder(config, quant):
    """Where the ranks' parts are, of the float weights or with quant `_quant` of the W8A8 ones."""
    whole = "quant" if quant else "model"
    return f"{homes(config, f'cut{quant}')}/{whole}/part_model"


def parts_manifest(config, quant):
    """The manifest that marks the parts as complete."""
    return f"{parts_folder(config, quant)}/0/manifest.json"


def uncut(config, quant):
    """The model, and with `_quant` its W8A8 artefact."""
    artefact = [f"{quant_of(config)}/manifest.json"] if quant else []
    return [*model_files(config), *artefact]


def weights_of(config, quant):
    """What a task runs: the model, or with `_quant` its W8A8 artefact; the ranks' parts where it is cut.

    Of a served model it is the tokenizer. Raises UserError for the W8A8 of a server.
    """
    if served(config):
        if quant:
            checked(settings.refuse_quant_of_server, config)
        return tokenizer_files(config)
    parts = [parts_manifest(config, quant)] if config["parallel"]["world_size"] > 1 else []
    return [*uncut(config, quant), *parts]


def uncut_options(config, quant):
    """The same as uncut, as options."""
    artefact = f" --quant {quant_of(config)}" if quant else ""
    return f"--model {model_of(config)}{artefact}"


def weights_options(config, quant):
    """The same as weights_of, as the options shared by all steps that run a model."""
    if served(config):
        return f"--tokenizer {tokenizer_of(config)}"
    parts = f" --parts {parts_folder(config, quant)}" if config["parallel"]["world_size"] > 1 else ""
    return uncut_options(config, quant) + parts


def cut_options(config, quant):
    ranks = config["parallel"]["world_size"]
    return f"{uncut_options(config, quant)} --out {parts_folder(config, quant)} --world-size {ranks}"


def of_cut(function):
    """An input or a parameter of a cut, from a function of its configuration and of what is cut."""
    quant = {"model": "", "quant": "_quant"}
    return lambda wildcards: function(config_of(wildcards.home), quant[wildcards.whole])


rule cut:
    input:
        of_cut(uncut),
    output:
        "{home}/{whole}/part_model/0/manifest.json",
    log:
        "{home}/logs/cut_{whole}.log",
    conda:
        environment("cpu")
    resources:
        **NO_CARD,
    params:
        code=code("cut.py"),
        options=of_cut(cut_options),
    message:
        "Cutting {wildcards.home}/{wildcards.whole} for its ranks"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/cut.py" \
            {params.options} \
            2> >(tee {log:q} >&2)
        """


rule cut_weights:
    input:
        parts_manifest(config, ""),


rule cut_quant:
    input:
        parts_manifest(config, "_quant"),
