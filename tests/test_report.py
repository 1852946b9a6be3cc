"""snakemake's report of the demo, opened in a real browser: what it shows, and that it loads nothing from elsewhere.

`python -m pytest tests/test_report.py -s --images docs/images` prints its size and load time and makes the README's
pictures of it.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from baichuan2.text.tables import short
from helpers.projects import ROOT

selenium = pytest.importorskip("selenium", reason="selenium is not installed: envs/requirements-dev.txt has it")
from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
RESULTS = {
    "Accuracy": ["C-Eval, W8A8", "C-Eval, float"],
    "Answers": ["answers, W8A8", "answers, float"],
    "Comparison": ["figure: accuracy", "figure: speed", "tables"],
    "Configuration": ["config.yaml, as run"],
    "Speed": ["speed, W8A8", "speed, float"],
}
IMAGE_BYTES = 250_000
# Every connection that Python tries is written down, and refused.
NO_NETWORK = """
import os, socket
def refuse(self, address, *_):
    if self.family != socket.AF_UNIX:
        with open(os.environ["CONNECTIONS"], "a") as log:
            log.write(f"{address}\\n")
        raise OSError("no network in this test")
socket.socket.connect = socket.socket.connect_ex = refuse
"""


@pytest.fixture(scope="module")
def connections(tmp_path_factory) -> Path:
    """Where the connections that making the report tried are written down."""
    return tmp_path_factory.mktemp("network") / "connections"


@pytest.fixture(scope="module")
def report(project, connections) -> Path:
    """The demo's report, made without a network, at a path with a blank and Chinese characters."""
    (connections.parent / "sitecustomize.py").write_text(NO_NETWORK)
    blocked = {"PYTHONPATH": str(connections.parent), "CONNECTIONS": str(connections)}
    # a Python of its own, which reads sitecustomize.py
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--report", "results/report.html"]
    done = subprocess.run(command, cwd=project, env=os.environ | blocked, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return project / "results" / "report.html"


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium that logs its console and its requests."""
    binary = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("no Chromium with its driver here: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    # Chromium's sandbox refuses root, and /dev/shm is small in containers.
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,1000"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with webdriver.Chrome(options=options, service=webdriver.ChromeService(driver)) as chrome:
        yield chrome


@pytest.fixture
def page(browser, report):
    """The report just opened; afterwards: no error on the console, and nothing loaded but the report itself."""
    requests(browser)
    browser.get_log("browser")
    browser.get(report.as_uri())
    see(browser, "#rulegraph canvas, #rulegraph svg")
    yield browser
    browser.switch_to.default_content()
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
    asked = requests(browser)
    assert report.as_uri() in asked
    assert {url for url in asked if not url.startswith(("data:", "blob:"))} == {report.as_uri()}


def requests(browser) -> set[str]:
    """The addresses asked for since the last call."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return {
        message["params"]["request"]["url"].split("#")[0]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }


def see(browser, selector: str):
    """The first element of a CSS selector, once it is there."""
    return WebDriverWait(browser, 20).until(lambda _: browser.find_elements(By.CSS_SELECTOR, selector))[0]


def click(browser, text: str) -> None:
    browser.find_element(By.XPATH, f"//nav//a[normalize-space()='{text}']").click()


def row(browser, label: str):
    return browser.find_element(By.XPATH, f"//nav//tr[normalize-space()='{label}']")


def open_result(browser, category: str, label: str) -> None:
    """By the menu, from wherever the report stands."""
    browser.find_element(By.CSS_SELECTOR, "nav nav ol li a").click()
    click(browser, category)
    row(browser, label).find_element(By.TAG_NAME, "a").click()


def read_page(browser, category: str, label: str) -> str:
    """The visible text of a page of the report."""
    open_result(browser, category, label)
    browser.switch_to.frame(see(browser, "iframe"))
    text = see(browser, "body").text
    browser.switch_to.default_content()
    return text


def colours(browser, selector: str) -> int:
    """How many colours an element is painted in, of those that cover 20 pixels or more."""
    picture = Image.open(io.BytesIO(see(browser, selector).screenshot_as_png)).convert("RGB")
    return sum(count >= 20 for count, _ in picture.getcolors(picture.width * picture.height))


def summary(report: Path, name: str) -> dict:
    return json.loads((report.parent / name / "summary.json").read_text(encoding="utf-8"))


def test_it_is_one_file_made_without_a_network(report, connections):
    assert not connections.exists(), connections.read_text()
    assert not list(report.parent.glob("report*/"))


def test_everything_is_listed_and_the_graph_is_drawn(page):
    assert colours(page, "#rulegraph canvas, #rulegraph svg") >= 8
    nodes = page.execute_script("return rulegraph_spec.data.find(d => d.name == 'node-data').values.map(v => v.rule)")
    assert {"quantize_weights", "score_ceval", "compare", "write_configuration"} <= set(nodes)
    listed = {}
    for category in RESULTS:
        page.find_element(By.CSS_SELECTOR, "nav nav ol li a").click()
        click(page, category)
        listed[category] = sorted(found.text for found in page.find_elements(By.CSS_SELECTOR, "nav tbody tr"))
    assert listed == RESULTS
    page.find_element(By.CSS_SELECTOR, "nav nav ol li a").click()
    click(page, "Statistics")
    assert colours(page, "#runtimes canvas, #runtimes svg") >= 2


def test_the_first_thing_is_what_was_run_with_both_tables(page, report):
    first = see(page, ".overview")
    assert first.location["y"] >= 0  # of a page that is higher than the window, too
    exams, speeds = ([summary(report, f"{task}{quant}") for quant in ("", "_quant")] for task in ("ceval", "perf"))
    right = " ".join("{accuracy:.4f} ({correct}/{total})".format(**exam["average"]) for exam in exams)
    assert f"Avg acc {right}" in first.text
    times = [speed["means"]["1"]["first_ms"] for speed in speeds]
    of, to = map(re.escape, map(short, times))
    assert re.search(rf"1 first token {of}( \([^)]*\))? {to}( \([^)]*\))? 9", first.text)
    assert first.text.startswith("The model or the exam is the demo's own")


@pytest.mark.parametrize(("label", "name"), [("C-Eval, float", "ceval"), ("C-Eval, W8A8", "ceval_quant")])
def test_accuracy_tables(page, report, label, name):
    text = read_page(page, "Accuracy", label)
    for group, tally in (summary(report, name)["classes"] | summary(report, name)["subjects"]).items():
        assert f"{group} {tally['correct']} {tally['total']} {tally['accuracy']:.9f}" in text


@pytest.mark.parametrize(("label", "name"), [("speed, float", "perf"), ("speed, W8A8", "perf_quant")])
def test_speed_tables(page, report, label, name):
    text = read_page(page, "Speed", label)
    for case in summary(report, name)["cases"]:
        ttft = case["ttft_s"]["median"] * 1000
        lengths = f"{case['batch_size']} {case['input_len']} {case['output_len']}"
        shown = re.search(rf"^{lengths} ([\d.]+) ", text, re.MULTILINE)
        assert float(shown[1]) == pytest.approx(ttft, rel=1e-3)


@pytest.mark.parametrize(("label", "name"), [("answers, float", "inference"), ("answers, W8A8", "inference_quant")])
def test_answers(page, report, label, name):
    text = read_page(page, "Answers", label)
    lines = (report.parent / name / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    answers = [json.loads(line)["answer"].strip() for line in lines]
    assert answers
    assert all(line.strip() in text for answer in answers for line in answer.splitlines())


def test_comparison_and_configuration(page, report):
    text = read_page(page, "Comparison", "tables")
    average = {name: summary(report, f"ceval{name}")["average"] for name in ("", "_quant")}
    shown = [f"{tally['correct']}/{tally['total']} {tally['accuracy']:.9f}" for tally in average.values()]
    assert f"Avg acc {shown[1]} {shown[0]}" in text
    assert "Exact two-sided sign test" in text
    assert "the demo's results, not C-Eval's" in text
    assert "1 first token tokens/s" in text
    page.switch_to.frame(see(page, "iframe"))
    widths = page.execute_script("return [...document.images].map(image => image.naturalWidth)")
    assert len(widths) == 2
    assert min(widths) > 300
    page.switch_to.default_content()
    assert "roll" in read_page(page, "Configuration", "config.yaml, as run")


@pytest.mark.parametrize("kind", ["accuracy", "speed"])
def test_figures_and_captions(page, kind):
    open_result(page, "Comparison", f"figure: {kind}")
    picture = see(page, "img[src^='data:image/svg']:not(.h-4)")
    assert picture.size["width"] > 300
    assert colours(page, "img[src^='data:image/svg']:not(.h-4)") >= 4
    row(page, f"figure: {kind}").find_elements(By.TAG_NAME, "a")[1].click()
    said = WebDriverWait(page, 20).until(lambda _: page.find_elements(By.CSS_SELECTOR, "nav .prose"))[0].text
    assert "quant beside float" in said


def test_size_and_load_time(page, report):
    times = page.execute_script("const t = performance.timing; return t.loadEventEnd - t.navigationStart")
    print(f"\nreport.html: {report.stat().st_size} bytes, loaded in {times} ms")
    assert report.stat().st_size < 8_000_000
    assert times < 15_000


def test_pictures_for_the_readme(page, request, tmp_path):
    folder = Path(request.config.getoption("--images") or tmp_path)
    see(page, ".overview")
    page.save_screenshot(str(folder / "report-first.png"))
    open_result(page, "Comparison", "figure: accuracy")
    see(page, "img[src^='data:image/svg']:not(.h-4)")
    page.save_screenshot(str(folder / "report-figure.png"))
    assert all(5_000 < (folder / f"report-{name}.png").stat().st_size < IMAGE_BYTES for name in ("first", "figure"))


def test_the_committed_pictures_are_small():
    pictures = list((ROOT / "docs" / "images").glob("report-*.png"))
    assert len(pictures) == 2
    assert all(picture.stat().st_size < IMAGE_BYTES for picture in pictures)
