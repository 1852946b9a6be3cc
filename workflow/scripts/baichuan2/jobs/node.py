"""One node's half of a launch: its ranks under torch's agent, as under torchrun, but with one line for an error."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch.distributed import DistError, run
from torch.distributed.elastic.multiprocessing import PContext, SignalException
from torch.distributed.elastic.multiprocessing.errors import ChildFailedError, ProcessFailure

from baichuan2.errors import FOLLOWED, TOLD
from baichuan2.ranks.liveness import HOST

MEET_S = 300  # for all nodes to meet: some load torch over a slow disk
STOP_S = 3.0  # for the agent to stop its ranks


@dataclass(frozen=True)
class Node:
    """Which of the nodes this is; the first one's address and port are where all meet, None for one node alone."""

    rank: int
    nodes: int
    name: str
    first: str | None = None
    launch: str = ""  # the launch's own name: another one's nodes that come to its port are none of it

    def options(self) -> list[str]:
        """torchrun's."""
        if self.first is None:
            return ["--standalone", "--nnodes", "1", "--local-addr", "localhost"]  # the host's name may lead nowhere
        address, _, port = self.first.rpartition(":")
        return [
            "--nnodes", str(self.nodes), "--node-rank", str(self.rank), "--master-addr", address,
            "--master-port", port, "--rdzv-id", self.launch, "--rdzv-conf", f"timeout={MEET_S}",
        ]  # fmt: skip


def run_ranks(command: Sequence[str], ranks: int, node: Node) -> int:
    """Run `command`, a Python script with its arguments, as `ranks` ranks on this node -> the exit code of its half.

    That is 0, TOLD after a line on stderr that says what failed, or FOLLOWED where others will have said it.
    """
    # The agent reports a failed rank in some twenty lines, behind which the rank's own would be lost.
    logging.disable(logging.ERROR)
    os.environ[HOST] = node.name
    PContext.close.__defaults__ = (None, STOP_S)  # else the agent waits 30 s for a rank that heeds no SIGTERM
    words = [*node.options(), "--nproc-per-node", str(ranks), "--no-python", sys.executable, *command]
    try:
        run.run(run.parse_args(words))
    except ChildFailedError as error:
        return _verdict(error.failures, node.name)
    except SignalException:
        return FOLLOWED
    except DistError as error:
        if node.first is None:
            raise
        return _tell(_why_not_met(node, error))
    return 0


def follow_launcher() -> None:
    """End this process, and so its ranks, as soon as its standard input has ended, which the launcher holds."""
    threading.Thread(target=_follow_launcher, daemon=True).start()


def _follow_launcher() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)  # by which the agent stops its ranks
    time.sleep(STOP_S)
    os._exit(FOLLOWED)  # the ranks end with their parent


def _verdict(failures: Mapping[int, ProcessFailure], name: str) -> int:
    """The exit code for these failed ranks. Those that the agent stopped, once others had failed, are no cause."""
    causes = {rank: failed for rank, failed in failures.items() if failed.exitcode != -signal.SIGTERM} or failures
    codes = [failed.exitcode for failed in causes.values()]
    if any(code > 0 and code != FOLLOWED for code in codes):
        return TOLD
    killed = {rank: failed for rank, failed in causes.items() if failed.exitcode < 0}
    if not killed:
        return FOLLOWED
    rank, failed = min(killed.items(), key=lambda item: (item[1].timestamp, item[0]))  # who came first
    hint = ", as Linux does where memory runs out (see dmesg)" if failed.exitcode == -signal.SIGKILL else ""
    return _tell(
        f"rank {rank} on {name} was ended by {failed.signal_name()}{hint}; see the lines above, and run again"
    )


def _why_not_met(node: Node, error: DistError) -> str:
    said = " ".join(str(error).split())[:200]
    if "EADDRINUSE" in said:
        return f"parallel.port: {node.first} is in use on {node.name}; set another, or end what uses it"
    return (
        f"parallel.port: {node.name} did not meet the others at {node.first} ({said}); see whether it reaches that "
        "address, and whether a firewall closes the port"
    )


def _tell(line: str) -> int:
    print(f"\nerror: {line}", file=sys.stderr, flush=True)  # below a progress bar that stands there
    return TOLD
