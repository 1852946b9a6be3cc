"""Build a fake CANN for the torch_npu at hand; x86_64, gcc, binutils' nm and ldd.

usage: python -m fake_cann.build OUT SITE_PACKAGES_OF_TORCH_NPU
"""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).parent
LIBRARY = "libascendcl.so"  # the one with code; the others are empty and bring it in
# what torch_npu opens by name, which no table of a library tells
LOOKED_UP = {
    f"lib{name}.so"
    for name in ("opapi", "hccl", "nnopbase", "ascend_hal", "msprofiler", "ascend_ml", "runtime", "ascend_dump")
}
CC = ["gcc", "-w", "-O1", "-fPIC", "-shared", "-fno-builtin"]
# CANN's own names, which torch_npu finds with dlsym: only the strings in its libraries tell them
RUNTIME_NAME = re.compile(rb"\0((?:aclrt|aclmdlRI|aclsys|aclGet|aclSet|aclQuery|acl|rt|Hccl)[A-Z]\w*)(?=\0)")
OPERATOR_NAME = re.compile(rb"\0(aclnn[A-Z]\w*)(?=\0)")
# C++ vtables, type information and their like are data
DATA_NAME = re.compile(r"_ZT[VIST]")
HEAD = """int fake_unknown(const char *);
int fake_launch(void *);
static int fake_unset(void) { return fake_unknown("a function before aclInit"); }"""
# a function with a reference jumps to it, registers and stack untouched; Python sets the pointer
TRAMPOLINE = """
void *fake_slot_{name} = fake_unset;
__asm__(".globl {name}\\n.type {name},@function\\n{name}:\\n"
        "  movq fake_slot_{name}@GOTPCREL(%rip), %r10\\n  jmp *(%r10)\\n");
"""


def build(out: Path, site: Path) -> None:
    """Write CANN's libraries for site/torch_npu to `out`."""
    for folder in ("runtime", "compiler"):  # that torch_npu looks for in ASCEND_HOME_PATH
        (out / folder).mkdir(parents=True, exist_ok=True)
    (out / "ascend_toolkit_install.info").write_text("version=9.1.0\n")
    for chip in ("ascend910b", "ascend910_93", "ascend310p"):
        (out / "opp" / "built-in" / "op_impl" / "ai_core" / "tbe" / "kernel" / chip).mkdir(
            parents=True, exist_ok=True
        )
    torch_libraries = Path(importlib.util.find_spec("torch").origin).parent / "lib"
    own = sorted((site / "torch_npu").rglob("*.so*"))
    found, missing = resolve(own, torch_libraries)
    code = out / "generated.c"
    code.write_text(generated(own, found), encoding="utf-8")
    compile_library(out / LIBRARY, HERE / "runtime.c", HERE / "records.c", code, "-lstdc++")
    empty = out / "empty.c"
    empty.write_text("int fake_empty;\n", encoding="utf-8")
    for name in (missing | LOOKED_UP) - {LIBRARY}:
        compile_library(out / name, empty, "-Wl,--no-as-needed", f"-L{out}", f"-l:{LIBRARY}")


def compile_library(path: Path, *arguments) -> None:
    subprocess.run([*CC, f"-Wl,-soname,{path.name}", "-o", path, *arguments], check=True)


def resolve(own: list[Path], torch_libraries: Path) -> tuple[set[Path], set[str]]:
    """The libraries that torch_npu's are linked to, and the names of those that nobody has."""
    names = {library.name for library in own}
    found, missing = set(torch_libraries.glob("*.so*")), set()
    for library in own:
        for line in output("ldd", library).splitlines():
            name, _, path = line.strip().partition(" => ")
            if path == "not found":
                missing.add(name)
            elif path:
                found.add(Path(path.split(" (")[0]))
    return found, missing - names - {library.name for library in found}


def generated(own: list[Path], found: set[Path]) -> str:
    """C for every name that torch_npu asks CANN for."""
    blobs = [library.read_bytes() for library in own]
    operators = names_in(OPERATOR_NAME, blobs)
    others = (names_in(RUNTIME_NAME, blobs) | undefined(own, found)) - operators
    referenced = references()
    written = set(re.findall(r"^(?:int|void|size_t|const char) \*?(\w+)\(", sources(), re.MULTILINE))
    lines = [HEAD, *(TRAMPOLINE.format(name=name) for name in sorted(referenced))]
    lines += [operator(name, referenced) for name in sorted(operators - written - referenced)]
    lines += [other(name) for name in sorted(others - written - referenced)]
    return "\n".join(lines) + "\n"


def operator(name: str, referenced: set[str]) -> str:
    """The launch of an operator that has a reference, or the refusal of one that has none."""
    if f"{name}GetWorkspaceSize" in referenced:
        return f"int {name}(void *workspace, long size, void *executor) {{ return fake_launch(executor); }}"
    return f'int {name}(void) {{ return fake_unknown("{name}"); }}'


def other(name: str) -> str:
    """Data, or a function that has nothing to do here."""
    is_data = DATA_NAME.match(name)
    return f"char {name}[4096] __attribute__((aligned(16)));" if is_data else f"void *{name}(void) {{ return 0; }}"


def names_in(pattern: re.Pattern, blobs: list[bytes]) -> set[str]:
    return {name.decode() for blob in blobs for name in pattern.findall(blob)}


def undefined(own: list[Path], found: set[Path]) -> set[str]:
    """The names that torch_npu's libraries need and that no library at hand, nor the interpreter, defines."""
    needed = {name for library in own for name in symbols(library, "--undefined-only")}
    libraries = [*own, *found, Path(sys.executable).resolve()]
    shared = sysconfig.get_config_var("INSTSONAME")
    libraries += (
        [path for path in [Path(sysconfig.get_config_var("LIBDIR")) / shared] if path.is_file()] if shared else []
    )
    defined = {name for library in libraries for name in symbols(library, "--defined-only")}
    return {
        name for name in needed - defined if not name.startswith(("Py", "_Py", "__cxa_finalize", "__gmon", "_ITM"))
    }


def symbols(library: Path, which: str) -> set[str]:
    """Dynamic symbols, without versions; of the undefined ones only those that must be there."""
    table = (line.split()[-2:] for line in output("nm", "--dynamic", which, library).splitlines() if line.strip())
    return {name.split("@")[0] for kind, name in table if kind not in "wv" or which == "--defined-only"}


def sources() -> str:
    return "".join((HERE / name).read_text(encoding="utf-8") for name in ("runtime.c", "records.c"))


def references() -> set[str]:
    """The functions that Python has a reference for: the first string of each @operator or @function there."""
    names = set()
    for module in ("references.py", "operators.py", "graphs.py", "hccl.py"):
        for node in ast.walk(ast.parse((HERE / module).read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("operator", "function")
            ):
                name = node.args[0].value
                names.add(f"{name}GetWorkspaceSize" if node.func.id == "operator" else name)
    return names


def output(*command) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
