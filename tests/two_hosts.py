"""Two hosts made of one: network namespaces with a link between them, and a remote shell that reaches them."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ADDRESSES = ("10.77.0.1", "10.77.0.2")
INTERFACE = "between0"


class TwoHosts:
    """Their addresses are their names, as parallel.hosts has them; remote_shell reaches them without the link."""

    def __init__(self, folder: Path):
        self.spaces = {address: f"baichuan2-{os.getpid()}-{k}" for k, address in enumerate(ADDRESSES)}
        self.remote_shell = folder / "remote shell"
        cases = " ".join(f"{address}) space={space};;" for address, space in self.spaces.items())
        self.remote_shell.write_text(f'#!/bin/sh\ncase $1 in {cases} esac\nexec ip netns exec $space sh -c "$2"\n')
        self.remote_shell.chmod(0o755)
        for space in self.spaces.values():
            ip("netns", "add", space)
            ip("-n", space, "link", "set", "lo", "up")
        first, second = self.spaces.values()
        ip("link", "add", INTERFACE, "netns", first, "type", "veth", "peer", "name", INTERFACE, "netns", second)
        for address, space in self.spaces.items():
            ip("-n", space, "address", "add", f"{address}/24", "dev", INTERFACE)
            ip("-n", space, "link", "set", INTERFACE, "up")

    def parallel(self) -> dict:
        """The section of config.yaml for one rank on each."""
        return {
            "world_size": 2, "nodes": 2, "hosts": list(ADDRESSES), "interface": INTERFACE,
            "remote_shell": f"'{self.remote_shell}'", "port": 29500,
        }  # fmt: skip

    @contextmanager
    def cut(self) -> Iterator[None]:
        """The link is down."""
        second = self.spaces[ADDRESSES[1]]
        ip("-n", second, "link", "set", INTERFACE, "down")
        yield
        ip("-n", second, "link", "set", INTERFACE, "up")

    def running(self) -> set[int]:
        """The processes that run on them."""
        return {int(pid) for space in self.spaces.values() for pid in ip("netns", "pids", space).split()}

    def remove(self) -> None:
        for space in self.spaces.values():
            ip("netns", "delete", space)  # and its end of the link


def ip(*arguments: str) -> str:
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True).stdout


def rank_of(pid: int) -> str | None:
    """The rank that a process is, by its environment."""
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return None
    return next((word.decode()[5:] for word in variables if word.startswith(b"RANK=")), None)


def until(true, seconds: float = 20.0) -> None:
    """Wait until true() is."""
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last, f"not within {seconds} s: {true}"
        time.sleep(0.02)
