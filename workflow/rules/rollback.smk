# results/rollback: what each linear's int8 costs, and which lists of linears in float are worth what.
# needs: results/model, results/records/calibration.json, quantize.calibration; with metric: accuracy ceval.source
# makes: results/records/sensitivity.json, rollback.json (auto's choice) and recipes.json, then results/rollback/:
#        ranking.csv, frontier.csv, frontier.svg, recipes.csv, summary.md, summary.html
SENSITIVITY = "results/records/sensitivity.json"
RECIPES = "results/records/recipes.json"
BY_ACCURACY = QUANTIZE["auto"]["metric"] == "accuracy"


rule measure_sensitivity:
    input:
        **exam_of_metric(config),
        code=code("measure_sensitivity.py"),
        model=MODEL,
        calibration=CALIBRATION,
        prompts=QUANTIZE["calibration"],
    output:
        SENSITIVITY,
    log:
        "results/logs/measure_sensitivity.log",
    conda:
        calibrate_environment(config)
    threads: workflow.cores
    resources:
        **calibrate_resources(config),
    params:
        **of_plain(sensitivity_params),
    message:
        "Measuring what int8 costs in every group of linears"
    shell:
        """
        {resources.on_cards} python {input.code[0]:q} \
            --model {params.model:q} \
            --calibration {input.calibration:q} \
            --prompts {input.prompts:q} \
            --out {output:q} \
            {params.exam} \
            {params.rounded} \
            --device {params.device} \
            --threads {threads} \
            2> >(tee {log:q} >&2)
        """


rule choose_rollback:
    input:
        code=code("choose_rollback.py"),
        sensitivity=SENSITIVITY,
    output:
        CHOSEN,
    log:
        "results/logs/choose_rollback.log",
    conda:
        environment("cpu")
    params:
        **of_plain(choose_params),
    message:
        "Choosing what stays in float: at most {params.budget} of {params.metric}"
    shell:
        """
        python {input.code[0]:q} \
            --sensitivity {input.sensitivity:q} \
            --out {output:q} \
            --metric {params.metric} \
            --budget {params.budget} \
            --spare {params.spare} \
            2> >(tee {log:q} >&2)
        """


rule measure_recipes:
    input:
        code=code("measure_recipes.py"),
        model=MODEL,
        calibration=CALIBRATION,
        prompts=QUANTIZE["calibration"],
        chosen=CHOSEN,
    output:
        RECIPES,
    log:
        "results/logs/measure_recipes.log",
    conda:
        calibrate_environment(config)
    threads: workflow.cores
    resources:
        **calibrate_resources(config),
    params:
        rounded=rounded(config),
        left_in_float=left_in_float(config),
        device=QUANTIZE["device"],
    message:
        "Measuring known lists of linears in float"
    shell:
        """
        {resources.on_cards} python {input.code[0]:q} \
            --model results/model \
            --calibration {input.calibration:q} \
            --prompts {input.prompts:q} \
            --chosen {input.chosen:q} \
            --out {output:q} \
            {params.rounded} \
            {params.left_in_float} \
            --device {params.device} \
            --threads {threads} \
            2> >(tee {log:q} >&2)
        """


rule rollback:
    input:
        code=code("tabulate_rollback.py"),
        sensitivity=SENSITIVITY,
        chosen=CHOSEN,
        recipes=RECIPES,
    output:
        **tables(
            "results/rollback",
            ["summary.md", "ranking.csv", "frontier.csv", "recipes.csv"],
        ),
        page=in_report(
            "results/rollback/summary.html", "Quantization", "tables", "rollback.rst"
        ),
        figure=in_report(
            "results/rollback/frontier.svg",
            "Quantization",
            "figure: frontier",
            "rollback_figure.rst",
        ),
    log:
        "results/logs/tabulate_rollback.log",
    conda:
        environment("cpu")
    params:
        labels=labels(config, "ceval" if BY_ACCURACY else "rollback"),
    message:
        "Writing {output.directory}"
    shell:
        """
        python {input.code[0]:q} \
            --sensitivity {input.sensitivity:q} \
            --chosen {input.chosen:q} \
            --recipes {input.recipes:q} \
            --out {output.directory:q} \
            {params.labels} \
            2> >(tee {log:q} >&2)
        """
