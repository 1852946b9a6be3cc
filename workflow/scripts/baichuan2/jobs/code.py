"""The code behind a script: the script and every module of ours that it imports, by its import statements."""

from __future__ import annotations

import ast
import functools
import hashlib
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SCRIPTS = PACKAGE.parent


def code_of(script: str) -> list[Path]:
    """The files whose text decides what workflow/scripts/`script` does, the script first; imports in functions count.

    A module's C source or table (csv) of the same name belongs to it.
    """
    start = SCRIPTS / script
    files, pending = set(), [start]
    while pending:
        file = pending.pop()
        if file not in files:
            files.add(file)
            pending += _imports(file) if file.suffix == ".py" else []
    return [start, *sorted(files - {start})]


@functools.cache
def version_of(*scripts: str) -> str:
    """The version of a step's code: a digest of the text of its scripts and of all modules of ours that they import.

    Such as "score_ceval.py, 45 files: 0c6f1a2b3d4e". It is a parameter of the step's rule: an edit reruns the step.
    """
    files = sorted({file for script in scripts for file in code_of(script)})
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(SCRIPTS)}\n{file.stat().st_size}\n".encode() + file.read_bytes())
    return f"{', '.join(scripts)}, {len(files)} files: {digest.hexdigest()[:12]}"


@functools.cache
def _imports(file: Path) -> list[Path]:
    modules = {
        module for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) for module in _names(node, file)
    }
    packages = {
        ".".join(module.split(".")[:depth]) for module in modules for depth in range(1, module.count(".") + 2)
    }
    bases = [SCRIPTS.joinpath(*name.split(".")) for name in packages if name.split(".")[0] == PACKAGE.name]
    candidates = [
        candidate
        for base in bases
        for candidate in (*(base.with_suffix(f".{kind}") for kind in ("py", "c", "csv")), base / "__init__.py")
    ]
    return [candidate for candidate in candidates if candidate.is_file()]


def _names(node: ast.AST, file: Path) -> list[str]:
    """What an import statement may import: of `from a import b`, both a and a.b."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    parents = file.relative_to(SCRIPTS).parts[: -node.level] if node.level else ()
    module = ".".join((*parents, *([node.module] if node.module else [])))
    return [module, *(f"{module}.{alias.name}" for alias in node.names)]
