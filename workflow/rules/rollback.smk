# results/rollback: what each linear's int8 costs, and which lists of linears in float are worth what.
# needs: results/model, results/records/calibration.json, quantize.calibration; with metric: accuracy ceval.source
# makes: results/records/sensitivity.json, rollback.json (auto's choice) and recipes.json, then results/rollback/:
#        ranking.csv, frontier.csv, frontier.svg, recipes.csv, summary.md, summary.html


def by_accuracy(config):
    """Whether auto measures accuracy, on the exam, and not KL."""
    return config["quantize"]["auto"]["metric"] == "accuracy"


def sensitivity_of(config):
    return f"{homes(config, 'sensitivity')}/records/sensitivity.json"


def exam_of_metric(config):
    """The files of the exam, and of its subjects, that auto measures accuracy on; none with another metric."""
    return [*exam_files(), SUBJECTS] if by_accuracy(config) else []


def sensitivity_params(config):
    exam = f"--exam {shlex.quote(EXAM)} --subjects {shlex.quote(SUBJECTS)}"
    prompts = config["quantize"]["calibration"]
    return {
        "model": model_of(config),
        "device": config["quantize"]["device"],
        "rounding": quantize_options(config, Rounding),
        "exam": exam if by_accuracy(config) else "",
        "prompts": prompts,
        "unlisted": unlisted([*exam_of_metric(config), prompts]),
    }


rule rank_linears:
    input:
        exam=of_home(lambda config: listed(exam_of_metric(config))),
        model=of_home(model_files),
        calibration=of_home(calibration_of),
        prompts=of_home(lambda config: listed([config["quantize"]["calibration"]])),
    output:
        "{home}/records/sensitivity.json",
    log:
        "{home}/logs/measure_sensitivity.log",
    conda:
        of_home(calibrate_environment)
    threads: workflow.cores
    resources:
        **all_of_home(calibrate_resources),
    params:
        **params_of_home(sensitivity_params),
        code=code("measure_sensitivity.py"),
    message:
        "Measuring what int8 costs in every group of linears"
    shell:
        """
        {resources.on_cards} python "$BAICHUAN2_SCRIPTS/measure_sensitivity.py" \
            --model {params.model:q} \
            --calibration {input.calibration:q} \
            --prompts {params.prompts:q} \
            --out {output:q} \
            {params.exam} \
            {params.rounding} \
            --device {params.device} \
            --threads {threads} \
            2> >(tee {log:q} >&2)
        """


rule measure_sensitivity:
    input:
        sensitivity_of(config),


def choose_params(config):
    auto = config["quantize"]["auto"]
    return auto | {"budget": float(auto["budget"])}


rule choose_linears:
    input:
        sensitivity=of_home(sensitivity_of),
    output:
        "{home}/records/rollback.json",
    log:
        "{home}/logs/choose_rollback.log",
    conda:
        environment("cpu")
    params:
        **params_of_home(choose_params),
        code=code("choose_rollback.py"),
    message:
        "Choosing what stays in float: at most {params.budget} of {params.metric}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/choose_rollback.py" \
            --sensitivity {input.sensitivity:q} \
            --out {output:q} \
            --metric {params.metric} \
            --budget {params.budget} \
            --spare {params.spare} \
            2> >(tee {log:q} >&2)
        """


rule choose_rollback:
    input:
        chosen_of(config),


rule measure_recipes:
    input:
        model=model_files(config),
        calibration=calibration_of(config),
        prompts=listed([config["quantize"]["calibration"]]),
        chosen=chosen_of(config),
    output:
        "results/records/recipes.json",
    log:
        "results/logs/measure_recipes.log",
    conda:
        calibrate_environment(config)
    threads: workflow.cores
    resources:
        **calibrate_resources(config),
    params:
        code=code("measure_recipes.py"),
        prompts=literal(config["quantize"]["calibration"]),
        unlisted=literal(unlisted([config["quantize"]["calibration"]])),
        options=literal(quantize_options(config, StreamingParameters)),
        device=config["quantize"]["device"],
    message:
        "Measuring known lists of linears in float"
    shell:
        """
        {resources.on_cards} python "$BAICHUAN2_SCRIPTS/measure_recipes.py" \
            --model results/model \
            --calibration {input.calibration:q} \
            --prompts {params.prompts:q} \
            --chosen {input.chosen:q} \
            --out {output:q} \
            {params.options} \
            --device {params.device} \
            --threads {threads} \
            2> >(tee {log:q} >&2)
        """


rule rollback:
    input:
        sensitivity=sensitivity_of(config),
        chosen=chosen_of(config),
        recipes="results/records/recipes.json",
    output:
        **tables("results/rollback", ["summary.md", "ranking.csv", "frontier.csv", "recipes.csv"]),
        page=in_report("results/rollback/summary.html", "Quantization", "tables", "rollback.rst"),
        figure=in_report("results/rollback/frontier.svg", "Quantization", "figure: frontier", "rollback_figure.rst"),
    log:
        "results/logs/tabulate_rollback.log",
    conda:
        environment("cpu")
    params:
        code=code("tabulate_rollback.py"),
        labels=labels(config, "ceval" if by_accuracy(config) else "rollback"),
    message:
        "Writing {output.directory}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/tabulate_rollback.py" \
            --sensitivity {input.sensitivity:q} \
            --chosen {input.chosen:q} \
            --recipes {input.recipes:q} \
            --out {output.directory:q} \
            {params.labels} \
            2> >(tee {log:q} >&2)
        """
