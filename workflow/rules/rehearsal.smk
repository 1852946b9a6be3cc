# results/rehearsal.md, results/rehearsal_quant.md: a run at full size, whose answers are known, held against the demo's.
# needs: a model.source such as demo-13b (config/rehearsal-13b.yaml); what the run made, and the demo's own run, which
#        is made beside it in results/shared
# makes: the table; or one line that says with which stage a difference began. Run only by name, never part of `all`.
@cache
def demo_run():
    """The configuration of the demo's own run; its homes are registered in `homes`."""
    run = checked(settings.demo_run, config)
    for stage in ("model", "calibration", "quant", "ceval", "ceval_quant"):
        homes(run, stage)
    return run


if config["model"]["source"] in KNOWN and config["quantize"]["rollback"] != "auto":
    demo_run()  # a cluster's job, which is asked for a file of it, knows its homes too


def rehearsed(config, quant):
    """{option of rehearse.py: what a run made that is compared}."""
    made = {"model": model_of(config), "records": f"{homes(config, f'ceval{quant}')}/records/ceval{quant}.jsonl"}
    if quant:
        made["quant"] = quant_of(config)
        if calibration_of(config) in ranges_of(config):
            made["calibration"] = calibration_of(config)
    return made


def rehearsed_files(quant):
    """The files of both runs that mark what is compared as whole."""
    checked(settings.refuse_server, config, "rehearsal")
    runs = [rehearsed(run, quant) for run in (config, demo_run())]
    files = [file for made in runs for name, file in made.items() if name in ("records", "calibration")]
    return [*files, *weights_of(config, quant), *uncut(demo_run(), quant)]


def rehearsal_options(quant):
    ranks = config["parallel"]["world_size"]
    parts = {"parts": parts_folder(config, quant), "world-size": ranks} if ranks > 1 else {}
    known = {f"known-{name}": file for name, file in rehearsed(demo_run(), quant).items()}
    values = rehearsed(config, quant) | parts | known
    return " ".join(f"--{name} {value}" for name, value in values.items())


rule rehearsal:
    input:
        lambda wildcards: rehearsed_files(""),
    output:
        "results/rehearsal.md",
    log:
        "results/logs/rehearsal.log",
    conda:
        environment("cpu")
    resources:
        **NO_CARD,
    params:
        code=code("rehearse.py"),
        demo=lambda wildcards: settings.demo_of(config["model"]["source"]),
        title=literal(f"Rehearsal of {config['model']['source']}, float"),
        made=lambda wildcards: rehearsal_options(""),
    message:
        "Holding the run against the demo's"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/rehearse.py" \
            --demo {params.demo:q} \
            --title {params.title:q} \
            --out {output:q} \
            {params.made} \
            2> >(tee {log:q} >&2)
        """


use rule rehearsal as rehearsal_quant with:
    input:
        lambda wildcards: rehearsed_files("_quant"),
    output:
        "results/rehearsal_quant.md",
    log:
        "results/logs/rehearsal_quant.log",
    params:
        code=code("rehearse.py"),
        demo=lambda wildcards: settings.demo_of(config["model"]["source"]),
        title=literal(f"Rehearsal of {config['model']['source']}, {W8A8}"),
        made=lambda wildcards: rehearsal_options("_quant"),
