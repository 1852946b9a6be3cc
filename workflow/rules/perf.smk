# results/perf, results/perf_quant: speed tables.
# needs: results/model or results/quant (cut, where parallel.world_size is above 1); nothing for random weights; with
#        engine.server results/tokenizer
# makes: results/records/perf{,_quant}.round-<n>.json, every time measured in a round, merged to
#        results/records/perf{,_quant}.json; then results/perf{,_quant}/: the guide's csv, modeltest's, cases.csv,
#        summary.json, summary.md, summary.html, and with perf.rate rates.csv, rates.svg; with perf.profile
#        results/perf_profile{,_quant}/, a trace
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


def lengths_options(perf):
    """The lengths of the speed cases, as options."""
    grid = f"--min-len-exp {perf['min_len_exp']} --max-len-exp {perf['max_len_exp']}"
    return f"--case-pair '{as_json(perf['case_pair'])}'" if perf["case_pair"] else grid


def profile_params(config):
    perf = config["perf"]
    return {
        "code": launched(config, "profile_perf.py"),
        "launch": launch(config),
        "batch_sizes": as_json(perf["batch_size"]),
        "lengths": lengths_options(perf),
        "seed": perf["seed"],
        "engine": engine_options(config),
    }


def perf_params(config):
    measured = ("mode", "warmup", "repeats", "max_spread", "again")
    return {
        **profile_params(config),
        "code": launched(config, measure_script(config)),
        **{key: config["perf"][key] for key in measured},
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


rule profile_perf:
    input:
        weights=perf_weights,
    output:
        **tables("{home}/perf_profile{quant}", ["manifest.json"]),
    log:
        "{home}/logs/profile_perf{quant}.log",
    conda:
        of_home(run_environment)
    threads: workflow.cores
    resources:
        **all_of_home(run_resources),
    params:
        **params_of_home(profile_params),
        weights=perf_weights_options,
    message:
        "Tracing a prefill and three decode steps: {params.weights}"
    shell:
        """
        {resources.on_cards} {params.launch} "$BAICHUAN2_SCRIPTS/profile_perf.py" \
            {params.weights} \
            --out {output.directory:q} \
            --batch-sizes {params.batch_sizes:q} \
            {params.lengths} \
            --seed {params.seed} \
            {params.engine},threads={threads} \
            2> >(tee {log:q} >&2)
        """


def rates_option(wildcards, input):
    """The record of rates, as the option of the step that tabulates it; none without perf.rate."""
    return f"--rates {input.rates}" if input.rates else ""


def goodput_options(config):
    """Its limits of goodput. By themselves: Snakemake does not compare what is made of a rule's input."""
    limits = config["perf"]["goodput"].items() if config["perf"]["rate"] else ()
    return " ".join(f"--{name.replace('_', '-')} {most}" for name, most in limits if most is not None)


def rates_of(quant):
    """The record of rates that results/perf{quant} tabulates, where perf.rate asks for one."""
    return [f"results/records/rates{quant}.json"] if config["perf"]["rate"] else []


def rates_files(quant):
    """What is then in results/perf{quant}."""
    if not config["perf"]["rate"]:
        return []
    label = f"speed under load, {W8A8 if quant else FLOAT}"
    figure = in_report(f"results/perf{quant}/rates.svg", "Speed", label, "rates_figure.rst")
    return [f"results/perf{quant}/rates.csv", figure]


def profile_of(quant):
    """The trace that results/perf{quant} comes with, where perf.profile asks for one."""
    return [f"results/perf_profile{quant}/manifest.json"] if config["perf"]["profile"] else []


rule perf:
    input:
        measurement="results/records/perf.json",
        rates=rates_of(""),
        profile=profile_of(""),
    output:
        **tables("results/perf", PERF_TABLES),
        rates=rates_files(""),
        page=in_report("results/perf/summary.html", "Speed", f"speed, {FLOAT}", "perf.rst"),
    log:
        "results/logs/tabulate_perf.log",
    conda:
        environment("cpu")
    params:
        code=code("tabulate_perf.py"),
        rates=rates_option,
        limits=goodput_options(config),
        labels=labels(config, "perf"),
    message:
        "Writing {output.directory}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/tabulate_perf.py" \
            --measurement {input.measurement:q} \
            --out {output.directory:q} \
            {params.rates} {params.limits} \
            {params.labels} \
            2> >(tee {log:q} >&2)
        """


use rule perf as perf_quant with:
    input:
        measurement="results/records/perf_quant.json",
        rates=rates_of("_quant"),
        profile=profile_of("_quant"),
    output:
        **tables("results/perf_quant", PERF_TABLES),
        rates=rates_files("_quant"),
        page=in_report(
            "results/perf_quant/summary.html", "Speed", "speed, W8A8" if RANDOM else f"speed, {W8A8}", "perf.rst"
        ),
    log:
        "results/logs/tabulate_perf_quant.log",
