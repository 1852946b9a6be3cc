# results/sweep: all runs of the samplesheet sweep.runs, compared. Run only by name, never part of `all`.
# needs: sweep.runs, and for every run what its settings name
# makes: what runs have in common in results/shared/<stage>-<digest>/, or where `all` makes it, if config.yaml says the
#        same; each run's tables in results/runs/<name>/; results/sweep/: sweep.md, sweep.html, runs.csv, accuracy.svg,
#        speed.svg, tradeoff.svg
from baichuan2.configuration.schema import read_schema
from baichuan2.configuration.sweep import Runs


@cache
def sheet():
    """The samplesheet, read when a target needs it; each run is checked, and its homes are registered in `homes`."""
    return checked(Runs.read, Path(config["sweep"]["runs"]), config, homes, check_run)


def runs():
    """{name: configuration} of all runs."""
    return sheet().configs


def run_of(name):
    """The configuration of a run."""
    return checked(sheet().config, name)


def check_run(config):
    """Check a run as config.yaml is checked. A job does not check again what may be thousands of rows."""
    if workflow.is_main_process:
        settings.check_settings(config, read_schema())
    settings.apply_environment(config)
    settings.set_device_environment(config)
    if workflow.is_main_process:
        settings.check_files(config)
        run_resources(config)
        calibrate_resources(config)
        if not workflow.local_exec:
            settings.check_cluster(config, workflow.executor_plugin.name)


def record_of(wildcards, task, suffix):
    """The records of a run: its answers or times."""
    run = run_of(wildcards.run)
    stage = f"{task}{sheet().rows[wildcards.run].quant}"
    return f"{homes(run, stage)}/records/{stage}.{suffix}"


def rates_of_run(wildcards):
    """The record of a run under load, where its perf.rate asks for one."""
    return record_of(wildcards, "rates", "json") if run_of(wildcards.run)["perf"]["rate"] else []


def tables_of_runs(wildcards):
    """What rule sweep reads of every run."""
    read = ("ceval/summary.json", "ceval/test_result/cache0.csv", "perf/summary.json")
    return expand("results/runs/{run}/{file}", run=runs(), file=read)


use rule ceval as tabulate_run_ceval with:
    input:
        records=lambda wildcards: record_of(wildcards, "ceval", "jsonl"),
        subjects=listed([SUBJECTS]),
    output:
        **tables("results/runs/{run}/ceval", [*CEVAL_TABLES, "summary.html"]),
    log:
        "results/logs/runs/{run}/tabulate_ceval.log",
    params:
        code=code("tabulate_ceval.py"),
        labels=lambda wildcards: labels(run_of(wildcards.run), "ceval"),


use rule perf as tabulate_run_perf with:
    input:
        measurement=lambda wildcards: record_of(wildcards, "perf", "json"),
        rates=rates_of_run,
    output:
        **tables("results/runs/{run}/perf", [*PERF_TABLES, "summary.html"]),
    log:
        "results/logs/runs/{run}/tabulate_perf.log",
    params:
        code=code("tabulate_perf.py"),
        rates=rates_option,
        limits=lambda wildcards: goodput_options(run_of(wildcards.run)),
        labels=lambda wildcards: labels(run_of(wildcards.run), "perf"),


rule sweep:
    input:
        sheet=listed([config["sweep"]["runs"]]),
        tables=tables_of_runs,
        subjects=listed([SUBJECTS]),
    output:
        **tables("results/sweep", ["sweep.md", "runs.csv"]),
        page=in_report("results/sweep/sweep.html", "Sweep", "tables", "sweep.rst"),
        figures=[
            in_report(f"results/sweep/{kind}.svg", "Sweep", f"figure: {kind}", "sweep_figure.rst")
            for kind in ("accuracy", "speed", "tradeoff")
        ],
    log:
        "results/logs/tabulate_sweep.log",
    conda:
        environment("cpu")
    params:
        code=code("tabulate_sweep.py"),
        sheet=literal(config["sweep"]["runs"]),
        subjects=literal(SUBJECTS),
        unlisted=literal(unlisted([config["sweep"]["runs"], SUBJECTS])),
        language=LANGUAGE,
    message:
        "Comparing all runs of {params.sheet}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/tabulate_sweep.py" \
            --sheet {params.sheet:q} \
            --runs results/runs \
            --language {params.language} \
            --subjects {params.subjects:q} \
            --out {output.directory:q} \
            2> >(tee {log:q} >&2)
        """
