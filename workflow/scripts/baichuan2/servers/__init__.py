"""Servers of OpenAI's API that answer in this engine's place."""

AGAIN = "run again: ceval keeps what was answered"  # the cure of a lost server
SERVED = "served"  # the precision of a run that a server answers: its own business
