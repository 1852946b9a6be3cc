# results/inference, results/inference_quant: answers to prompts.
# needs: results/model or results/quant (cut, where parallel.world_size is above 1), or with engine.server
#        results/tokenizer; inference.prompts
# makes: results/records/inference{,_quant}.jsonl, then results/inference{,_quant}/: answers.jsonl, answers.md, answers.html
PROMPTS = config["inference"]["prompts"]
GENERATION_CONFIG = (
    str(SOURCE.directory() / "generation_config.json") if config["inference"]["sampling"] == "published" else None
)
SAMPLING_FILES = [GENERATION_CONFIG] if GENERATION_CONFIG and not SOURCE.hub else []
# Greedy answers have no seed: a new one reruns nothing.
SAMPLING = (
    f"--generation-config {shlex.quote(GENERATION_CONFIG)} --seed {config['inference']['seed']}"
    if GENERATION_CONFIG
    else ""
)

ANSWERS = "answer_served.py" if served(config) else "run_inference.py"


if isinstance(PROMPTS, list):
    PROMPTS = "results/records/prompts.jsonl"

    rule write_prompts:
        output:
            PROMPTS,
        log:
            "results/logs/write_prompts.log",
        conda:
            environment("cpu")
        params:
            lines=literal("\n".join(as_json({"prompt": prompt}) for prompt in config["inference"]["prompts"])),
        message:
            "Writing the prompts of config.yaml to {output}"
        shell:
            "printf '%s\\n' {params.lines:q} > {output:q} 2> {log:q}"


rule run_inference:
    input:
        weights=lambda wildcards: weights_of(config, wildcards.quant),
        prompts=listed([PROMPTS]),
        sampling=listed(SAMPLING_FILES),
    output:
        answers="results/records/inference{quant}.jsonl",
    log:
        "results/logs/run_inference{quant}.log",
    conda:
        run_environment(config)
    threads: workflow.cores
    resources:
        **run_resources(config),
    params:
        **named(max_new_tokens=config["inference"]["max_new_tokens"], batch_size=config["inference"]["batch_size"]),
        code=launched(config, ANSWERS),
        script=ANSWERS,
        launch=launch(config),
        weights=lambda wildcards: weights_options(config, wildcards.quant),
        format=config["inference"]["format"],
        prompts=literal(PROMPTS),
        sampling=literal(SAMPLING),
        unlisted=literal(unlisted([PROMPTS, *SAMPLING_FILES])),
        engine=engine_options(config),
    message:
        "Answering the prompts of {params.prompts}"
    shell:
        """
        {resources.on_cards} {params.launch} "$BAICHUAN2_SCRIPTS/{params.script}" \
            {params.weights} \
            --prompts {params.prompts:q} \
            --out {output.answers:q} \
            --format {params.format} \
            {params.sampling} \
            --max-new-tokens {params.max_new_tokens} \
            --batch-size {params.batch_size} \
            {params.engine}{resources.patience},threads={threads} \
            2> >(tee {log:q} >&2)
        """


rule inference:
    input:
        answers="results/records/inference.jsonl",
    output:
        **tables("results/inference", ["answers.md", "answers.jsonl"]),
        page=in_report("results/inference/answers.html", "Answers", f"answers, {FLOAT}", "inference.rst"),
    log:
        "results/logs/tabulate_inference.log",
    conda:
        environment("cpu")
    params:
        code=code("tabulate_inference.py"),
        labels=labels(config, "inference"),
    message:
        "Writing {output.directory}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/tabulate_inference.py" \
            --answers {input.answers:q} \
            --out {output.directory:q} \
            {params.labels} \
            2> >(tee {log:q} >&2)
        """


use rule inference as inference_quant with:
    input:
        answers="results/records/inference_quant.jsonl",
    output:
        **tables("results/inference_quant", ["answers.md", "answers.jsonl"]),
        page=in_report("results/inference_quant/answers.html", "Answers", f"answers, {W8A8}", "inference.rst"),
    log:
        "results/logs/tabulate_inference_quant.log",
