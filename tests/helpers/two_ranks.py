"""Two ranks of which 0 waits in a collective for 1, which prints its process, then fails or sleeps.

usage: launch.py --world-size 2 -- two_ranks.py [fail]
"""

import os
import time
from typing import Annotated

import typer

from baichuan2 import cli
from baichuan2.errors import UserError
from baichuan2.ranks.collectives import ranks_of_launch


def main(then: Annotated[str, typer.Argument()] = "sleep") -> None:
    with ranks_of_launch("gloo") as ranks:
        ranks.maximum([0.0])
        if ranks.rank == 1:
            print(os.getpid(), flush=True)
            if then == "fail":
                raise UserError("config: is wrong; correct it")
            time.sleep(60)
        ranks.maximum([0.0])


cli.run(main)
