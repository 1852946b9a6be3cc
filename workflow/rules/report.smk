# What `snakemake --report results/report.html` shows: Snakemake's own graph and times, the files that rules give to
# in_report, and the configuration, which it leaves out.
# needs: nothing
# makes: results/configuration.html
if workflow.is_main_process:
    from docutils.parsers.rst import directives

    from baichuan2.report import overview

    # What workflow.rst begins with: it is read, and the results' summaries with it, when a report is made.
    directives.register_directive("overview", overview.directive(config, Path("results")))


report: f"../report/{LANGUAGE}/workflow.rst"


rule write_configuration:
    output:
        in_report("results/configuration.html", "Configuration", "config.yaml, as run", "configuration.rst"),
    log:
        "results/logs/write_configuration.log",
    conda:
        environment("cpu")
    params:
        code=code("write_configuration.py"),
        # The report puts parameters inside a script, where "</script>" in a prompt would end it.
        language=LANGUAGE,
        config=literal(as_json(config).replace("<", "\\u003c")),
    message:
        "Writing {output}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/write_configuration.py" \
            --config {params.config:q} \
            --language {params.language} \
            --out {output:q} \
            2> >(tee {log:q} >&2)
        """
