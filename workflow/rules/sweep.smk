# results/sweep: every run of the samplesheet sweep.runs, compared. Asked for by name, never part of `all`.
# needs: sweep.runs; for every run what its settings name
# makes: what several runs share in results/shared/<stage>-<digest>/ (or what `all` makes, where a run's settings are
#        config.yaml's own); each run's tables in results/runs/<name>/; results/sweep/: sweep.md, sweep.html, runs.csv,
#        accuracy.svg, speed.svg
RUNS_SHEET = config["sweep"]["runs"]
RUNS = {
    row.name: Run(row, checked(row.over, config, schema))
    for row in checked(read_sheet, Path(RUNS_SHEET), schema)
}
RUN_TABLES = {"ceval": CEVAL_TABLES, "perf": PERF_TABLES}
