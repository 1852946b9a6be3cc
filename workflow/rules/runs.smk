# The runs of a sweep: the samplesheet, read when something of it is asked for, and what rules take of a run.


def check_run(config):
    settings.check_settings(config, schema)
    settings.check_inputs(config, Path(SUBJECTS))
    source = settings.model_source(config)
    if not source.hub:
        settings.check_against_model(config, sizes_of(directory_of(source)))


@cache
def rows():
    """{name: row} of the sheet."""
    sheet = Path(config["sweep"]["runs"])
    return {row.name: row for row in checked(read_sheet, sheet, schema)}


@cache
def runs():
    """{name: configuration}, each checked, and their shared folders known to `homes`."""
    sheet = Path(config["sweep"]["runs"])
    found = checked(configs_of, sheet, rows().values(), config, check_run)
    for row in rows().values():
        settings.set_device_environment(found[row.name])
        for stage in row.stages:
            homes(found[row.name], stage)
    return found


def config_of(home):
    """A configuration that decides what is in a shared folder."""
    runs()
    return checked(homes.config, home)


def of_home(function):
    """An input or a parameter that is a function of the configuration behind a shared folder."""
    return lambda wildcards: function(config_of(wildcards.home))


def of_homes(params):
    """All parameters of a rule, from `params`: configuration -> parameters."""
    found = cache(lambda home: params(config_of(home)))
    return {
        key: lambda wildcards, key=key: found(wildcards.home)[key]
        for key in params(config)
    }


def of_home_and_precision(function):
    return lambda wildcards: function(config_of(wildcards.home), wildcards.quant)


def of_slug(key):
    """A parameter of the download of a hub's model."""
    return lambda wildcards: next(
        download_params(run)[key]
        for run in runs().values()
        if settings.model_source(run).slug == wildcards.slug
    )


def record_of(wildcards, task, suffix):
    """Where the answers or times of a run are."""
    stage = f"{task}{rows()[wildcards.run].quant}"
    return f"{homes(runs()[wildcards.run], stage)}/records/{stage}.{suffix}"


def tables_of_runs(wildcards):
    """What rule sweep reads of every run."""
    read = ("ceval/summary.json", "ceval/test_result/cache0.csv", "perf/summary.json")
    return expand("results/runs/{run}/{file}", run=runs(), file=read)
