# The runs of a sweep: the samplesheet, read when something of it is asked for, and what rules take of a run.


def check_run(config):
    """As config.yaml is checked. A job does not: its rows were, where it was submitted, and may be thousands."""
    if workflow.is_main_process:
        settings.check_settings(config, schema)
    settings.apply_environment(config)
    settings.set_device_environment(config)
    if workflow.is_main_process:
        check_jobs(config)


def check_jobs(config):
    """Whether a run's jobs find what they need."""
    settings.check_inputs(config, Path(SUBJECTS))
    run_resources(config)
    calibrate_resources(config)
    if not workflow.local_exec:
        settings.check_cluster(config, workflow.executor_plugin.name)
    source = settings.model_source(config)
    if not source.hub:
        settings.check_against_model(config, read_sizes(source.directory()))


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
        for stage in row.stages:
            homes(found[row.name], stage)
    return found


def run_of(name):
    """The configuration of a run."""
    return checked(named, name)


def named(name):
    if name not in runs():
        raise UserError(
            f"results/runs/{name}: no such run in {config['sweep']['runs']}; add its row"
        )
    return runs()[name]


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
    run = run_of(wildcards.run)
    stage = f"{task}{rows()[wildcards.run].quant}"
    return f"{homes(run, stage)}/records/{stage}.{suffix}"


def tables_of_runs(wildcards):
    """What rule sweep reads of every run."""
    read = ("ceval/summary.json", "ceval/test_result/cache0.csv", "perf/summary.json")
    return expand("results/runs/{run}/{file}", run=runs(), file=read)
