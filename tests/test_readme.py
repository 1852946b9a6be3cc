"""README.md and README.zh-CN.md say what is there: the rule graph, the targets, the overlays, every path, key and command."""

from __future__ import annotations

import copy
import re
from itertools import product
from pathlib import Path

import pytest
import yaml
from conftest import snakemake
from snakemake.utils import update_config

from baichuan2 import settings
from baichuan2.config import named_shape

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
RULES = "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "Snakefile", *ROOT.glob("workflow/rules/*.smk")])
RULE_NAMES = set(re.findall(r"^\s*(?:use )?rule (\w+)(?: as (\w+) with)?:", RULES, re.MULTILINE))
WORKFLOW = RULES + "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("workflow/scripts/**/*.py"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
MAKE_TARGETS = set(re.search(r"^TARGETS := (.*)$", MAKEFILE, re.MULTILINE)[1].split())
MAKE_TARGETS |= set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split()) - {"$(TARGETS)"}
SCHEMA = yaml.safe_load((ROOT / "config/config.schema.yaml").read_text(encoding="utf-8"))
GUIDE_RUN = ROOT / "config/baichuan2-13b-chat.yaml"
DEMO_IN_TWO = {"model": {"source": "demo"}, "ceval": {"source": "demo"}, "parallel": {"world_size": 2}}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """What stands between ```language and ```."""
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)


def quoted(text: str) -> list[str]:
    """What stands in single backticks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL))


def commands(text: str) -> list[str]:
    """Command lines of snakemake and make, without their comments."""
    lines = [line for block in blocks(text, "") for line in block.splitlines()] + quoted(text)
    return [line.partition("#")[0].strip() for line in lines if re.match(r"(\S+=\S+ )*(snakemake|make)( |$)", line)]


def tables(text: str) -> list[list[int]]:
    """The number of cells of every row, table by table."""
    found = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [[row.count("|") for row in table.splitlines()] for table in found]


def overlays(name: str) -> list[dict]:
    return [yaml.safe_load(block) for block in blocks(read(name), "yaml")]


# ---- the rule graph ----------------------------------------------------------------------------------------


def mermaid_edges(text: str) -> set[tuple[str, str]]:
    """{(rule, rule that needs it)} of lines such as "a & b --> c & d"."""
    (graph,) = blocks(text, "mermaid")
    head, *lines = graph.strip().splitlines()
    assert head == "flowchart TD"
    sides = [[re.findall(r"\w+", side) for side in line.split("-->")] for line in lines]
    return {edge for before, after in sides for edge in product(before, after)}


def dot_edges(dot: str) -> set[tuple[str, str]]:
    label = dict(re.findall(r'^\s*(\d+)\[label = "(\w+)"', dot, re.MULTILINE))
    return {(label[a], label[b]) for a, b in re.findall(r"^\s*(\d+) -> (\d+)$", dot, re.MULTILINE)}


@pytest.fixture(scope="module")
def rulegraph(tmp_path_factory) -> set[tuple[str, str]]:
    overlay = tmp_path_factory.mktemp("overlay") / "two.yaml"
    overlay.write_text(yaml.safe_dump(DEMO_IN_TWO))
    done = snakemake(ROOT, "--rulegraph", "--nolock", "--configfile", str(overlay))
    assert done.returncode == 0, done.stdout + done.stderr
    return dot_edges(done.stdout)


@pytest.mark.parametrize("name", READMES)
def test_the_graph_is_snakemakes(name, rulegraph):
    assert ("link_model", "cut_weights") in rulegraph
    assert mermaid_edges(read(name)) == rulegraph


# ---- what they name ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READMES)
def test_every_target_of_make_is_named(name):
    said = set(quoted(read(name))) | set(commands(read(name)))
    assert {"ceval", "report", "clean"} <= MAKE_TARGETS
    assert {target for target in MAKE_TARGETS if not {target, f"make {target}"} & said} == set()


@pytest.mark.parametrize("name", READMES)
def test_named_paths_exist(name):
    tops = {path.name for path in ROOT.iterdir()} - {"results", ".venv", ".snakemake"}
    paths = [word for word in quoted(read(name)) if word.partition("/")[0] in tops]
    paths += [link for link in re.findall(r"\]\(([^)#]+)\)", read(name)) if "://" not in link]
    assert len(paths) > 25
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_named_results_are_made(name):
    results = [word for word in quoted(read(name)) if word.startswith("results/")]
    parts = {part for path in results for part in path.split("/") if part and "<" not in part}
    assert {"manifest.json", "part_model", "report.html"} & parts
    made = WORKFLOW + MAKEFILE
    assert [part for part in parts if part not in made] == []


@pytest.mark.parametrize("name", READMES)
def test_named_keys_exist(name):
    dotted = [re.match(r"(\w+)\.(\w+)(: .*)?$", word) for word in quoted(read(name))]
    keys = [found.groups()[:2] for found in dotted if found and found[1] in SCHEMA["properties"]]
    assert len(set(keys)) > 15
    assert [key for key in keys if key[1] not in SCHEMA["properties"][key[0]]["properties"]] == []


@pytest.mark.parametrize("name", READMES)
def test_commands_name_targets(name):
    rules = {rule for pair in RULE_NAMES for rule in pair if rule}
    known = {"make": MAKE_TARGETS | {"..."}, "snakemake": rules | {"...", "1", "results/report.html"}}
    known["snakemake"] |= {f"results/{rule}" for rule in rules}
    found = commands(read(name))
    assert len(found) > 20
    for command in found:
        program, *words = [word for word in command.split() if "=" not in word]
        words = " ".join(words).partition("--configfile")[0].replace("--sdm conda", "").split()
        assert {word for word in words if not word.startswith("-")} <= known[program], command


def test_named_figures_are_those_of_their_tables():
    refused = re.search(r"Refused / tried: (\d+) / (\d+)\.", read("tests/refused.md")).groups()
    assert "{} of {}".format(*refused) in read("README.md")
    assert "{} / {}".format(*refused) in read("README.zh-CN.md")


# ---- overlays ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", [None, GUIDE_RUN], ids=["alone", "over-the-guides-run"])
@pytest.mark.parametrize("overlay", overlays("README.md"), ids=lambda overlay: "-".join(overlay))
def test_overlays_are_valid(overlay, base):
    """By itself over config.yaml, and as the text says over the guide's run; and for a model of that size."""
    config = yaml.safe_load(read("config/config.yaml"))
    for part in [yaml.safe_load(base.read_text(encoding="utf-8"))] * bool(base) + [overlay]:
        update_config(config, copy.deepcopy(part))
    settings.check_settings(config, SCHEMA)
    shape = "baichuan2-7b" if "7B" in config["model"]["source"] else "baichuan2-13b"
    settings.check_against_model(config, named_shape(shape))


def test_an_overlay_with_a_wrong_key_would_be_found():
    config = yaml.safe_load(read("config/config.yaml")) | {"parallel": {"world": 2}}
    with pytest.raises(settings.UserError, match=r"parallel\.world"):
        settings.check_settings(config, SCHEMA)


# ---- both languages ----------------------------------------------------------------------------------------


def test_both_languages_have_the_same_content():
    english, chinese = map(read, READMES)
    assert overlays("README.zh-CN.md") == overlays("README.md")
    assert set(commands(chinese)) == set(commands(english))
    assert tables(chinese) == tables(english)
    assert re.findall(r"^#+", chinese, re.MULTILINE) == re.findall(r"^#+", english, re.MULTILINE)
    assert set(quoted(chinese)) == set(quoted(english))
