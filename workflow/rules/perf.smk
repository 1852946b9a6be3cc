# results/perf, results/perf_quant: speed tables.
# needs: results/model or results/quant (cut, where parallel.world_size is above 1); nothing for random weights
# makes: results/records/perf{,_quant}.json, every time measured, then results/perf{,_quant}/: the guide's csv,
#        cases.csv, summary.json, summary.md, summary.html
PERF_TABLES = [
    "summary.md",
    "summary.json",
    "cases.csv",
]
# Random weights are of the static scheme.
RANDOM = config["perf"]["weights"] != "model"


rule measure_perf:
    input:
        code=launched(config, "measure_perf.py"),
        weights=lambda wildcards: perf_weights(config, wildcards.quant),
    output:
        measurement="results/records/perf{quant}.json",
    log:
        "results/logs/measure_perf{quant}.log",
    conda:
        run_environment(config)
    threads: workflow.cores
    resources:
        **run_resources(config),
    params:
        **of_plain(perf_params),
        weights=lambda wildcards: perf_weights_options(config, wildcards.quant),
    message:
        "Measuring the speed: {params.weights}"
    shell:
        """
        {resources.on_cards} {params.launch} {input.code[0]:q} \
            {params.weights} \
            --out {output.measurement:q} \
            --mode {params.mode} \
            --batch-sizes {params.batch_sizes:q} \
            {params.lengths} \
            --warmup {params.warmup} \
            --repeats {params.repeats} \
            --seed {params.seed} \
            {params.engine} \
            --threads {threads} \
            2> >(tee {log:q} >&2)
        """


rule perf:
    input:
        code=code("tabulate_perf.py"),
        measurement="results/records/perf.json",
    output:
        **tables("results/perf", PERF_TABLES),
        page=in_report("results/perf/summary.html", "Speed", "speed, float", "perf.rst"),
    log:
        "results/logs/tabulate_perf.log",
    conda:
        environment("cpu")
    params:
        labels=labels(config, "perf"),
    message:
        "Writing {output.directory}"
    shell:
        """
        python {input.code[0]:q} \
            --measurement {input.measurement:q} \
            --out {output.directory:q} \
            {params.labels} \
            2> >(tee {log:q} >&2)
        """


use rule perf as perf_quant with:
    input:
        code=code("tabulate_perf.py"),
        measurement="results/records/perf_quant.json",
    output:
        **tables("results/perf_quant", PERF_TABLES),
        page=in_report(
            "results/perf_quant/summary.html",
            "Speed",
            "speed, W8A8" if RANDOM else f"speed, {W8A8}",
            "perf.rst",
        ),
    log:
        "results/logs/tabulate_perf_quant.log",
