# results/perf, results/perf_quant: speed tables.
# needs: results/model or results/quant (cut, where parallel.world_size is above 1); nothing for random weights; with
#        engine.server results/tokenizer
# makes: results/records/perf{,_quant}.round-<n>.json, every time measured in a round, merged to
#        results/records/perf{,_quant}.json; then results/perf{,_quant}/: the guide's csv, cases.csv, summary.json,
#        summary.md, summary.html
PERF_TABLES = ["summary.md", "summary.json", "cases.csv"]
MEASUREMENT = "{home}/records/perf{quant}"
# Random weights are of the static scheme.
RANDOM = config["perf"]["weights"] != "model"


def measure_script(config):
    return "measure_served.py" if served(config) else "measure_perf.py"


def perf_weights(wildcards):
    run = config_of(wildcards.home)
    return weights(wildcards) if run["perf"]["weights"] == "model" or served(run) else []


def perf_weights_options(wildcards):
    run, quant = config_of(wildcards.home), wildcards.quant
    if run["perf"]["weights"] == "model" or served(run):
        return weights_options(run, quant)
    # Any value of --quant means W8A8.
    return f"--model {run['perf']['weights']}{' --quant w8a8' if quant else ''}"


def perf_params(config):
    perf = config["perf"]
    grid = f"--min-len-exp {perf['min_len_exp']} --max-len-exp {perf['max_len_exp']}"
    pairs = f"--case-pair '{as_json(perf['case_pair'])}'"
    return {
        "code": launched(config, measure_script(config)),
        "launch": launch(config),
        "mode": perf["mode"],
        "batch_sizes": as_json(perf["batch_size"]),
        "lengths": pairs if perf["case_pair"] else grid,
        "warmup": perf["warmup"],
        "repeats": perf["repeats"],
        "seed": perf["seed"],
        "max_spread": perf["max_spread"],
        "again": perf["again"],
        "engine": engine_options(config),
    }


def in_turns(wildcards):
    """Round by round, and after all else that could start: float and W8A8, or the runs of a sweep, take turns."""
    return -int(wildcards.round)


def perf_rounds(wildcards):
    rounds = config_of(wildcards.home)["perf"]["rounds"]
    return expand(f"{MEASUREMENT}.round-{{round}}.json", **wildcards, round=range(1, rounds + 1))


rule measure_perf:
    input:
        weights=perf_weights,
    output:
        measurement=f"{MEASUREMENT}.round-{{round}}.json",
    log:
        "{home}/logs/measure_perf{quant}.round-{round}.log",
    wildcard_constraints:
        round="[0-9]+",
    priority: in_turns
    conda:
        of_home(run_environment)
    threads: workflow.cores
    resources:
        **all_of_home(run_resources),
    params:
        **params_of_home(perf_params),
        script=of_home(measure_script),
        weights=perf_weights_options,
    message:
        "Measuring the speed, round {wildcards.round}: {params.weights}"
    shell:
        """
        {resources.on_cards} {params.launch} "$BAICHUAN2_SCRIPTS/{params.script}" \
            {params.weights} \
            --out {output.measurement:q} \
            --mode {params.mode} \
            --batch-sizes {params.batch_sizes:q} \
            {params.lengths} \
            --warmup {params.warmup} \
            --repeats {params.repeats} \
            --seed {params.seed} \
            --round {wildcards.round} \
            --max-spread {params.max_spread} \
            --again {params.again} \
            {params.engine}{resources.patience},threads={threads} \
            2> >(tee {log:q} >&2)
        """


rule merge_perf:
    input:
        rounds=perf_rounds,
    output:
        measurement=f"{MEASUREMENT}.json",
    log:
        "{home}/logs/merge_perf{quant}.log",
    conda:
        environment("cpu")
    params:
        code=code("merge_perf.py"),
        rounds=lambda wildcards, input: " ".join(f"--round {record}" for record in input.rounds),
    message:
        "Merging the rounds of {output.measurement}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/merge_perf.py" \
            {params.rounds} \
            --out {output.measurement:q} \
            2> >(tee {log:q} >&2)
        """


rule perf:
    input:
        measurement="results/records/perf.json",
    output:
        **tables("results/perf", PERF_TABLES),
        page=in_report("results/perf/summary.html", "Speed", f"speed, {FLOAT}", "perf.rst"),
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
