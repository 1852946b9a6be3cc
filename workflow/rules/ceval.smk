# results/ceval, results/ceval_quant: C-Eval's accuracy tables.
# needs: results/model or results/quant (cut, where parallel.world_size is above 1), or with engine.server
#        results/tokenizer; ceval.source
# makes: results/records/ceval{,_quant}.jsonl, one record a question, with parallel.data above 1 of the shares
#        ceval{,_quant}.<k>-of-<data>.jsonl; then results/ceval{,_quant}/: the guide's test_result/, summary.json,
#        summary.md, summary.html; and as targets of their own results/check_ceval{,_quant}.md
EXAM_SOURCE = settings.exam_source(config)
EXAM_HUB = checked(settings.Source.parse, EXAM_SOURCE, "ceval.source").hub
EXAM = "results/download/ceval-exam.zip" if EXAM_HUB else EXAM_SOURCE
CEVAL_TABLES = [
    "summary.md",
    "summary.json",
    "test_result/device0.log",
    "test_result/cache0.csv",
    "test_result/result_0_subject_acc.json",
    "test_result/result_0_classes_acc.json",
]
# Replicas of the model, each with its share of the questions. A job on a cluster has its host to itself.
DATA = config["parallel"]["data"]
RECORDS = "{home}/records/ceval{quant}"
SHARE = ".{scatteritem}" if DATA > 1 else ""


scattergather:
    ceval=DATA,


if EXAM_HUB:

    rule download_exam:
        output:
            EXAM,
        log:
            "results/logs/download_exam.log",
        conda:
            environment("cpu")
        params:
            code=code("download_exam.py"),
            source=literal(EXAM_SOURCE),
        message:
            "Downloading {params.source}"
        shell:
            """
            python "$BAICHUAN2_SCRIPTS/download_exam.py" \
                --source {params.source:q} \
                --out {output:q} \
                2> >(tee {log:q} >&2)
            """


@cache
def exam_files():
    """An exam's files, whose edits rerun the step: a zip, or every csv of a folder, an own exam's subjects too."""
    folder = Path(EXAM)
    return sorted(map(str, [*folder.glob("*/*.csv"), *folder.glob("subjects.csv")])) if folder.is_dir() else [EXAM]


def score_script(config):
    return "score_served.py" if served(config) else "score_ceval.py"


def score_params(config):
    ceval = config["ceval"]
    subjects = [] if ceval["subjects"] == "all" else ceval["subjects"]
    # The other protocols score options, all of a subject together; a server is asked so many questions at a time.
    counts = ceval["protocol"] == "sdk" or served(config)
    return {
        "code": launched(config, score_script(config)),
        "launch": launch(config),
        "exam": EXAM,
        "subjects_table": SUBJECTS,
        "unlisted": unlisted([*exam_files(), SUBJECTS]),
        "protocol": ceval["protocol"],
        "shots": ceval["shots"],
        "split": ceval["split"],
        "subjects": " ".join(f"--subject {shlex.quote(name)}" for name in subjects),
        "batch_size": f"--batch-size {ceval['batch_size']}" if counts else "",
        "exact": str(ceval["exact"]).lower(),
        "demo": "--demo" if settings.has_demo_exam(config) else "",
        "engine": engine_options(config),
    }


def weights(wildcards):
    return weights_of(config_of(wildcards.home), wildcards.quant)


rule score_ceval:
    input:
        weights=weights,
        exam=lambda wildcards: listed([*exam_files(), SUBJECTS]),
    output:
        records=f"{RECORDS}{SHARE}.jsonl",
    log:
        f"{{home}}/logs/score_ceval{{quant}}{SHARE}.log",
    conda:
        of_home(run_environment)
    threads: max(1, workflow.cores // (DATA if workflow.is_main_process else 1))
    resources:
        **all_of_home(run_resources),
    params:
        **params_of_home(score_params),
        script=of_home(score_script),
        weights=lambda wildcards: weights_options(config_of(wildcards.home), wildcards.quant),
        share=lambda wildcards: f"--share {wildcards.scatteritem}" if SHARE else "",
    message:
        "Answering the exam in {params.exam}"
    shell:
        """
        {resources.on_cards} {params.launch} "$BAICHUAN2_SCRIPTS/{params.script}" \
            {params.weights} \
            --exam {params.exam:q} \
            --subjects {params.subjects_table:q} \
            --out {output:q} \
            --protocol {params.protocol} \
            --shots {params.shots} \
            --split {params.split} {params.subjects} \
            {params.batch_size} {params.share} {params.demo} \
            --exact {params.exact} \
            {params.engine}{resources.patience},threads={threads} \
            2> >(tee {log:q} >&2)
        """


if SHARE:

    rule merge_ceval:
        input:
            shares=gather.ceval(f"{RECORDS}{SHARE}.jsonl", allow_missing=True),
        output:
            records=f"{RECORDS}.jsonl",
        log:
            "{home}/logs/merge_ceval{quant}.log",
        conda:
            environment("cpu")
        params:
            code=code("merge_ceval.py"),
            shares=lambda wildcards, input: " ".join(f"--share {share}" for share in input.shares),
        message:
            "Merging the answers of all replicas"
        shell:
            """
            python "$BAICHUAN2_SCRIPTS/merge_ceval.py" \
                {params.shares} \
                --out {output.records:q} \
                2> >(tee {log:q} >&2)
            """


rule ceval:
    input:
        records="results/records/ceval.jsonl",
        subjects=listed([SUBJECTS]),
    output:
        **tables("results/ceval", CEVAL_TABLES),
        page=in_report("results/ceval/summary.html", "Accuracy", f"C-Eval, {FLOAT}", "ceval.rst"),
    log:
        "results/logs/tabulate_ceval.log",
    conda:
        environment("cpu")
    params:
        code=code("tabulate_ceval.py"),
        labels=labels(config, "ceval"),
        subjects=literal(SUBJECTS),
        unlisted=literal(unlisted([SUBJECTS])),
    message:
        "Writing {output.directory}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/tabulate_ceval.py" \
            --records {input.records:q} \
            --subjects {params.subjects:q} \
            --out {output.directory:q} \
            {params.labels} \
            2> >(tee {log:q} >&2)
        """


use rule ceval as ceval_quant with:
    input:
        records="results/records/ceval_quant.jsonl",
        subjects=listed([SUBJECTS]),
    output:
        **tables("results/ceval_quant", CEVAL_TABLES),
        page=in_report("results/ceval_quant/summary.html", "Accuracy", f"C-Eval, {W8A8}", "ceval.rst"),
    log:
        "results/logs/tabulate_ceval_quant.log",


def own_weights(wildcards):
    checked(settings.refuse_server, config_of(wildcards.home), "check_ceval")
    return weights(wildcards)


use rule score_ceval as ask_in_four_ways with:
    input:
        weights=own_weights,
        exam=lambda wildcards: listed([*exam_files(), SUBJECTS]),
    output:
        "{home}/check_ceval{quant}.md",
    log:
        "{home}/logs/check_ceval{quant}.log",
    threads: workflow.cores
    params:
        code=of_home(lambda config: launched(config, "check_ceval.py")),
        script="check_ceval.py",
        share="",
    message:
        "Asking the exam in {params.exam} in four ways"


rule check_ceval:
    input:
        "results/check_ceval.md",


rule check_ceval_quant:
    input:
        "results/check_ceval_quant.md",
