# results/perf, results/perf_quant: speed tables.
# needs: results/model or results/quant (cut, where parallel.world_size is above 1); nothing for random weights
# makes: results/records/perf{,_quant}.json, every time measured, then results/perf{,_quant}/: the guide's csv,
#        cases.csv, summary.json, summary.md, summary.html
PERF_TABLES = ["summary.md", "summary.json", "cases.csv"]
# Random weights are of the static scheme.
RANDOM = config["perf"]["weights"] != "model"


def perf_weights(wildcards):
    run = config_of(wildcards.home)
    return weights(wildcards) if run["perf"]["weights"] == "model" else []


def perf_weights_options(wildcards):
    run, quant = config_of(wildcards.home), wildcards.quant
    if run["perf"]["weights"] == "model":
        return weights_options(run, quant)
    # Any value of --quant means W8A8.
    return f"--model {run['perf']['weights']}{' --quant w8a8' if quant else ''}"


def perf_params(config):
    perf = config["perf"]
    grid = f"--min-len-exp {perf['min_len_exp']} --max-len-exp {perf['max_len_exp']}"
    pairs = f"--case-pair '{as_json(perf['case_pair'])}'"
    return {
        "code": launched(config, "measure_perf.py"),
        "launch": launch(config),
        "mode": perf["mode"],
        "batch_sizes": as_json(perf["batch_size"]),
        "lengths": pairs if perf["case_pair"] else grid,
        "warmup": perf["warmup"],
        "repeats": perf["repeats"],
        "seed": perf["seed"],
        "engine": options("engine", config["engine"]),
    }


rule measure_perf:
    input:
        weights=perf_weights,
    output:
        measurement="{home}/records/perf{quant}.json",
    log:
        "{home}/logs/measure_perf{quant}.log",
    conda:
        of_home(run_environment)
    threads: workflow.cores
    resources:
        **all_of_home(run_resources),
    params:
        **all_of_home(perf_params),
        weights=perf_weights_options,
    message:
        "Measuring the speed: {params.weights}"
    shell:
        """
        {resources.on_cards} {params.launch} "$BAICHUAN2_SCRIPTS/measure_perf.py" \
            {params.weights} \
            --out {output.measurement:q} \
            --mode {params.mode} \
            --batch-sizes {params.batch_sizes:q} \
            {params.lengths} \
            --warmup {params.warmup} \
            --repeats {params.repeats} \
            --seed {params.seed} \
            {params.engine},threads={threads} \
            2> >(tee {log:q} >&2)
        """


rule perf:
    input:
        measurement="results/records/perf.json",
    output:
        **tables("results/perf", PERF_TABLES),
        page=in_report("results/perf/summary.html", "Speed", "speed, float", "perf.rst"),
    log:
        "results/logs/tabulate_perf.log",
    conda:
        environment("cpu")
    params:
        code=code("tabulate_perf.py"),
        labels=labels(config, "perf"),
    message:
        "Writing {output.directory}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/tabulate_perf.py" \
            --measurement {input.measurement:q} \
            --out {output.directory:q} \
            {params.labels} \
            2> >(tee {log:q} >&2)
        """


use rule perf as perf_quant with:
    input:
        measurement="results/records/perf_quant.json",
    output:
        **tables("results/perf_quant", PERF_TABLES),
        page=in_report(
            "results/perf_quant/summary.html", "Speed", "speed, W8A8" if RANDOM else f"speed, {W8A8}", "perf.rst"
        ),
    log:
        "results/logs/tabulate_perf_quant.log",
