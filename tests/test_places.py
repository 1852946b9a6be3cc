"""Where files are: paths of config.yaml, the workflow run from another folder or as another's module, and the command
line as people type it.
"""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from snakemake.cli import parse_config
from snakemake.utils import update_config

from baichuan2.configuration import paths, settings
from baichuan2.configuration.schema import read_config_file, read_schema, read_words
from baichuan2.configuration.sweep import Row, configs_of
from baichuan2.errors import UserError
from helpers.projects import ROOT, copy_project, snakemake

CONFIG = read_config_file(ROOT / "config/config.yaml")
SCHEMA = read_schema()
AWKWARD = "m{0} $x 'é #%"  # a folder's name; {0} is a wildcard to Snakemake, and $x a variable to a shell


# ---- paths -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("~/w", "/home/me/w"),
        ("$DATA/w", "/data 1/w"),
        ("${DATA}/w{DATA}", "/data 1/w{DATA}"),
        ("m$$DATA", "m$DATA"),
        ("100 $ $5", "100 $ $5"),
        ("resources/" + "x" * 300, "resources/" + "x" * 300),
        ("resources/\0", "resources/\0"),
        ("./a//b/", "a/b"),
        ("./~", "~"),
        ("-x", "-x"),
        (AWKWARD.replace("$", "$$"), AWKWARD),
        ("demo", "demo"),
        ("hf:org/$DATA@v1", "hf:org/$DATA@v1"),
        ("/old/results:quant", "/old/results:quant"),
    ],
)
def test_a_path_means(monkeypatch, tmp_path, written, meant):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("DATA", "/data 1")
    assert paths.resolved(written, "model.source") == meant


def test_a_variable_that_is_not_set():
    line = r"^model\.source: \$NO_SUCH/w: NO_SUCH is not set in the environment; set it, or write \$\$ for a dollar$"
    with pytest.raises(UserError, match=line):
        paths.resolved("$NO_SUCH/w", "model.source")


def test_files_that_the_workflow_brings_along(monkeypatch, tmp_path):
    """The working folder's own come first; where it is the checkout, or holds it, nothing has an absolute path."""
    mine = "resources/demo/calibration.jsonl"
    monkeypatch.chdir(tmp_path)
    assert paths.resolved(mine, "quantize.calibration") == str(ROOT / mine)
    assert paths.resolved("resources/nowhere", "model.source") == "resources/nowhere"
    assert paths.resolved("workflow", "model.source") == "workflow"
    (tmp_path / "resources/demo").mkdir(parents=True)
    (tmp_path / mine).touch()
    assert paths.resolved(mine, "quantize.calibration") == mine
    monkeypatch.chdir(ROOT)
    assert paths.resolved(mine, "quantize.calibration") == paths.own(mine) == mine
    monkeypatch.chdir(ROOT.parent)
    assert paths.own(mine) == f"{ROOT.name}/{mine}"


def test_every_free_text_of_the_schema_is_a_path():
    """A new key cannot forget it: what a text may be is in an enum or a pattern, or it is a path."""
    keys = {
        f"{name}.{key}": rules
        for name, part in SCHEMA["properties"].items()
        for key, rules in part["properties"].items()
    }
    texts = {key for key, rules in keys.items() if "string" in rules.get("type", ()) and "pattern" not in rules}
    assert texts == {key for key, rules in keys.items() if rules.get("format") == "path"}
    assert len(texts) >= 7


def test_every_path_is_expanded(monkeypatch):
    monkeypatch.setenv("DATA", "/data")
    config = copy.deepcopy(CONFIG)
    for section, part in SCHEMA["properties"].items():
        for key, rules in part["properties"].items():
            if rules.get("format") == "path":
                config[section][key] = f"$DATA/{section}.{key}"
    paths.resolve(config, SCHEMA)
    assert config["compare"] == {"of": "/data/compare.of", "to": "/data/compare.to"}
    assert "$DATA" not in str(config)


def test_a_cell_of_a_sheet_is_a_path_too(monkeypatch):
    """And what config.yaml has, expanded already, is not expanded again."""
    monkeypatch.setenv("DATA", "/data")
    config = copy.deepcopy(CONFIG) | {"ceval": CONFIG["ceval"] | {"source": "/exams/$new"}}
    rows = [Row("a", "quant", {"quantize.calibration": "$DATA/p.jsonl", "ceval.shots": 0})]
    run = configs_of(Path("runs.csv"), rows, config, lambda run: None)["a"]
    assert run["quantize"]["calibration"] == "/data/p.jsonl"
    assert run["ceval"] == config["ceval"] | {"shots": 0}
    with pytest.raises(UserError, match=r"^runs\.csv, run a: model\.source: \$NO_SUCH: NO_SUCH is not set"):
        configs_of(Path("runs.csv"), [Row("a", "float", {"model.source": "$NO_SUCH"})], config, lambda run: None)


def test_what_braces_hide_from_snakemake_is_known_by_its_content(tmp_path):
    plain, braced = tmp_path / "p.jsonl", tmp_path / "p{0}.jsonl"
    braced.write_bytes(b"abc")
    assert paths.listed([str(plain), str(braced)]) == [str(plain)]
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of abc, by FIPS 180
    assert paths.unlisted([str(plain), str(braced)]) == {str(braced): digest}


# ---- the command line ------------------------------------------------------------------------------------


def given(*entries: str) -> dict:
    """The configuration with --config's entries, as Snakemake merges them and we read them."""
    words, config = parse_config(list(entries)), copy.deepcopy(CONFIG)
    update_config(config, words)
    read_words(config, words, SCHEMA)
    settings.check_settings(config, SCHEMA)
    return config


@pytest.mark.parametrize(
    ("entry", "key", "value"),
    [
        ("ceval={shots: 0}", "ceval.shots", 0),
        ('ceval={"shots": 0}', "ceval.shots", 0),
        ("ceval={exact: false}", "ceval.exact", False),
        ("ceval={subjects: [law]}", "ceval.subjects", ["law"]),
        ("ceval={subjects: '[law]'}", "ceval.subjects", ["law"]),
        ("quantize={anti_outlier: null}", "quantize.anti_outlier", None),
        ("quantize={pr: 1.0}", "quantize.pr", 1.0),
        ("quantize={rollback: [1, '*.mlp.up_proj']}", "quantize.rollback", [1, "*.mlp.up_proj"]),
        ("quantize={auto: {budget: 0.5}}", "quantize.auto", CONFIG["quantize"]["auto"] | {"budget": 0.5}),
        ("perf={case_pair: [[8, 16]]}", "perf.case_pair", [[8, 16]]),
        ("inference={prompts: ['1', '[a]', null]}", "inference.prompts", ["1", "[a]", "null"]),
        ("inference={prompts: '[a]'}", "inference.prompts", "[a]"),
        ("model={name: 13}", "model.name", "13"),
    ],
)
def test_what_config_gives_is_read_as_in_config_yaml(entry, key, value):
    section, name = key.split(".")
    config = given(entry)
    assert (config[section][name], type(config[section][name])) == (value, type(value))
    assert config == CONFIG | {section: CONFIG[section] | {name: value}}  # merged, not replaced


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("ceval={shots: 0x}", "ceval.shots: is '0x'; it must be a whole number"),
        ("ceval={shots: -9}", "ceval.shots: is -9; it must be at least 0"),
        ("perf={repeats: 2.0}", "perf.repeats: is 2.0; it must be a whole number"),
        ("perf=5", "perf: is 5; it must be a mapping of keys"),
    ],
)
def test_what_config_gives_and_config_yaml_may_not_hold(entry, line):
    with pytest.raises(UserError) as caught:
        given(entry)
    assert str(caught.value) == line


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            "--configfile a.yaml --configfile b.yaml",
            "--configfile: is there twice, and Snakemake takes the last alone",
        ),
        ("--configfile=a.yaml --configfiles=b.yaml", "--configfile: is there twice"),
        ("--archive x.tar.gz", "--archive: Snakemake packs conda's packages alone"),
        ("--containerize", "--containerize: Snakemake takes no environment that depends on"),
        ("--containerize=apptainer", "--containerize: Snakemake takes no environment that depends on"),
    ],
)
def test_what_snakemake_would_do_otherwise(arguments, line):
    with pytest.raises(UserError, match=f"^{line}"):
        settings.check_command_line(["snakemake", *arguments.split()])
    settings.check_command_line(["snakemake", "ceval", "--configfile", "a.yaml", "b.yaml", "--config", "x={}"])


@pytest.mark.parametrize(
    ("section", "change", "named"),
    [
        ("model", {}, None),
        ("parallel", {"world_size": 2}, None),
        ("model", {"name": "baichuan2_13b"}, "model.name baichuan2_13b"),
        ("ceval", {"source": "hf:ceval/ceval-exam"}, "ceval.source hf:ceval/ceval-exam"),
        ("compare", {"to": "gpu"}, "compare.to gpu"),
        ("compare", {"to": str(ROOT)}, None),
        ("model", {"name": "baichuan2_13b", "source": "hf:a/b"}, None),
    ],
)
def test_the_demo_beside_a_real_model_s_keys(section, change, named):
    config = CONFIG | {section: CONFIG[section] | change}
    line = f"model.source: is demo, beside {named}: results are the demo's; set it"
    assert settings.demo_warning(config) == ([line] if named else [])
    assert settings.demo_warning(config | {"perf": config["perf"] | {"weights": "random:baichuan2-13b"}}) == []


@pytest.mark.parametrize(
    ("section", "change", "warned"),
    [
        ("model", {}, True),
        ("model", {"source": "demo"}, False),
        ("model", {"source": "demo-13b"}, False),
        ("model", {"source": settings.DEMO_MODEL_7B}, False),
        ("quantize", {"calibration": "resources/calibration/guide-50.jsonl"}, False),
        ("engine", {"server": "http://127.0.0.1:8000/v1"}, False),
    ],
)
def test_the_demos_prompts_beside_another_model(section, change, warned):
    config = CONFIG | {"model": CONFIG["model"] | {"source": "hf:a/b"}}
    lines = settings.calibration_warning(config | {section: config[section] | change})
    assert [line.partition(":")[0] for line in lines] == ["quantize.calibration"] * warned
    assert all("beside model.source hf:a/b" in line for line in lines)


# ---- from elsewhere --------------------------------------------------------------------------------------

HEAD = f"""
rule mine:
    output: "mine.txt"
    shell: "touch {{output}}"

module baichuan2:
    snakefile: "{ROOT}/Snakefile"
"""
USE = """
use rule * from baichuan2 as b_*

print("local:", *workflow._localrules)

rule all:
    default_target: True
    input: rules.b_all.input, rules.mine.output
"""
OWN = "    config: config\n"


def dry_run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return snakemake(folder, "--dry-run", *arguments)


def module(folder: Path, text: str, config: dict | None = None) -> None:
    """Another workflow in `folder`, with the module; config: what its own config/config.yaml holds."""
    head = 'configfile: "config/config.yaml"\n' if config else ""
    (folder / "Snakefile").write_text(head + text, encoding="utf-8")
    if config:
        (folder / "config").mkdir()
        (folder / "config/config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")


def test_a_folder_without_a_configuration(tmp_path):
    """The workflow's own is taken, and a line says so; nothing is written."""
    done = dry_run(tmp_path, "--snakefile", f"{ROOT}/Snakefile")
    assert done.returncode == 0, done.stderr
    line = f"warning: config/config.yaml: is not in {tmp_path}, so {ROOT}/config/config.yaml is taken"
    assert done.stderr.count(line) == 1
    assert {path.name for path in tmp_path.iterdir()} == {".snakemake"}


def test_a_folder_with_its_own(tmp_path):
    """Whose prompts hold braces, as prompts do."""
    config = CONFIG | {"inference": CONFIG["inference"] | {"prompts": ["What is {0} + {x}?"]}}
    (tmp_path / "config").mkdir()
    (tmp_path / "config/config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    done = dry_run(tmp_path, "--snakefile", f"{ROOT}/Snakefile", "--printshellcmds")
    assert (done.returncode, "warning" in done.stderr) == (0, False), done.stderr
    assert '{"prompt":"What is {0} + {x}?"}' in done.stdout + done.stderr
    assert f"{ROOT}/resources/demo/calibration.jsonl" in done.stdout + done.stderr


def test_as_a_module_of_another_workflow(tmp_path):
    """All of it, renamed, beside the other's own rules, which stay what they were."""
    module(tmp_path, HEAD + OWN + USE, CONFIG)
    done = dry_run(tmp_path)
    assert done.returncode == 0, done.stderr
    jobs = {line.split()[0] for line in done.stdout.splitlines() + done.stderr.splitlines() if line.split()}
    assert {"b_link_source", "b_score_ceval", "b_write_configuration", "mine", "all"} <= jobs
    local = done.stdout.split("local: ")[1].splitlines()[0].split()
    assert ("b_ceval" in local, "b_score_ceval" in local, "mine" in local) == (True, False, False)
    done = dry_run(tmp_path, "--config", "ceval={shots: -9}")
    assert done.stderr.splitlines()[-1] == "error: ceval.shots: is -9; it must be at least 0"


MODULES = {
    "prefix": (HEAD + OWN + '    prefix: "b"\n' + USE, "module: prefix and replace_prefix cannot move results/"),
    "replace_prefix": (
        HEAD + OWN + '    replace_prefix: {"results": "b"}\n' + USE,
        "module: prefix and replace_prefix",
    ),
    "part of a configuration": (
        HEAD + '    config: {"model": {"source": "demo"}}\n' + USE,
        "engine: missing; config/",
    ),
}


@pytest.mark.parametrize("mistake", MODULES)
def test_a_module_that_is_refused(tmp_path, mistake):
    text, line = MODULES[mistake]
    module(tmp_path, text, CONFIG)
    done = dry_run(tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"error: {line}")
    assert "Traceback" not in done.stderr


def test_a_module_that_snakemake_reads_from_git(tmp_path):
    repository = tmp_path / "repository"
    repository.mkdir()
    shutil.copy(ROOT / "Snakefile", repository)
    for words in ("init -q", "add Snakefile", "-c user.name=a -c user.email=a@b commit -q -m x", "tag v1"):
        subprocess.run(["git", "-C", repository, *words.split()], check=True)
    snakefile = f'gitfile("{repository}", path="Snakefile", tag="v1")'
    module(tmp_path, f"module baichuan2:\n    snakefile: {snakefile}\n{USE}")
    done = dry_run(tmp_path)
    assert done.returncode == 1
    assert (
        "the workflow runs from a clone alone; git clone it, and name its Snakefile" in done.stderr.splitlines()[-1]
    )


def test_a_working_folder_with_braces(tmp_path):
    folder = tmp_path / "d{0}"
    folder.mkdir()
    done = dry_run(folder, "--snakefile", f"{ROOT}/Snakefile")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"error: {folder}: Snakemake takes braces for wildcards")


QUICK = {"max_new_tokens": 4}


@pytest.mark.workflow
def test_awkward_names_from_elsewhere(tmp_path):
    """Each path of the user's has braces, a dollar, a quote and more; so has the checkout; and an edit is seen."""
    checkout = copy_project(tmp_path / f"checkout {AWKWARD}")
    folder, data = tmp_path / "项目", tmp_path / "项目" / AWKWARD
    folder.mkdir()
    shutil.copytree(ROOT / "resources/demo/model", data)
    shutil.copytree(ROOT / "resources/demo/exam", data / "-exam{x}")
    shutil.copy(ROOT / "resources/inference/guide.jsonl", data / "-p{0}.jsonl")
    shutil.copy(ROOT / "resources/calibration/guide-5.jsonl", data / "c{a,b}.jsonl")
    shutil.copy(ROOT / "config/runs.csv", data / "runs{1}.csv")
    overlay = {
        "model": {"source": AWKWARD.replace("$", "$$")},
        "inference": QUICK | {"prompts": "$HERE/-p{0}.jsonl"},
        "ceval": {"source": "./${HERE}/-exam{x}", "subjects": ["law"]},
        "quantize": {"calibration": "$HERE/c{a,b}.jsonl"},
        "sweep": {"runs": "$HERE/runs{1}.csv"},
    }
    (folder / "o.yaml").write_text(yaml.safe_dump(overlay), encoding="utf-8")
    options = ("--snakefile", f"{checkout}/Snakefile", "--configfile", "o.yaml", "--")
    targets = ("inference_quant", "ceval", "patch_config", "write_configuration")
    written = tree(checkout)
    done = snakemake(folder, *options, *targets, HERE=AWKWARD)
    assert done.returncode == 0, done.stdout + done.stderr
    assert tree(checkout) == written  # as where it is read-only
    done = snakemake(folder, "-n", *options, *targets, HERE=AWKWARD)
    assert "Nothing to be done" in done.stdout + done.stderr
    with open(data / "-p{0}.jsonl", "a", encoding="utf-8") as file:
        file.write('{"prompt": "1 + 1 ="}\n')
    done = snakemake(folder, "-n", "--quiet", "rules", *options, *targets, HERE=AWKWARD)
    assert {"run_inference", "inference_quant"} <= set((done.stdout + done.stderr).split())
    assert not {"score_ceval", "collect_ranges", "link_source"} & set((done.stdout + done.stderr).split())
    done = snakemake(folder, "-n", *options, "sweep", "rollback", HERE=AWKWARD)
    assert done.returncode == 0, done.stdout + done.stderr


def tree(folder: Path) -> dict[str, float]:
    """When each file was written last, but for Python's cache of modules."""
    files = (path for path in folder.rglob("*") if "__pycache__" not in path.parts)
    return {str(path): os.lstat(path).st_mtime for path in files if not path.is_dir()}


@pytest.mark.workflow
def test_a_module_s_results(tmp_path):
    """A file of the module's, made by its name in the other workflow; then there is nothing to do."""
    module(tmp_path, HEAD + OWN + USE, CONFIG | {"inference": CONFIG["inference"] | QUICK})
    done = snakemake(tmp_path, "results/inference", "mine")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "results/inference/answers.md").is_file()
    done = dry_run(tmp_path, "results/inference", "mine")
    assert "Nothing to be done" in done.stdout + done.stderr


@pytest.mark.workflow
def test_a_checkout_that_moves_with_its_results(project):
    moved = project.rename(project.with_name("moved"))
    try:
        done = dry_run(moved)
        assert "Nothing to be done" in done.stdout + done.stderr
    finally:
        moved.rename(project)
