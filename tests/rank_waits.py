"""Run by test_nodes.py as two ranks: rank 0 computes in Python for some seconds, while rank 1 waits in a collective.

usage: rank_waits.py SECONDS; a rank counts as dead after one second.
"""

import sys
import time

from baichuan2.ranks import liveness
from baichuan2.ranks.collectives import ranks_of_launch

liveness.BEAT_S, liveness.SILENCE_S, liveness.FOLLOW_S = 0.1, 1.0, 0.5

with ranks_of_launch("gloo") as ranks:
    sys.stdout.write(f"rank {ranks.rank} is ready\n")  # in one piece, as print does not
    sys.stdout.flush()
    end = time.monotonic() + float(sys.argv[1])
    while ranks.rank == 0 and time.monotonic() < end:
        pass
    sys.stdout.write(f"rank {ranks.rank} has {ranks.from_first('the answer')}\n")
