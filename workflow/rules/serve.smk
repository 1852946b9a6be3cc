# serve, serve_quant: the model, or its W8A8 artefact, behind OpenAI's API. Run only by name, never part of `all`.
# needs: results/model or results/quant (cut, where parallel.world_size is above 1)
# makes: no file; results/logs/serve{,_quant}.log; it runs until Ctrl-C or SIGTERM


def to_serve(quant):
    """The files that the server waits for."""
    checked(settings.refuse_server, config, f"serve{quant}")
    return weights_of(config, quant)


rule serve:
    input:
        weights=lambda wildcards: to_serve(""),
    log:
        "results/logs/serve.log",
    conda:
        run_environment(config)
    threads: workflow.cores
    resources:
        **run_resources(config),
    params:
        launch=launch(config),
        weights=lambda wildcards: weights_options(config, ""),
        name=config["model"]["name"],
        serve=options("serve", config["serve"]),
        engine=own_engine_options(config),
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
        weights=lambda wildcards: to_serve("_quant"),
    log:
        "results/logs/serve_quant.log",
    params:
        launch=launch(config),
        weights=lambda wildcards: weights_options(config, "_quant"),
        name=config["model"]["name"],
        serve=options("serve", config["serve"]),
        engine=own_engine_options(config),
