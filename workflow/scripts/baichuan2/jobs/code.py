"""The code behind a script: the script and every module of ours that it imports, by its import statements."""

from __future__ import annotations

import ast
import functools
import hashlib
import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SCRIPTS = PACKAGE.parent
SUFFIXES = (".py", ".c", ".h", ".csv")
# An import statement, which has its lines to itself; to parse all of a file takes twenty times as long.
IMPORT = re.compile(r"^[ \t]*((?:from \S+ )?import (?:\([^)]*\)|.*))", re.MULTILINE)


def code_of(script: str) -> list[Path]:
    """The files whose text decides what workflow/scripts/`script` does, the script first; imports in functions count.

    A module's C source, its header or a table (csv) of the same name belongs to it.
    """
    start = SCRIPTS / script
    files, pending = set(), [start]
    while pending:
        file = pending.pop()
        if file not in files:
            files.add(file)
            pending += _imports(file) if file.suffix == ".py" else []
    return [start, *sorted(files - {start}, key=str)]


@functools.cache
def version_of(*scripts: str) -> str:
    """The version of a step's code: a digest of the text of its scripts and of all modules of ours that they import.

    Such as "score_ceval.py, 45 files: 0c6f1a2b3d4e". It is a parameter of the step's rule: an edit reruns the step.
    """
    files = sorted({file for script in scripts for file in code_of(script)}, key=str)
    digest = hashlib.sha256(b"".join(map(_digest, files)))
    return f"{', '.join(scripts)}, {len(files)} files: {digest.hexdigest()[:12]}"


@functools.cache
def _digest(file: Path) -> bytes:
    """Of a file's place and text. Steps share most of their files, and each is read once."""
    return hashlib.sha256(f"{file.relative_to(SCRIPTS)}\n".encode() + file.read_bytes()).digest()


@functools.cache
def _modules() -> dict[str, list[Path]]:
    """{full name of a module of ours: its files}."""
    modules: dict[str, list[Path]] = {}
    for file in PACKAGE.rglob("*"):
        if file.suffix in SUFFIXES:
            parts = file.relative_to(SCRIPTS).with_suffix("").parts
            modules.setdefault(".".join(parts).removesuffix(".__init__"), []).append(file)
    return modules


@functools.cache
def _imports(file: Path) -> list[Path]:
    statements = import_statements(file.read_text(encoding="utf-8"))
    modules = {module for node in statements for module in _names(node, file)}
    packages = {
        ".".join(module.split(".")[:depth]) for module in modules for depth in range(1, module.count(".") + 2)
    }
    return [file for name in packages for file in _modules().get(name, ())]


def import_statements(text: str) -> list[ast.stmt]:
    """Those of a file of ours, wherever they stand in it."""
    return ast.parse("\n".join(IMPORT.findall(text))).body


def _names(node: ast.stmt, file: Path) -> list[str]:
    """What an import statement may import: of `from a import b`, both a and a.b."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    parents = file.relative_to(SCRIPTS).parts[: -node.level] if node.level else ()
    module = ".".join((*parents, *([node.module] if node.module else [])))
    return [module, *(f"{module}.{alias.name}" for alias in node.names)]
