"""Markdown as one self-contained html page for snakemake's report, which shows html but no Markdown. Torch-free."""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment
from markdown_it import MarkdownIt
from markdown_it.token import Token

from baichuan2.files import write_text
from baichuan2.text.words import spoken_language

# What a cell of a column of numbers may hold: 1.5, 12/20, 50%, 0.1 to 0.2, 9 and 8, or nothing
NUMBER = re.compile(r"(n/a|[\d.]+%?(/[\d.]+)?(( to | and | 至 | 和 )[\d.]+)?)?")
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
# Autoescape, and html off in the Markdown: model answers and folder names are text, never markup.
PAGE = Environment(autoescape=True).from_string("""\
<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<title>{{ title }}</title>
<style>
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif;
  color: #1e293b; background: #fff; margin: 2rem auto; max-width: 75rem; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
th { text-align: left; }
th, td { padding: 0.3rem 0.8rem; border-bottom: 1px solid #cbd5e1; white-space: nowrap; }
th { border-bottom: 2px solid #475569; }
pre { background: #f1f5f9; padding: 0.8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
img { max-width: 100%; }
</style>
</head>
<body>
{{ body|safe }}
</body>
</html>
""")


def write_page(out: Path, markdown: str, folder: Path | None = None) -> None:
    """Publish `markdown` as the html page `out`; its svg images are read from `folder` and embedded."""
    write_text(out, page(markdown, folder))


def page(markdown: str, folder: Path | None = None) -> str:
    """The page: no script, and nothing that is loaded from elsewhere. Links stay; other images become their text."""
    tokens = PARSER.parse(markdown)
    title = next((tokens[k + 1].content for k, token in enumerate(tokens) if token.type == "heading_open"), "Page")
    return PAGE.render(language=spoken_language(), title=title, body=_rendered(tokens, folder))


def body_of(markdown: str) -> str:
    """What stands on the page, for a place in another."""
    return _rendered(PARSER.parse(markdown))


def _rendered(tokens: list[Token], folder: Path | None = None) -> str:
    for image in [child for token in tokens for child in token.children or () if child.type == "image"]:
        path = Path(folder or ".") / str(image.attrs["src"])
        if folder and path.suffix == ".svg" and path.parent == folder and path.is_file():
            image.attrs["src"] = "data:image/svg+xml;base64," + base64.b64encode(path.read_bytes()).decode()
        else:
            image.type, image.tag = "text", ""
    _right_align_numbers(tokens)
    body = PARSER.renderer.render(tokens, PARSER.options, {})
    return body.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")


def _right_align_numbers(tokens: Sequence[Token]) -> None:
    """Align columns of numbers, heads included, to the right where the Markdown does not align them."""
    columns: dict[int, list[tuple[Token, str]]] = {}
    place = 0
    for index, token in enumerate(tokens):
        if token.type == "table_open":
            columns = defaultdict(list)
        elif token.type == "tr_open":
            place = 0
        elif token.type in ("th_open", "td_open"):
            columns[place].append((token, tokens[index + 1].content))
            place += 1
        elif token.type == "table_close":
            for cells in columns.values():
                if all(NUMBER.fullmatch(text) for _, text in cells[1:]) and "style" not in cells[0][0].attrs:
                    for cell, _ in cells:
                        cell.attrs["style"] = "text-align:right"
