# acceptance: this host's device held against the CPU. Run only by name, never part of `all`.
# needs: results/model and results/quant of the demo, or of a model.source such as demo-13b, which computes it: then the
#        demo's own in results/shared too; with other weights nothing
# makes: results/acceptance/: acceptance.json, the file to send back, acceptance.md, acceptance.html
COMPUTES_DEMO = config["model"]["source"] in KNOWN


def accepted():
    """The configurations whose model and artefact the device's answers are compared by."""
    checked(settings.refuse_server, config, "acceptance")
    if COMPUTES_DEMO:
        return [config, demo_run()]
    return [config] if config["model"]["source"] == settings.DEMO else []


def accepted_options():
    if not accepted():
        return ""
    known = demo_run() if COMPUTES_DEMO else None
    of_known = f"--known-model {model_of(known)} --known-quant {quant_of(known)}" if known else ""
    prompts = shlex.quote(paths.own(settings.DEMO_CALIBRATION))
    return f"--model results/model --quant results/quant {of_known} --prompts {prompts}"


# Its files are no outputs: Snakemake would delete them where an item fails, and would not run it again on another
# card or driver.
rule acceptance:
    input:
        demo=lambda wildcards: [file for run in accepted() for file in uncut(run, "_quant")],
    log:
        "results/logs/acceptance.log",
    conda:
        run_environment(config)
    threads: workflow.cores
    resources:
        **run_resources(config),
    params:
        device=config["engine"]["device"],
        demo=lambda wildcards: accepted_options(),
    message:
        "Holding the device against the CPU"
    shell:
        """
        {resources.on_cards} python "$BAICHUAN2_SCRIPTS/accept_device.py" \
            --device {params.device} \
            {params.demo} \
            --out results/acceptance \
            2>&1 | tee {log:q}
        """
