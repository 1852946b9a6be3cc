"""What compare.of and compare.to name, and which files that needs. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from baichuan2.errors import UserError, nearest
from baichuan2.files import csv_rows, read_text

KINDS = ("accuracy", "speed")
REFERENCES = "config/references"
RESULTS = "results"
SUFFIXES = {"float": "", "quant": "_quant"}  # of the result directories of either precision
CLASSES_JSON = "test_result/result_0_classes_acc.json"
CACHE_CSV = "test_result/cache0.csv"


@dataclass(frozen=True)
class Choice:
    """One side of a comparison.

    text: as written in config.yaml. origin: "run" (a results folder of this workflow), "reference" (published
    figures) or "sdk" (what the guide's SDK wrote). files: {kind: its files}, of the kinds the side has figures
    for; a reference's file is the csv of all references.
    """

    text: str
    origin: str
    files: dict[str, tuple[str, ...]]


def choose(text: str, key: str, references: str = REFERENCES, results: str = RESULTS) -> Choice:
    """The side that `text` names: float, quant, a reference, a results folder[:quant] or the SDK's folder.

    This run's own files need not exist yet. Raises UserError, naming the config `key`, for anything else.
    """
    if text in SUFFIXES:
        return Choice(text, "run", run_files(Path(results), text))
    published = reference_files(references)
    if text in published:
        return Choice(text, "reference", published[text])
    folder, _, precision = text.rpartition(":")
    if not folder or precision not in SUFFIXES:
        folder, precision = text, ""
    path = Path(folder)
    if not path.is_dir():
        raise UserError(f"{key}: {text!r} is no such name or folder; {_known(text, published)}")
    if files := _existing(run_files(path, precision or "float")):
        return Choice(text, "run", files)
    if not precision and (files := _sdk_files(path)):
        return Choice(text, "sdk", files)
    other = "float" if precision == "quant" else "quant"
    if _existing(run_files(path, other)):
        raise UserError(f"{key}: {text!r} has no {precision or 'float'} results; it may be {folder}:{other}")
    raise UserError(
        f"{key}: {text!r} holds no results (ceval/summary.json, perf/summary.json, {CLASSES_JSON}, {CACHE_CSV} or "
        f"performance_test_*.csv); {_known(text, published)}"
    )


def shared_kinds(of: Choice, to: Choice) -> list[str]:
    """The kinds that both sides have figures for; raises UserError where there is none."""
    shared = [kind for kind in KINDS if kind in of.files and kind in to.files]
    if not shared:
        has = [f"{side.text} has {' and '.join(side.files)} only" for side in (of, to)]
        raise UserError(f"compare.of, compare.to: nothing to compare: {', '.join(has)}; choose another side")
    return shared


def reference_files(references: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """{name: {kind: (csv,)}} of every published set of figures; raises UserError where a csv cannot be read."""
    published: dict[str, dict[str, tuple[str, ...]]] = {}
    for kind in KINDS:
        path = f"{references}/{kind}.csv"
        for row in reference_rows(path):
            published.setdefault(row["name"], {})[kind] = (path,)
    return published


def reference_rows(path: str) -> list[dict[str, str]]:
    """The rows of a csv of references; raises UserError where it is missing, no csv or has no column `name`."""
    text = read_text(path, cure="take it from the repository again")
    header, *others = [cells for _, cells in csv_rows(text, path)] or [[]]
    rows = [dict(zip(header, cells, strict=False)) for cells in others if len(cells) == len(header)]
    if len(rows) < len(others) or not all(row.get("name") for row in rows):
        raise UserError(f"{path}: a row has no name, or not as many cells as the header; mend it")
    return rows


def run_files(folder: Path, precision: str = "float") -> dict[str, tuple[str, ...]]:
    """What a results folder has of one precision, {kind: its files}."""
    ceval, perf = (folder / f"{task}{SUFFIXES[precision]}" for task in ("ceval", "perf"))
    return {"accuracy": (f"{ceval}/summary.json", f"{ceval}/{CACHE_CSV}"), "speed": (f"{perf}/summary.json",)}


def _existing(files: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The kinds whose first file exists, with those of their files that do."""
    return {
        kind: tuple(name for name in names if Path(name).is_file())
        for kind, names in files.items()
        if Path(names[0]).is_file()
    }


def _sdk_files(folder: Path) -> dict[str, tuple[str, ...]]:
    accuracy = [folder / name for name in (CLASSES_JSON, CACHE_CSV) if (folder / name).is_file()]
    files = {"accuracy": accuracy, "speed": sorted(folder.glob("performance_test_*.csv"))}
    return {kind: tuple(map(str, paths)) for kind, paths in files.items() if paths}


def _known(text: str, published: Iterable[str]) -> str:
    names = [*SUFFIXES, *published]
    near = nearest(text, names)
    hint = f"; did you mean {near}?" if near else ""
    return (
        f"it may be {', '.join(names)}, an earlier results folder (folder or folder:quant), or a folder that the "
        f"guide's SDK wrote{hint}"
    )
