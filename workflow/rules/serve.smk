# serve, serve_quant: the model, or its W8A8 artefact, behind OpenAI's API. Run only by name, never part of `all`.
# needs: results/model or results/quant
# makes: no file; results/logs/serve{,_quant}.log; it runs until Ctrl-C or SIGTERM


def one_rank(config):
    """Raise UserError where the model is cut over ranks."""
    ranks = config["parallel"]["world_size"]
    if ranks > 1:
        raise UserError(f"parallel.world_size: {ranks}: the server runs on one rank alone; set 1")
    return "python"


rule serve:
    input:
        weights=lambda wildcards: uncut(config, ""),
    log:
        "results/logs/serve.log",
    conda:
        run_environment(config)
    threads: workflow.cores
    resources:
        **run_resources(config),
    params:
        launch=lambda wildcards: checked(one_rank, config),
        weights=lambda wildcards: uncut_options(config, ""),
        name=config["model"]["name"],
        serve=options("serve", config["serve"]),
        engine=options("engine", config["engine"]),
    message:
        "Serving {params.name}"
    shell:
        """
        {resources.on_cards} {params.launch} "$BAICHUAN2_SCRIPTS/serve.py" \
            {params.weights} \
            --name {params.name} \
            {params.serve} \
            {params.engine},threads={threads} \
            2> >(tee -i {log:q} >&2)
        """


use rule serve as serve_quant with:
    input:
        weights=lambda wildcards: uncut(config, "_quant"),
    log:
        "results/logs/serve_quant.log",
    params:
        launch=lambda wildcards: checked(one_rank, config),
        weights=lambda wildcards: uncut_options(config, "_quant"),
        name=config["model"]["name"],
        serve=options("serve", config["serve"]),
        engine=options("engine", config["engine"]),
