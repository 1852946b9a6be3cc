"""Run by test_ranks.py as two ranks: rank 0 computes for some seconds, or fails, while rank 1 waits in a collective.

usage: rank_waits.py SECONDS | fail
"""

import sys
import time

from baichuan2 import cli
from baichuan2.errors import UserError
from baichuan2.ranks.collectives import ranks_of_launch


def main(what: str) -> None:
    with ranks_of_launch("gloo") as ranks:
        sys.stdout.write(f"rank {ranks.rank} is ready\n")  # in one piece, as print does not
        sys.stdout.flush()
        if ranks.rank == 0 and what == "fail":
            raise UserError("quantize.rollback: rank 0 refuses this")
        if ranks.rank == 0:
            time.sleep(float(what))
        sys.stdout.write(f"rank {ranks.rank} has {ranks.from_first('the answer')}\n")


cli.run(main)
