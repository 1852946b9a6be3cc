# results/ceval, results/ceval_quant: C-Eval's accuracy tables.
# needs: results/model or results/quant (cut, where parallel.world_size is above 1), ceval.source
# makes: results/records/ceval{,_quant}.jsonl, one record a question, with parallel.data above 1 of the shares
#        ceval{,_quant}.<k>-of-<data>.jsonl; then results/ceval{,_quant}/: the guide's test_result/, summary.json,
#        summary.md, summary.html; and where asked for, results/check_ceval{,_quant}.md
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
# Whether a replica has its host to itself, as a cluster's job.
HAS_HOST = not workflow.is_main_process
# The part of a file's name that says which replica's share of the questions is in it.
DATA = config["parallel"]["data"]
SHARE = f".{{share}}-of-{DATA}" if DATA > 1 else ""


if EXAM_HUB:

    rule download_exam:
        input:
            code=code("download_exam.py"),
        output:
            EXAM,
        log:
            "results/logs/download_exam.log",
        conda:
            environment("cpu")
        params:
            source=EXAM_SOURCE,
        message:
            "Downloading {params.source}"
        shell:
            """
            python {input.code[0]:q} \
                --source {params.source:q} \
                --out {output:q} \
                2> >(tee {log:q} >&2)
            """


rule score_ceval:
    input:
        code=launched(config, "score_ceval.py"),
        weights=weights,
        exam=lambda wildcards: files_of(EXAM),
        subjects=SUBJECTS,
    output:
        records=f"results/records/ceval{{quant}}{SHARE}.jsonl",
    log:
        f"results/logs/score_ceval{{quant}}{SHARE}.log",
    conda:
        run_environment(config)
    threads: workflow.cores if HAS_HOST else max(1, workflow.cores // DATA)
    resources:
        **run_resources(config),
    params:
        **of_plain(score_params),
        weights=lambda wildcards: weights_options(config, wildcards.quant),
        share=lambda wildcards: (
            f"--share {wildcards.share} --shares {DATA}" if DATA > 1 else ""
        ),
    message:
        "Answering the exam in {params.exam}"
    shell:
        """
        {resources.on_cards} {params.launch} {input.code[0]:q} \
            {params.weights} \
            --exam {params.exam:q} \
            --subjects {input.subjects:q} \
            --out {output:q} \
            --protocol {params.protocol} \
            --shots {params.shots} \
            --split {params.split} {params.subjects} \
            {params.batch_size} {params.share} \
            --exact {params.exact} \
            {params.engine} \
            --threads {threads} \
            2> >(tee {log:q} >&2)
        """


if DATA > 1:

    rule merge_ceval:
        input:
            code=code("merge_ceval.py"),
            shares=shares_of("results"),
        output:
            records="results/records/ceval{quant}.jsonl",
        log:
            "results/logs/merge_ceval{quant}.log",
        conda:
            environment("cpu")
        params:
            shares=lambda wildcards, input: " ".join(
                f"--share {share}" for share in input.shares
            ),
        message:
            "Merging the answers of all replicas"
        shell:
            """
            python {input.code[0]:q} \
                {params.shares} \
                --out {output.records:q} \
                2> >(tee {log:q} >&2)
            """


rule ceval:
    input:
        code=code("tabulate_ceval.py"),
        records="results/records/ceval.jsonl",
        subjects=SUBJECTS,
    output:
        **tables("results/ceval", CEVAL_TABLES),
        page=in_report(
            "results/ceval/summary.html", "Accuracy", "C-Eval, float", "ceval.rst"
        ),
    log:
        "results/logs/tabulate_ceval.log",
    conda:
        environment("cpu")
    params:
        labels=labels(config, "ceval"),
    message:
        "Writing {output.directory}"
    shell:
        """
        python {input.code[0]:q} \
            --records {input.records:q} \
            --subjects {input.subjects:q} \
            --out {output.directory:q} \
            {params.labels} \
            2> >(tee {log:q} >&2)
        """


use rule ceval as ceval_quant with:
    input:
        code=code("tabulate_ceval.py"),
        records="results/records/ceval_quant.jsonl",
        subjects=SUBJECTS,
    output:
        **tables("results/ceval_quant", CEVAL_TABLES),
        page=in_report(
            "results/ceval_quant/summary.html",
            "Accuracy",
            f"C-Eval, {W8A8}",
            "ceval.rst",
        ),
    log:
        "results/logs/tabulate_ceval_quant.log",


use rule score_ceval as ask_in_four_ways with:
    input:
        code=launched(config, "check_ceval.py"),
        weights=weights,
        exam=lambda wildcards: files_of(EXAM),
        subjects=SUBJECTS,
    output:
        table="results/check_ceval{quant}.md",
    log:
        "results/logs/check_ceval{quant}.log",
    threads: workflow.cores
    params:
        share="",
    message:
        "Asking the exam in {params.exam} in four ways"


rule check_ceval:
    input:
        "results/check_ceval.md",


rule check_ceval_quant:
    input:
        "results/check_ceval_quant.md",
