"""README, the pages of docs/ and the headers of config/*.yaml say what is there, and the same in both languages."""

from __future__ import annotations

import copy
import csv
import re
import shlex
from collections import Counter
from itertools import product

import pandas
import pytest
import yaml
from snakemake.cli import get_argument_parser
from snakemake.utils import update_config

from baichuan2.configuration import settings
from baichuan2.configuration.schema import read_config_file, read_schema
from baichuan2.model.sizes import named_shape
from helpers.projects import ROOT, snakemake

RESULTS = ROOT / "benchmarks" / "results"
CHINESE = {"README.md": "README.zh-CN.md"} | {
    f"docs/{path.name}": f"docs/{path.stem}.zh.md"
    for path in sorted((ROOT / "docs").glob("*.md"))
    if not path.name.endswith(".zh.md")
}
LANGUAGES = {"en": list(CHINESE), "zh": list(CHINESE.values())}
GENERATED = [f"docs/generated/{path.name}" for path in sorted((ROOT / "docs" / "generated").glob("*.md"))]
CONFIGS = [f"config/{path.name}" for path in sorted((ROOT / "config").glob("*.yaml"))]
OVERLAYS = [name for name in CONFIGS if name not in ("config/config.yaml", "config/config.schema.yaml")]
README_LINES = 150
GONE = {"benchmarks/plan.py", "benchmarks/results/plan.json"}  # docs/plan.md says that they are


def text_of(*patterns: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(ROOT.glob(pattern)))


RULES = text_of("Snakefile", "workflow/rules/*.smk")
RULE_NAMES = set(re.findall(r"^\s*(?:use rule \w+ as|rule) (\w+)(?: with)?:", RULES, re.MULTILINE))
MAKEFILE = text_of("Makefile")
MADE = RULES + MAKEFILE + text_of("workflow/scripts/**/*.py")  # names of what is made stand somewhere in here
MAKE_TARGETS = set(re.search(r"^TARGETS := (.*)$", MAKEFILE, re.MULTILINE)[1].split())
MAKE_TARGETS |= set(" ".join(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)).split()) - {"$(TARGETS)"}
SCHEMA = read_schema()
SECTIONS = {section: set(part["properties"]) for section, part in SCHEMA["properties"].items()}
DEMO_IN_TWO = {"model": {"source": "demo"}, "ceval": {"source": "demo"}, "parallel": {"world_size": 2}}
FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)]+)\)")


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


def header(name: str) -> list[str]:
    """The lines of comment that a YAML file begins with, without their #."""
    return re.match(r"(?:#.*\n)+", text_of(name))[0].replace("#", "").splitlines()


def header_commands(name: str) -> list[str]:
    return [line.strip() for line in header(name) if line.strip().startswith(("snakemake ", "make "))]


def sections(text: str) -> list[str]:
    return re.split(r"^#+ .*$", FENCED.sub("", text), flags=re.MULTILINE)


def tables(text: str) -> list[list[list[str]]]:
    """The cells of every row below the heads of every table."""
    found = re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE)
    return [
        [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]] for table in found
    ]


def numbers(text: str) -> list[list[str]]:
    """The numbers of every section's prose and of every table's rows, sorted, since languages order them differently.

    What is quoted is compared by itself; in 13B, W8A8 or 2.5x is a name, no number.
    """
    number = re.compile(r"(?<![\w.^-])\d+(?:\.\d+)*(?![\w^])", re.ASCII)
    parts = []
    for section in sections(text):
        prose = [line for line in section.splitlines() if not line.startswith("|")]
        parts += ["\n".join(prose), *(line for line in section.splitlines() if line.startswith("|"))]
    return [sorted(number.findall(re.sub(r"`[^`]*`|\]\([^)]*\)", "", part))) for part in parts]


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


@pytest.mark.parametrize("name", ["docs/running.md", "docs/running.zh.md"])
def test_the_graph_is_snakemakes(name, rulegraph):
    assert ("link_source", "cut") in rulegraph
    assert mermaid_edges(text_of(name)) == rulegraph


# ---- the pages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_is_short(name):
    assert len(text_of(name).splitlines()) <= README_LINES


class SiteLoader(yaml.SafeLoader):
    """Reads mkdocs.yml, whose !!python tags name functions, without them."""


SiteLoader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, tag, node: None)
SITE = yaml.load(text_of("mkdocs.yml"), SiteLoader)


def titles_and_pages(entry) -> tuple[list[str], list[str]]:
    """Of a part of the nav, of which some are sections."""
    if isinstance(entry, str):
        return [], [f"docs/{entry}"]
    pairs = [titles_and_pages(part) for part in (entry if isinstance(entry, list) else entry.values())]
    titles = [] if isinstance(entry, list) else list(entry)
    return titles + [t for names, _ in pairs for t in names], [page for _, pages in pairs for page in pages]


def test_the_nav_has_every_page_in_both_languages():
    titles, pages = titles_and_pages(SITE["nav"])
    assert sorted(pages) == sorted([*CHINESE, *GENERATED][1:])
    assert len(GENERATED) == 7
    assert [name for name in CHINESE.values() if not (ROOT / name).is_file()] == []
    in_chinese = next(plugin["i18n"] for plugin in SITE["plugins"] if "i18n" in plugin)["languages"][1]
    assert in_chinese["locale"] == "zh"
    assert set(in_chinese["nav_translations"]) == set(titles)


def test_no_page_is_without_its_english_one():
    assert sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.zh.md")) == sorted(LANGUAGES["zh"])[1:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_readme_links_every_page(language):
    readme, *pages = LANGUAGES[language]
    assert set(pages) <= set(LINK.findall(text_of(readme)))


def slugs(name: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", FENCED.sub("", text_of(name)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_somewhere(language):
    """To a file, and a heading of it; from docs/ to pages of the site alone, and of the same language."""
    wrong, count = [], 0
    for page in LANGUAGES[language]:
        for link in LINK.findall(text_of(page)):
            path, _, anchor = link.partition("#")
            target = (ROOT / page).parent.joinpath(path).resolve() if path else ROOT / page
            name = target.relative_to(ROOT).as_posix()
            other = language == "zh" and name in CHINESE and link not in ("README.md",)
            outside = page.startswith("docs/") and not name.startswith("docs/")
            lost = anchor and anchor not in slugs(name)
            count += 1
            if "://" in link or not target.exists() or other or outside or lost:
                wrong.append((page, link))
    assert wrong == []
    assert count > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_twice(language):
    sentences = Counter()
    for page in LANGUAGES[language]:
        for paragraph in FENCED.sub("", text_of(page)).split("\n\n"):
            if not paragraph.lstrip().startswith(("|", "#", "- ")):
                text = " ".join(paragraph.split())
                sentences.update(re.split(r"(?<=[.:]) |(?<=[。：])", text))
    assert len(sentences) > 150
    long = 30 if language == "en" else 12
    assert [sentence for sentence, count in sentences.items() if count > 1 and len(sentence) > long] == []


# ---- what they name ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_target_of_make_is_named(language):
    named = {word for page in LANGUAGES[language] for word in quoted(text_of(page)) + commands(text_of(page))}
    assert {"ceval", "report", "clean", "docs"} <= MAKE_TARGETS
    assert {target for target in MAKE_TARGETS if not {target, f"make {target}"} & named} == set()


PATH = r"\.?\w[\w./-]*/[\w./-]*|\w+file|\.?[\w-]+\.yml|[A-Z]+\.md"  # one of the repository, from its top


@pytest.mark.parametrize("language", LANGUAGES)
def test_named_paths_exist(language):
    paths = []
    for page in LANGUAGES[language]:
        words = quoted(text_of(page))
        words += [word.split()[1] for word in words if re.match(r"python [\w/]+\.py", word)]
        paths += [(page, word) for word in words if re.fullmatch(PATH, word)]
    made = ("results/", ".venv/", ".snakemake/", "test_result/", "site/", *GONE)
    paths = [(page, path) for page, path in paths if not path.startswith(made)]
    assert len(paths) > 50
    assert [(page, path) for page, path in paths if not (ROOT / path).exists()] == []
    assert [path for path in GONE if (ROOT / path).exists()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_named_tests_exist(language):
    named = {
        pair for page in LANGUAGES[language] for pair in re.findall(r"(tests/test_\w+\.py)::(\w+)", text_of(page))
    }
    assert len(named) > 10
    assert [(file, test) for file, test in named if f"def {test}(" not in text_of(file)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_named_results_are_made(language):
    """Folders and files of results/, with or without the path, as far as they are no pattern."""
    words = {word for page in LANGUAGES[language] for word in quoted(text_of(page))}
    results = [word for word in words if word.startswith("results/") or re.fullmatch(r"\w+\.(jsonl?|csv|svg)", word)]
    results += [word for word in words if re.fullmatch(r"[a-z_]+\.md", word)]
    parts = {part for path in results for part in path.split("/") if part and "<" not in part}
    assert parts >= {"manifest.json", "part_model", "report.html", "compare.md", "cases.csv", "frontier.svg"}
    assert [part for part in parts if part not in MADE] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_named_keys_exist(language):
    words = {word for page in LANGUAGES[language] for word in quoted(text_of(page))}
    dotted = [re.match(r"(\w+)\.(?!md$)(\w+)(: .*)?$", word) for word in words]
    keys = {found.groups()[:2] for found in dotted if found and found[1] in SECTIONS}
    assert len(keys) > 25
    assert {(section, key) for section, key in keys if key not in SECTIONS[section]} == set()


# ---- commands ----------------------------------------------------------------------------------------------


def wrong_with(command: str) -> str | None:
    """What is wrong with a command line, as make and snakemake's own parser read it."""
    words = [word for word in shlex.split(command) if word != "..." and not re.match(r"[A-Z_]+=", word)]
    if words[0] == "make":
        unknown = set(words[1:]) - MAKE_TARGETS - {".torch-npu/ready"}
        return f"no targets: {sorted(unknown)}" if unknown else None
    try:
        arguments = get_argument_parser().parse_args(words[1:])
    except SystemExit:
        return "snakemake does not take it"
    files = {f"results/{rule}" for rule in RULE_NAMES} | {"results/report.html"}
    unknown = (set(arguments.targets) - RULE_NAMES - files) | (set(arguments.forcerun) - RULE_NAMES)
    if unknown:
        return f"no targets: {sorted(unknown)}"
    paths = [str(path) for path in arguments.configfile or []]
    paths += [f"{profile}/config.yaml" for profile in arguments.profile or []]
    absent = [path for path in paths if not (ROOT / path).is_file()]
    return f"no files: {absent}" if absent else None


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("snakemake --cores 1 ceval --configfile config/cpu.yaml config/cuda.yaml", None),
        ("snakemake --configfile config/cpu.yaml ceval", "no files: ['ceval']"),
        ("snakemake ceval --configfile card.yaml", "no files: ['card.yaml']"),
        ("snakemake --sdm conda check", "snakemake does not take it"),
        ("snakemake -R nothing", "no targets: ['nothing']"),
        ("snakemake --profile profiles/none ceval", "no files: ['profiles/none/config.yaml']"),
        ("snakemake results/nothing", "no targets: ['results/nothing']"),
        ("make nothing", "no targets: ['nothing']"),
    ],
)
def test_a_wrong_command_would_be_found(command, wrong):
    assert wrong_with(command) == wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_are_right(language):
    found = [(page, command) for page in LANGUAGES[language] for command in commands(text_of(page))]
    assert len(found) > 40
    assert [(page, command, wrong) for page, command in found if (wrong := wrong_with(command))] == []


@pytest.mark.parametrize("name", CONFIGS)
def test_commands_of_headers_are_right(name):
    found = header_commands(name)
    assert [(command, wrong) for command in found if (wrong := wrong_with(command))] == []
    assert len(found) == (name != "config/config.schema.yaml")
    assert name not in OVERLAYS or name in found[0].split()


# ---- figures -----------------------------------------------------------------------------------------------


def figures(page: str, table: int) -> list[list[float]]:
    """The numbers of a table's rows, right of the first column."""
    return [[float(cell.rstrip(" %")) for cell in cells[1:]] for cells in tables(text_of(page))[table]]


def medians(name: str, by: str) -> pandas.DataFrame:
    return pandas.read_csv(RESULTS / f"{name}.csv").groupby(by).median(numeric_only=True)


def test_figures_of_refusals():
    refused, tried = re.search(r"Refused / tried: (\d+) / (\d+)\.", text_of("docs/generated/refused.md")).groups()
    assert f"{refused} of {tried}" in text_of("docs/proven.md")
    assert f"{refused} / {tried}" in text_of("docs/proven.zh.md")


def test_figures_beside_others():
    runs = pandas.read_csv(RESULTS / "ceval.csv").groupby("contender")
    speed, peak = runs.questions_per_s.median(), runs.peak_rss.max() / 1e9
    expected = [[round(speed[name], 1), round(peak[name], 2)] for name in ("ours", "lm-eval")]
    assert figures("docs/beside-others.md", 0) == expected
    (ratio,) = re.findall(
        r"^Ours is ([\d.]+) .*times as fast(?: as lm-eval)?:", text_of("benchmarks/results/ceval.md"), re.MULTILINE
    )
    assert f"{float(ratio):.1f} times as fast" in text_of("docs/beside-others.md")

    decode = pandas.read_csv(RESULTS / "decode.csv").query("shape == '1b'")
    decode["share"] = decode.weight_bytes / decode.tpot_s / decode.read_bandwidth
    decode = decode.groupby("contender").median(numeric_only=True)
    names = [
        "ours w8a8",
        "ours w8a8+head",
        "ours bfloat16",
        "llama.cpp Q8_0",
        "llama.cpp Q8_0-plain",
        "llama.cpp F16",
    ]
    expected = [decode.loc[name] for name in [*names, "transformers bfloat16"]]
    expected = [[round(1e3 * row.ttft_s), round(1e3 * row.tpot_s, 1), round(row.share, 2)] for row in expected]
    assert figures("docs/beside-others.md", 1) == expected


def test_figures_without_amx():
    decode = pandas.read_csv(RESULTS / "decode-avx512.csv")
    decode["share"] = decode.weight_bytes / decode.tpot_s / decode.read_bandwidth
    decode = decode.groupby("contender").median(numeric_only=True)
    names = ["ours w8a8+exact", "ours w8a8+head", "ours w8a8", "OpenVINO int8", "vLLM w8a8", "llama.cpp Q8_0"]
    names += ["ours bfloat16", "OpenVINO bfloat16", "vLLM bfloat16", "llama.cpp F16"]
    expected = [decode.loc[name] for name in names]
    expected = [[round(1e3 * row.ttft_s, 1), round(1e3 * row.tpot_s, 1), round(row.share, 2)] for row in expected]
    assert figures("docs/beside-others.md", 2) == expected

    peers = {"OpenVINO int8": "openvino", "vLLM w8a8": "vllm", "llama.cpp Q8_0": "llama"}
    expected = [
        [
            times_as_fast(f"decode-avx512{size}", name, column, 1)
            for column in ("tpot_s", "ttft_s")
            for size in ("", "-1b", f"-7b-{alone}")
        ]
        for name, alone in peers.items()
    ]
    assert figures("docs/beside-others.md", 3) == expected

    cases = [("tpot_s", 1), ("tpot_s", 8), ("tpot_s", 32), ("ttft_s", 1), ("ttft_s", 32)]
    names = ("OpenVINO int8", "vLLM w8a8", "ours bfloat16")
    for table, grid in enumerate(("grid-avx512", "grid-avx512-1b"), 4):
        expected = [[times_as_fast(grid, name, *case) for case in cases] for name in names]
        assert figures("docs/beside-others.md", table) == expected

    cases = [("tpot_s", 1), ("tpot_s", 8), ("ttft_s", 1), ("ttft_s", 8)]
    expected = [[times_as_fast("grid-avx512-7b", "OpenVINO int8", *case) for case in cases]]
    assert figures("docs/beside-others.md", 6) == expected

    exam = pandas.read_csv(RESULTS / "ceval-avx512.csv").groupby("contender")
    expected = [
        [round(exam.questions_per_s.median()[name], 1), round(exam.peak_rss.max()[name] / 1e9, 2)]
        for name in ("ours", "vLLM, block 32")
    ]
    assert figures("docs/beside-others.md", 7) == expected


def test_figures_of_servers():
    load = pandas.read_csv(RESULTS / "serving.csv").groupby(["contender", "clients"]).tokens_per_s.median().round(1)
    names = ("ours w8a8", "vLLM w8a8", "llama.cpp Q8_0")
    assert figures("docs/beside-others.md", 8) == [load[name].tolist() for name in names]
    runs = pandas.read_csv(RESULTS / "prefix.csv")
    speed = (runs.questions / runs.seconds).groupby([runs.client, runs.contender]).median().round(2)
    expected = [[speed[client, name] for name in ("ours", "vLLM")] for client in ("lm-eval", "the workflow")]
    assert figures("docs/beside-others.md", 9) == expected


def times_as_fast(result: str, theirs: str, column: str, batch: int) -> float:
    """How many times as fast W8A8 is, as the table has it."""
    runs = pandas.read_csv(RESULTS / f"{result}.csv").set_index("round")
    runs = runs[runs.batch == batch] if "batch" in runs else runs
    ours, theirs = (runs[runs.contender == name][column] for name in ("ours w8a8+exact", theirs))
    return round((theirs / ours).median(), 2)


def test_figures_of_quantizing():
    runs = pandas.read_csv(RESULTS / "quantizing.csv").dropna(subset=["round"])
    runs = runs.groupby("contender").median(numeric_only=True)
    expected = [runs.loc[name] for name in ("streaming 3 50", "modelslim 3 50", "streaming 3 5", "modelslim 3 5")]
    expected = [[round(row.seconds, 1), round(row.peak / 2**20)] for row in expected]
    assert figures("docs/quantization.md", 0) == expected
    shapes = dict(
        re.findall(r"^\| baichuan2-(\w+).*?\| +([\d.]+) \|", text_of("benchmarks/results/quantizing.md"), re.M)
    )
    assert f"{shapes['7b']} GiB" in text_of("docs/quantization.md")
    assert f"{shapes['13b']} GiB" in text_of("docs/quantization.md")


def test_figures_of_rollback():
    with open(RESULTS / "rollback.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = [[float(row["correct"]), float(row["int8 bytes of linears"].rstrip(" %") or 0)] for row in rows]
    assert figures("docs/quantization.md", 1) == expected


def test_figures_of_sweeps_and_replicas():
    dry = medians("dry_run", "jobs")
    expected = [[round(dry.seconds[n], 1), round(dry.peak[n] / 2**20), round(dry.start[n], 1)] for n in (1003, 10003)]
    assert figures("docs/sweeps.md", 0) == expected
    runs = pandas.read_csv(RESULTS / "replicas.csv").query("`threads each` == 1")
    speeds = (runs.questions / runs.answering_s).groupby(runs.replicas).median()
    assert figures("docs/several-cards.md", 0) == [[round(speeds[n], 1)] for n in (1, 2, 4)]


# ---- overlays ----------------------------------------------------------------------------------------------

BLOCKS = [(page, overlay) for page in CHINESE for overlay in overlays(page)]
FILES = [(name, yaml.safe_load(text_of(name))) for name in OVERLAYS]


@pytest.mark.parametrize("under", ["", "config/baichuan2-13b-chat.yaml"], ids=["alone", "over-the-guides-run"])
@pytest.mark.parametrize("overlay", [pytest.param(o, id=f"{name}:{'-'.join(o)}") for name, o in BLOCKS + FILES])
def test_overlays_are_valid(overlay, under):
    """Over config.yaml, and over the guide's run as the text says, for a model of the published sizes."""
    config = read_config_file(ROOT / "config/config.yaml")
    if under:
        update_config(config, yaml.safe_load(text_of(under)))
    update_config(config, copy.deepcopy(overlay))
    settings.check_settings(config, SCHEMA)
    size = "7b" if "7B" in config["model"]["source"] else "13b"
    settings.check_against_model(config, named_shape(f"baichuan2-{size}"))


def test_there_are_overlays():
    assert len(BLOCKS) > 3
    assert len(FILES) == 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_overlay_files_are_named(language):
    named = {word for page in LANGUAGES[language] for word in quoted(text_of(page))}
    assert set(OVERLAYS) <= named


def test_an_overlay_with_a_wrong_key_would_be_found():
    config = read_config_file(ROOT / "config/config.yaml") | {"parallel": {"world": 2}}
    with pytest.raises(settings.UserError, match=r"parallel\.world"):
        settings.check_settings(config, SCHEMA)


# ---- both languages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("english", "chinese"), CHINESE.items(), ids=CHINESE)
def test_both_languages_have_the_same_content(english, chinese):
    english, chinese = text_of(english), text_of(chinese)
    fenced = [re.sub(r" +#.*", "", "\n".join(map("".join, FENCED.findall(text)))) for text in (english, chinese)]
    assert fenced[0] == fenced[1]
    headings = [re.findall(r"^#+(?= )", FENCED.sub("", text), re.MULTILINE) for text in (english, chinese)]
    assert headings[0] == headings[1]
    assert headings[0] != []
    assert numbers(chinese) == numbers(english)
    assert set(quoted(chinese)) == set(quoted(english))
