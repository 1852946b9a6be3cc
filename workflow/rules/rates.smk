# results/records/rates.json, rates_quant.json: a server under load. Only with perf.rate; perf and perf_quant tabulate it.
# needs: results/model or results/quant (cut, where parallel.world_size is above 1), which the job's own server serves;
#        with engine.server results/tokenizer
# makes: results/records/rates{,_quant}.json, when every token of every request came
def serving_command(config, quant):
    """What starts this workflow's own server, as measure_rates.py takes it; what follows goes to its engine."""
    serve = {"port": 0} | {key: config["serve"][key] for key in ("slots", "max_queue")}
    return (
        f'--engine max_seq_len={config["engine"]["max_seq_len"]} -- {launch(config)} "$BAICHUAN2_SCRIPTS/serve.py" '
        f'{weights_options(config, quant)} --name model {options("serve", serve)} {own_engine_options(config)}'
    )


def server_options(wildcards):
    """The server that is measured; more of the engine's options may follow."""
    run = config_of(wildcards.home)
    return engine_options(run) if served(run) else serving_command(run, wildcards.quant)


def rates_params(config):
    perf = config["perf"]
    scripts = ["measure_rates.py", *([] if served(config) else ["serve.py"])]
    return {
        "code": code(*scripts, *["launch.py"] * (launch(config) != "python")),
        "tokenizer": tokenizer_of(config) if served(config) else model_of(config),
        "rates": as_json(perf["rate"]),
        "requests": perf["requests"],
        "lengths": lengths_options(perf),
        "seed": perf["seed"],
    }


rule measure_rates:
    input:
        weights=weights,
    output:
        record="{home}/records/rates{quant}.json",
    log:
        "{home}/logs/measure_rates{quant}.log",
    conda:
        of_home(run_environment)
    threads: workflow.cores
    resources:
        **all_of_home(run_resources),
    params:
        **params_of_home(rates_params),
        server=server_options,
    message:
        "Measuring under load: {params.rates} requests a second"
    shell:
        """
        {resources.on_cards} python "$BAICHUAN2_SCRIPTS/measure_rates.py" \
            --tokenizer {params.tokenizer} \
            --out {output.record:q} \
            --rates {params.rates:q} \
            --requests {params.requests} \
            {params.lengths} \
            --seed {params.seed} \
            {params.server}{resources.patience},threads={threads} \
            2> >(tee {log:q} >&2)
        """
