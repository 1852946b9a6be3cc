# results/ceval, results/ceval_quant: C-Eval's accuracy tables.
# needs: results/model or results/quant (cut, where parallel.world_size is above 1), ceval.source
# makes: results/records/ceval{,_quant}.jsonl, one record a question, then results/ceval{,_quant}/: the guide's
#        test_result/, summary.json, summary.md, summary.html; and where asked for, results/check_ceval{,_quant}.md
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
# The other protocols score options, all of a subject together.
BATCH_SIZE = (
    f"--batch-size {config['ceval']['batch_size']}"
    if config["ceval"]["protocol"] == "sdk"
    else ""
)
EXACT = str(config["ceval"]["exact"]).lower()
ASKED = [] if config["ceval"]["subjects"] == "all" else config["ceval"]["subjects"]


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
        code=code("score_ceval.py"),
        weights=weights,
        exam=lambda wildcards: files_of(EXAM),
        subjects=SUBJECTS,
    output:
        records="results/records/ceval{quant}.jsonl",
    log:
        "results/logs/score_ceval{quant}.log",
    conda:
        environment()
    threads: workflow.cores
    resources:
        **RUNS,
    params:
        launch=launch(),
        quant=quant_option,
        exam=EXAM,
        protocol=config["ceval"]["protocol"],
        shots=config["ceval"]["shots"],
        split=config["ceval"]["split"],
        subjects=" ".join(f"--subject {shlex.quote(name)}" for name in ASKED),
        batch_size=BATCH_SIZE,
        exact=EXACT,
        engine=engine_options(),
    message:
        "Answering the exam in {params.exam}"
    shell:
        """
        {resources.on_cards} {params.launch} {input.code[0]:q} \
            --model results/model {params.quant} \
            --exam {params.exam:q} \
            --subjects {input.subjects:q} \
            --out {output:q} \
            --protocol {params.protocol} \
            --shots {params.shots} \
            --split {params.split} {params.subjects} \
            {params.batch_size} \
            --exact {params.exact} \
            {params.engine} \
            --threads {threads} \
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
        labels=labels("ceval"),
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
        code=code("check_ceval.py"),
        weights=weights,
        exam=lambda wildcards: files_of(EXAM),
        subjects=SUBJECTS,
    output:
        table="results/check_ceval{quant}.md",
    log:
        "results/logs/check_ceval{quant}.log",
    message:
        "Asking the exam in {params.exam} in four ways"


rule check_ceval:
    input:
        "results/check_ceval.md",


rule check_ceval_quant:
    input:
        "results/check_ceval_quant.md",
