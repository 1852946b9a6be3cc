"""An Arm machine by emulation: Debian's Python and PyPI's torch for arm64 under qemu-user, as on a Kunpeng 920.

All of it lies in one folder, made once, without root. The C compiler is a cross compiler of this machine, since
qemu-user hands what an emulated process starts to this machine's kernel. Emulation shows that a result is right, and
counts instructions; its times say nothing.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock

from helpers.projects import ROOT

FOLDER = ROOT / ".arm64"
SUITE = "bookworm"  # its Python is 3.11
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
TOOLS = ("qemu-user-static", "gcc-12-aarch64-linux-gnu", "libc6-dev-arm64-cross")
EMULATED = ("python3.11:arm64", "libgomp1:arm64", "libstdc++6:arm64")
# what baichuan2.engine imports, with what that needs, and pytest
WHEELS = (
    *("torch", "numpy", "safetensors", "sentencepiece", "tqdm", "typer", "click", "annotated-doc", "shellingham"),
    *("sympy", "mpmath", "networkx", "jinja2", "markupsafe", "fsspec", "filelock", "typing-extensions", "setuptools"),
    *("pytest", "pluggy", "iniconfig", "packaging", "pygments"),
)
CUDA = re.compile(r"lib(cu|nccl|nvrtc|nvshmem)")
PROCESSOR = """processor\t: {}
BogoMIPS\t: 200.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm jscvt fcma dcpop asimddp
CPU implementer\t: 0x48
CPU architecture: 8
CPU variant\t: 0x1
CPU part\t: 0xd01
CPU revision\t: 0

"""
MIDR = "0x00000000481fd010\n"  # the same, where oneDNN reads it


class Unavailable(Exception):
    """Why this machine cannot emulate an Arm one."""


class Arm64:
    """The machine in `folder`."""

    def __init__(self, folder: Path):
        self.folder, self.root, self.site = folder, folder / "root", folder / "site"
        self.compiler = folder / "cc"
        self._qemu = [folder / "tools/usr/bin/qemu-aarch64-static", "-cpu", "cortex-a76", "-L", self.root]

    def python(self, *arguments: str | Path, paths: Iterable[Path], **variables: str) -> subprocess.CompletedProcess:
        """Run the emulated Python, with `paths` to import from."""
        search = os.pathsep.join(map(str, [self.site, *paths]))
        environment = {name: value for name, value in os.environ.items() if name == "PATH" or name.startswith("OMP_")}
        environment |= {"CC": str(self.compiler), "PYTHONPATH": search, **variables}
        command = [*self._qemu, self.root / "usr/bin/python3.11", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    def compile(self, source: Path, program: Path, *flags: str) -> None:
        """A program of a C source for this machine; flags: also the libraries, which come behind it."""
        _run(self.compiler, source, *flags, "-o", program)

    def instructions(self, program: Path, *arguments: object) -> int:
        """How many instructions a program runs that prints nothing."""
        command = [*self._qemu, "-singlestep", "-d", "exec,nochain", "-D", "/dev/stdout", program]
        with subprocess.Popen([*command, *map(str, arguments)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            count = sum(line.startswith(b"Trace") for line in process.stdout)
        assert process.returncode == 0
        return count


def machine() -> Arm64:
    """The machine that `make arm64` has made; Unavailable where there is none."""
    if not (FOLDER / "ready").exists():
        raise Unavailable("no Arm machine to emulate: make arm64 makes it, of 1.4 GB of packages")
    return Arm64(FOLDER)


def make() -> None:
    """Make the machine, where it is not there of these versions. Raises Unavailable where it cannot be made."""
    if platform.machine() != "x86_64" or not (shutil.which("apt-get") and shutil.which("readelf")):
        raise Unavailable("an Arm machine is emulated on Debian for x86_64, with binutils, alone")
    ready = FOLDER / "ready"
    state = "".join(path.read_text() for path in (Path(__file__), *_pins()))
    with FileLock(f"{FOLDER}.lock"):
        if not ready.exists() or ready.read_text() != state:
            shutil.rmtree(FOLDER, ignore_errors=True)
            _make(Arm64(FOLDER))
            ready.write_text(state)


def _pins() -> list[Path]:
    return [ROOT / "envs" / "requirements.txt", ROOT / "envs" / "constraints.txt"]


def _make(arm: Arm64) -> None:
    tools = arm.folder / "tools"
    for deb in _debs(arm.folder / "apt"):
        if not deb.stem.endswith("_arm64"):
            _run("dpkg", "-x", deb, tools)
        if not deb.stem.endswith("_amd64"):
            _run("dpkg", "-x", deb, arm.root)
    shutil.rmtree(arm.folder / "apt")
    arm.compiler.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH="{tools}/usr/lib/x86_64-linux-gnu" '
        f'exec "{tools}/usr/bin/aarch64-linux-gnu-gcc-12" --sysroot="{tools}" "$@"\n'
    )
    arm.compiler.chmod(0o755)
    _describe_processors(arm.root)
    platforms = ("manylinux_2_28_aarch64", "manylinux2014_aarch64")
    _run(
        sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-cache-dir", "--only-binary=:all:",
        "--python-version=3.11", *(f"--platform={name}" for name in platforms), "--target", arm.site,
        *(f"--constraint={path}" for path in _pins()), *WHEELS,
    )  # fmt: skip
    _stand_in_for_cuda(arm)


def _debs(apt: Path) -> list[Path]:
    """The packages and all that they need, downloaded by an apt of its own, which knows nothing of this machine's."""
    for name in ("state/lists/partial", "cache/archives/partial", "etc/apt.conf.d", "etc/preferences.d"):
        (apt / name).mkdir(parents=True)
    (apt / "status").touch()
    (apt / "etc/sources.list").write_text(
        f"deb [signed-by={KEYRING} arch=amd64,arm64] http://deb.debian.org/debian {SUITE} main\n"
    )
    settings = {
        "Dir": apt, "Dir::State": "state", "Dir::State::Status": apt / "status", "Dir::Cache": "cache",
        "Dir::Etc": "etc", "APT::Architecture": "amd64", "APT::Sandbox::User": "root", "Debug::NoLocking": "true",
        "Acquire::Languages": "none",
    }  # fmt: skip
    lines = [f'{key} "{value}";' for key, value in settings.items()] + ['APT::Architectures {"amd64"; "arm64";};']
    configuration = apt / "configuration"
    configuration.write_text("\n".join(lines))
    for arguments in (["update"], ["install", "--download-only", "--no-install-recommends", *TOOLS, *EMULATED]):
        _run("apt-get", "--yes", *arguments, APT_CONFIG=str(configuration))
    return sorted((apt / "cache/archives").glob("*.deb"))


def _describe_processors(root: Path) -> None:
    """What Linux says of two of the processors, where an emulated process looks first."""
    (root / "proc").mkdir()
    (root / "proc/cpuinfo").write_text("".join(PROCESSOR.format(number) for number in range(2)))
    for number in range(2):
        identification = root / f"sys/devices/system/cpu/cpu{number}/regs/identification"
        identification.mkdir(parents=True)
        (identification / "midr_el1").write_text(MIDR)


def _stand_in_for_cuda(arm: Arm64) -> None:
    """Libraries for those of CUDA that torch's wheel links, 2.4 GB that a CPU never calls: every function fails."""
    folder = arm.site / "torch/lib"
    libraries = sorted(folder.glob("*.so*"))
    text = "".join(_run("readelf", "-dVW", "--dyn-syms", path) for path in libraries)
    missing = {name for name in re.findall(r"NEEDED.*\[(.*)\]", text) if CUDA.match(name)}
    missing -= {path.name for path in libraries}
    blocks = re.findall(r"Version: 1  File: (\S+)  Cnt: \d+\n((?:.*Name: .*\n)+)", text)
    versions = {name: version for name, block in blocks for version in re.findall(r"Name: (\S+)", block)}
    of_version = {version: name for name, version in versions.items() if name in missing}
    functions = defaultdict(set)
    for function, version in re.findall(r" UND ((?:__)?(?:cu|nccl|nv)\w+)(?:@(\S+))?", text):
        functions[of_version.get(version, "libcudart.so.13")].add(function)
    for name in missing:
        source, script = arm.folder / "stand_in.c", arm.folder / "version"
        source.write_text("".join(f"int {function}(void) {{ return 100; }}\n" for function in functions[name]))
        script.write_text(f"{versions.get(name, 'ANY')} {{ *; }};\n")
        options = ["-shared", "-fPIC", "-w", f"-Wl,-soname,{name}", f"-Wl,--version-script={script}"]
        _run(arm.compiler, *options, source, "-o", folder / name)


def _run(*command: object, **variables: str) -> str:
    done = subprocess.run(
        list(map(str, command)), env=os.environ | variables, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        what = next(iter(done.stderr.strip().splitlines()[-1:]), f"exit code {done.returncode}")
        raise Unavailable(f"{Path(str(command[0])).name}: {what}")
    return done.stdout


if __name__ == "__main__":
    make()
