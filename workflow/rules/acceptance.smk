# acceptance: this host's device held against the CPU. Run only by name, never part of `all`.
# needs: with the demo results/model and results/quant; with other weights nothing
# makes: results/acceptance/: acceptance.json, the file to send back, acceptance.md, acceptance.html
IS_DEMO = config["model"]["source"] == settings.DEMO
DEMO_PROMPTS = shlex.quote(paths.own("resources/demo/calibration.jsonl"))
DEMO_OPTIONS = f"--model results/model --quant results/quant --prompts {DEMO_PROMPTS}"


# Its files are no outputs: Snakemake would delete them where an item fails, and would not run it again on another
# card or driver.
rule acceptance:
    input:
        demo=uncut(config, "_quant") if IS_DEMO else [],
    log:
        "results/logs/acceptance.log",
    conda:
        run_environment(config)
    threads: workflow.cores
    resources:
        **run_resources(config),
    params:
        device=config["engine"]["device"],
        demo=literal(DEMO_OPTIONS if IS_DEMO else ""),
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
