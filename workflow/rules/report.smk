# What `snakemake --report results/report.html` shows besides its own graph and times: the files that rules give to
# in_report, each with its caption in workflow/report/.
report: "../report/workflow.rst"


def in_report(path, category, label, caption):
    """A file that the report shows: under which category, as what, with which of workflow/report's captions."""
    return report(
        path,
        caption=f"../report/{caption}",
        category=category,
        labels={"result": label},
    )
