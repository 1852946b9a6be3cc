# results/configuration.html: the configuration as a page, which snakemake's report leaves out.
# needs: nothing
# makes: results/configuration.html
rule write_configuration:
    input:
        code=code("write_configuration.py"),
    output:
        in_report(
            "results/configuration.html",
            "Configuration",
            "config.yaml, as run",
            "configuration.rst",
        ),
    log:
        "results/logs/write_configuration.log",
    conda:
        environment("cpu")
    params:
        # The report puts parameters inside a script, where "</script>" in a prompt would end it.
        config=as_json(config).replace("<", "\\u003c"),
    message:
        "Writing {output}"
    shell:
        """
        python {input.code[0]:q} \
            --config {params.config:q} \
            --out {output:q} \
            2> >(tee {log:q} >&2)
        """
