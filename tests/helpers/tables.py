"""Tables that the tests write on request: every wrong input that they tried, every difference that they measured,
and what other engines answered.
"""

from __future__ import annotations

from pathlib import Path

import torch


def write_refused(path: Path, terminalreporter) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    found = [(Path(r.nodeid.split("::")[0]).name, *pair) for r in reports for pair in r.user_properties]
    tried = sum(name == "tried" for _, name, _ in found)
    rows = [(file, *value) for file, name, value in found if name == "refused"]
    lines = [
        "# Wrong and hostile inputs that the tests tried",
        "",
        "Each ends with code 1 and one line, within bounds of memory and time, and leaves nothing behind. Written by",
        "`KILLS=3 python -m pytest tests/test_{errors,hostile,faults,folders,adapter}.py "
        "--refused docs/generated/refused.md`",
        "",
        f"Refused / tried: {len(rows)} / {tried}.",
        "",
        *_kills(reports),
    ]
    titles = {"test_errors.py": "Mistakes", "test_hostile.py": "Hostile files", "test_faults.py": "Damaged files"}
    for file, title in titles.items():
        lines += ["", f"## {title}", "", "| input | line |", "|---|---|"]
        lines += [f"| {what} | `{line}` |" for name, what, line in rows if name == file]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _kills(reports: list) -> list[str]:
    """How many SIGKILLs each job was sent, and whether the next run made the same bytes all the same."""
    killed = [(r, value) for r in reports for name, value in r.user_properties if name == "kills"]
    survived = sum(value for report, value in killed if report.passed)
    names = [report.nodeid.split("::")[-1].partition("[")[2][:-1] or "the whole workflow" for report, _ in killed]
    jobs = ", ".join(f"{name} {count}" for name, (_, count) in zip(names, killed, strict=True))
    return [
        f"Kills survived / tried: {survived} / {sum(value for _, value in killed)}. A job, or the workflow, gets",
        "SIGKILL at random moments; what the next run makes has the bytes of an undisturbed one. Kills of each:",
        f"{jobs}.",
    ]


def write_differences(path: Path, terminalreporter) -> None:
    rows = []
    for report in terminalreporter.stats.get("passed", []):
        test = report.nodeid.split("::")[-1]
        figures = [(what, value) for what, value in report.user_properties if "difference" in what]
        rows += [f"| {test} | {what} | {value:.1e} |" for what, value in figures]
    head = [
        "# Largest differences found by the tests",
        "",
        "Relative to the largest logit of the reference; fp32, small random models of 3 layers. Written by",
        "`python -m pytest tests/test_{modeling,cut,w8a8}.py --differences docs/generated/differences.md`",
        f"with torch {torch.__version__} on a CPU.",
        "",
        "| test | figure | largest |",
        "|---|---|---|",
    ]
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


def write_answers(path: Path, terminalreporter) -> None:
    """A row for each engine: how many answers are equal, and the largest difference of a score in logits."""
    from helpers.forms import FORMS, PRECISIONS  # of a model's every step, which other runs do without

    rows: dict[str, dict[tuple[str, str], str]] = {}
    versions: dict[str, None] = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            figures = dict(report.user_properties)
            if "cell" in figures:
                row, precision, form, version = figures["cell"]
                found, off = figures.get("answers", "none"), figures.get("largest difference of scores")
                found += "" if off is None else f" ({off:.0e})"
                rows.setdefault(row, {})[form, precision] = found if outcome == "passed" else f"{found} failed"
                versions[version] = None
    columns = [(form, precision) for form in FORMS for precision in PRECISIONS]
    lines = [
        f"| engine | {' | '.join(f'{form}, {precision}' for form, precision in columns)} |",
        f"|---|{'---|' * len(columns)}",
        *(f"| {row} | {' | '.join(cells.get(cell, '') for cell in columns)} |" for row, cells in rows.items()),
        "",
        f"{', '.join(versions)}.",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
