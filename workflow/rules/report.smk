# results/report.html: what `snakemake --report results/report.html` shows, besides rule graph and run times.
# makes: results/configuration.html, since snakemake leaves the configuration out; the other pages come with the tables
report: "../report/workflow.rst"


def in_report(path, category, label, caption):
    """A file that the report shows: under which category, as what, with which of workflow/report's captions."""
    return report(
        path,
        caption=f"../report/{caption}",
        category=category,
        labels={"result": label},
    )


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
