"""README.md and README.zh-CN.md say what is there: rule graph, targets, overlays, every path, key and command."""

from __future__ import annotations

import copy
import re
from itertools import product

import pytest
import yaml
from snakemake.utils import update_config

from baichuan2.configuration import settings
from baichuan2.model.sizes import named_shape
from helpers.projects import ROOT, snakemake

READMES = ("README.md", "README.zh-CN.md")


def text_of(*patterns: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(ROOT.glob(pattern)))


RULES = text_of("Snakefile", "workflow/rules/*.smk")
RULE_NAMES = set(re.findall(r"^\s*(?:use rule \w+ as|rule) (\w+)(?: with)?:", RULES, re.MULTILINE))
MAKEFILE = text_of("Makefile")
MADE = RULES + MAKEFILE + text_of("workflow/scripts/**/*.py")  # names of what is made stand somewhere in here
MAKE_TARGETS = set(re.search(r"^TARGETS := (.*)$", MAKEFILE, re.MULTILINE)[1].split())
MAKE_TARGETS |= set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split()) - {"$(TARGETS)"}
SCHEMA = settings.read_schema()
SECTIONS = {section: set(part["properties"]) for section, part in SCHEMA["properties"].items()}
DEMO_IN_TWO = {"model": {"source": "demo"}, "ceval": {"source": "demo"}, "parallel": {"world_size": 2}}


FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(text: str, language: str) -> list[str]:
    """What stands between ```language and ```."""
    return [body for named, body in FENCED.findall(text) if named == language]


def quoted(text: str) -> list[str]:
    """What stands in single backticks, which must end on their line."""
    lines = FENCED.sub("", text).splitlines()
    assert [line for line in lines if line.count("`") % 2] == []
    return [word for line in lines for word in line.split("`")[1::2]]


def commands(text: str) -> list[str]:
    """Command lines of snakemake and make, without their comments."""
    lines = [line for block in blocks(text, "") for line in block.splitlines()] + quoted(text)
    return [line.partition("#")[0].strip() for line in lines if re.match(r"(\S+=\S+ )*(snakemake|make)( |$)", line)]


def numbers(text: str) -> list[list[list[str]]]:
    """The numbers in every row of every table, sorted, since languages order them differently."""
    found = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [[sorted(re.findall(r"\d+(?:\.\d+)*", row)) for row in table.splitlines()] for table in found]


def overlays(name: str) -> list[dict]:
    return [yaml.safe_load(block) for block in blocks(text_of(name), "yaml")]


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
    assert ("link_source", "cut") in rulegraph
    assert mermaid_edges(text_of(name)) == rulegraph


# ---- what they name ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READMES)
def test_every_target_of_make_is_named(name):
    said = set(quoted(text_of(name))) | set(commands(text_of(name)))
    assert {"ceval", "report", "clean"} <= MAKE_TARGETS
    assert {target for target in MAKE_TARGETS if not {target, f"make {target}"} & said} == set()


@pytest.mark.parametrize("name", READMES)
def test_named_paths_exist(name):
    paths = [
        word for word in quoted(text_of(name)) if re.fullmatch(r"\.?\w[\w./-]*/[\w./-]*|\w+file|\.[\w-]+\.yml", word)
    ]
    paths = [path for path in paths if not path.startswith(("results/", ".venv/", ".snakemake/", "test_result/"))]
    paths += [link for link in re.findall(r"\]\(([^)#]+)\)", text_of(name)) if "://" not in link]
    assert len(paths) > 25
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_named_results_are_made(name):
    """Folders and files of results/, with or without the path, as far as they are no pattern."""
    words = quoted(text_of(name))
    results = [word for word in words if word.startswith("results/") or re.fullmatch(r"\w+\.(md|jsonl?|csv)", word)]
    parts = {part for path in results for part in path.split("/") if part and "<" not in part}
    assert parts >= {"manifest.json", "part_model", "report.html", "compare.md", "cases.csv"}
    assert [part for part in parts if part not in MADE] == []


@pytest.mark.parametrize("name", READMES)
def test_named_keys_exist(name):
    dotted = [re.match(r"(\w+)\.(?!md$)(\w+)(: .*)?$", word) for word in quoted(text_of(name))]
    keys = {found.groups()[:2] for found in dotted if found and found[1] in SECTIONS}
    assert len(keys) > 15
    assert {(section, key) for section, key in keys if key not in SECTIONS[section]} == set()


@pytest.mark.parametrize("name", READMES)
def test_commands_name_targets(name):
    files = {f"results/{rule}" for rule in RULE_NAMES} | {"results/report.html"}
    known = {"make": MAKE_TARGETS, "snakemake": RULE_NAMES | files | {"1", "..."}}
    found = commands(text_of(name))
    assert len(found) > 20
    for command in found:
        program, *words = [word for word in command.split() if "=" not in word]
        words = re.sub(r"--(sdm|profile) \S+", "", " ".join(words).partition("--configfile")[0]).split()
        assert {word for word in words if not word.startswith("-")} <= known[program], command


def test_named_figures_are_those_of_their_tables():
    refused = re.search(r"Refused / tried: (\d+) / (\d+)\.", text_of("tests/refused.md")).groups()
    assert "{} of {}".format(*refused) in text_of("README.md")
    assert "{} / {}".format(*refused) in text_of("README.zh-CN.md")


# ---- overlays ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("under", ["", "config/baichuan2-13b-chat.yaml"], ids=["alone", "over-the-guides-run"])
@pytest.mark.parametrize("overlay", overlays("README.md"), ids="-".join)
def test_overlays_are_valid(overlay, under):
    """Over config.yaml, and over the guide's run as the text says, for a model of the published sizes."""
    config = settings.read_config_file(ROOT / "config/config.yaml")
    if under:
        update_config(config, yaml.safe_load(text_of(under)))
    update_config(config, copy.deepcopy(overlay))
    settings.check_settings(config, SCHEMA)
    size = "7b" if "7B" in config["model"]["source"] else "13b"
    settings.check_against_model(config, named_shape(f"baichuan2-{size}"))


def test_an_overlay_with_a_wrong_key_would_be_found():
    config = settings.read_config_file(ROOT / "config/config.yaml") | {"parallel": {"world": 2}}
    with pytest.raises(settings.UserError, match=r"parallel\.world"):
        settings.check_settings(config, SCHEMA)


# ---- both languages ----------------------------------------------------------------------------------------


def test_both_languages_have_the_same_content():
    english, chinese = map(text_of, READMES)
    fenced = [re.sub(r" +#.*", "", "\n".join(map("".join, FENCED.findall(text)))) for text in (english, chinese)]
    assert fenced[0] == fenced[1]
    assert numbers(chinese) == numbers(english)
    assert re.findall(r"^#+", chinese, re.MULTILINE) == re.findall(r"^#+", english, re.MULTILINE)
    assert set(quoted(chinese)) == set(quoted(english))
