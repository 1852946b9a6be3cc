# Baichuan2: from published weights to an accuracy table and a speed table, in float and in W8A8.
import atexit
import gc
import sys
import time
from pathlib import Path

from snakemake.settings.enums import Quietness
from snakemake.utils import min_version

min_version("9.27")

# What Snakemake has imported stays: each full collection would walk all of it, and parsing the rules makes many.
gc.freeze()

# Of this file, not workflow.basedir: another workflow's module has its own there.
CHECKOUT = Path(workflow.current_basedir.get_path_or_uri(secret_free=True))
if not CHECKOUT.is_dir():
    raise SystemExit(f"error: {CHECKOUT}: the workflow runs from a clone alone; git clone it, and name its Snakefile")

# Where pandas can be imported, Snakemake does so to see whether a parameter is a table; none of ours is. Not in another
# workflow, which may need it.
if workflow.basedir == str(CHECKOUT):
    sys.modules.setdefault("pandas", None)

sys.path.insert(0, str(CHECKOUT / "workflow" / "scripts"))

from baichuan2.configuration import settings
from baichuan2.configuration.schema import read_config_file
from baichuan2.configuration.settings import checked
from baichuan2.errors import print_errors_of

checked(settings.check_place, Path.cwd())
checked(settings.check_command_line, sys.argv)
checked(settings.check_prefix, workflow.modifier.path_modifier.replace_prefix)
if not workflow.modifier.skip_configfile:  # as with the config that another workflow gives to its module
    CONFIG_FILE = settings.config_file(workflow.is_main_process)
    checked(read_config_file, Path(CONFIG_FILE))

    configfile: CONFIG_FILE


config = checked(settings.prepared, config, workflow.config_settings.config, workflow.is_main_process)


include: "workflow/rules/common.smk"


# Refuse too many cards here, in one line: the rules below do not check their resources.
checked(run_resources, config)
checked(calibrate_resources, config)


include: "workflow/rules/model.smk"
include: "workflow/rules/quantize.smk"
include: "workflow/rules/cut.smk"
include: "workflow/rules/export.smk"
include: "workflow/rules/inference.smk"
include: "workflow/rules/ceval.smk"
include: "workflow/rules/rollback.smk"
include: "workflow/rules/perf.smk"
include: "workflow/rules/rates.smk"
include: "workflow/rules/serve.smk"
include: "workflow/rules/compare.smk"
include: "workflow/rules/sweep.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/verify.smk"
include: "workflow/rules/host.smk"
include: "workflow/rules/check.smk"
include: "workflow/rules/rehearsal.smk"
include: "workflow/rules/acceptance.smk"


# What a server's model has none of: our own weights, and W8A8 beside them.
OF_OWN_ENGINE = [
    rules.patch_config.output,
    rules.inference_quant.output,
    rules.ceval_quant.output,
    rules.perf_quant.output,
    rules.compare.output,
]


rule all:
    default_target: True
    input:
        rules.inference.output,
        rules.ceval.output,
        rules.perf.output,
        [] if served(config) else OF_OWN_ENGINE,
        rules.write_configuration.output,


# On a cluster, jobs whose resources name cards are submitted (NO_CARD too); the others take moments and run here.
workflow.localrules(*(rule.name for rule in workflow.modifier.rules if "cards" not in rule.resources))


onstart:
    if not workflow.local_exec:
        checked(settings.check_cluster, config, workflow.executor_plugin.name)
    targets = {rule.name for rule in workflow.rules if rule.norun}
    checked(settings.check_forced, targets & set(workflow.dag_settings.forcerun))
    if workflow.executor_plugin.name == "slurm":
        checked(settings.check_slurm, workflow.executor_settings.status_command)


# A failed job's log that is older than this is of an earlier run.
STARTED = time.time()


onerror:
    # Snakemake describes a failed job in some 25 lines; the cure comes once more, below them all.
    if Quietness.ALL not in (workflow.output_settings.quiet or ()):
        failed = [each for job in workflow.scheduler.failed for each in (job if job.is_group() else [job])]
        atexit.register(print_errors_of, [Path(log) for job in failed for log in job.log], STARTED)
