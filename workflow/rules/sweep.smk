# results/sweep: all runs of the samplesheet sweep.runs, compared. Asked for by name, never part of `all`.
# needs: sweep.runs, and for every run what its settings name
# makes: what runs have in common in results/shared/<stage>-<digest>/, or where `all` makes it, if config.yaml says the
#        same; each run's tables in results/runs/<name>/; results/sweep/: sweep.md, sweep.html, runs.csv, accuracy.svg,
#        speed.svg
if SOURCE.hub:

    ruleorder: download_model > download_shared


rule download_shared:
    input:
        code=code("download_model.py"),
    output:
        listing="results/download/{slug}.json",
    log:
        "results/logs/download/{slug}.log",
    conda:
        environment("cpu")
    params:
        source=of_slug("source"),
        into=of_slug("into"),
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


use rule link_model as link_shared with:
    input:
        code=code("link_model.py"),
        source=of_home(linked_files),
    output:
        model_files("{home}"),
    log:
        "{home}/logs/link_model.log",
    params:
        **of_homes(link_params),


use rule cut_weights as cut_shared with:
    input:
        code=code("cut_weights.py"),
        model=of_home(lambda config: model_files(homes(config, "model"))),
    output:
        "{home}/model/part_model/0/manifest.json",
    log:
        "{home}/logs/cut_weights.log",
    params:
        **of_homes(cut_params),


use rule cut_quant as cut_quant_shared with:
    input:
        code=code("cut_quant.py"),
        model=of_home(lambda config: model_files(homes(config, "model"))),
        quant=of_home(lambda config: f"{homes(config, 'quant')}/quant/manifest.json"),
    output:
        "{home}/quant/part_model/0/manifest.json",
    log:
        "{home}/logs/cut_quant.log",
    params:
        **of_homes(cut_quant_params),


use rule calibrate as calibrate_shared with:
    input:
        code=code("calibrate.py"),
        model=of_home(lambda config: model_files(homes(config, "model"))),
        prompts=of_home(lambda config: config["quantize"]["calibration"]),
    output:
        "{home}/records/calibration.json",
    log:
        "{home}/logs/calibrate.log",
    conda:
        of_home(calibrate_environment)
    resources:
        **of_homes(calibrate_resources),
    params:
        **of_homes(calibrate_params),


use rule measure_sensitivity as measure_sensitivity_shared with:
    input:
        code=code("measure_sensitivity.py"),
        model=of_home(lambda config: model_files(homes(config, "model"))),
        calibration=of_home(calibration_of),
        prompts=of_home(lambda config: config["quantize"]["calibration"]),
        exam=of_home(lambda config: exam_of_metric(config)["exam"]),
        subjects=of_home(lambda config: exam_of_metric(config)["subjects"]),
    output:
        "{home}/records/sensitivity.json",
    log:
        "{home}/logs/measure_sensitivity.log",
    conda:
        of_home(calibrate_environment)
    resources:
        **of_homes(calibrate_resources),
    params:
        **of_homes(sensitivity_params),


use rule choose_rollback as choose_rollback_shared with:
    input:
        code=code("choose_rollback.py"),
        sensitivity=of_home(sensitivity_of),
    output:
        "{home}/records/rollback.json",
    log:
        "{home}/logs/choose_rollback.log",
    params:
        **of_homes(choose_params),


use rule quantize as quantize_shared with:
    input:
        **quantize_inputs(of_home),
    output:
        manifest="{home}/quant/manifest.json",
        description="{home}/quant/quant_model_description.json",
    log:
        "{home}/logs/quantize.log",
    params:
        **of_homes(quantize_params),


use rule score_ceval as score_shared with:
    input:
        code=of_home(lambda config: launched(config, "score_ceval.py")),
        weights=of_home_and_precision(weights_of),
        exam=lambda wildcards: files_of(EXAM),
        subjects=SUBJECTS,
    output:
        records=f"{{home}}/records/ceval{{quant}}{SHARE}.jsonl",
    log:
        f"{{home}}/logs/score_ceval{{quant}}{SHARE}.log",
    conda:
        of_home(run_environment)
    resources:
        **of_homes(run_resources),
    params:
        **of_homes(score_params),
        weights=of_home_and_precision(weights_options),


if DATA > 1:

    use rule merge_ceval as merge_shared with:
        input:
            code=code("merge_ceval.py"),
            shares=shares_of("{home}"),
        output:
            records="{home}/records/ceval{quant}.jsonl",
        log:
            "{home}/logs/merge_ceval{quant}.log",


use rule measure_perf as measure_shared with:
    input:
        code=of_home(lambda config: launched(config, "measure_perf.py")),
        weights=of_home_and_precision(perf_weights),
    output:
        measurement="{home}/records/perf{quant}.json",
    log:
        "{home}/logs/measure_perf{quant}.log",
    conda:
        of_home(run_environment)
    resources:
        **of_homes(run_resources),
    params:
        **of_homes(perf_params),
        weights=of_home_and_precision(perf_weights_options),


use rule ceval as tabulate_run_ceval with:
    input:
        code=code("tabulate_ceval.py"),
        records=lambda wildcards: record_of(wildcards, "ceval", "jsonl"),
        subjects=SUBJECTS,
    output:
        **tables("results/runs/{run}/ceval", [*CEVAL_TABLES, "summary.html"]),
    log:
        "results/logs/runs/{run}/tabulate_ceval.log",
    params:
        labels=lambda wildcards: labels(run_of(wildcards.run), "ceval"),


use rule perf as tabulate_run_perf with:
    input:
        code=code("tabulate_perf.py"),
        measurement=lambda wildcards: record_of(wildcards, "perf", "json"),
    output:
        **tables("results/runs/{run}/perf", [*PERF_TABLES, "summary.html"]),
    log:
        "results/logs/runs/{run}/tabulate_perf.log",
    params:
        labels=lambda wildcards: labels(run_of(wildcards.run), "perf"),


rule sweep:
    input:
        code=code("tabulate_sweep.py"),
        sheet=config["sweep"]["runs"],
        tables=tables_of_runs,
        subjects=SUBJECTS,
    output:
        **tables("results/sweep", ["sweep.md", "runs.csv"]),
        page=in_report("results/sweep/sweep.html", "Sweep", "tables", "sweep.rst"),
        figures=[
            in_report(
                f"results/sweep/{kind}.svg",
                "Sweep",
                f"figure: {kind}",
                "sweep_figure.rst",
            )
            for kind in ("accuracy", "speed")
        ],
    log:
        "results/logs/tabulate_sweep.log",
    conda:
        environment("cpu")
    message:
        "Comparing all runs of {input.sheet}"
    shell:
        """
        python {input.code[0]:q} \
            --sheet {input.sheet:q} \
            --runs results/runs \
            --subjects {input.subjects:q} \
            --out {output.directory:q} \
            2> >(tee {log:q} >&2)
        """
