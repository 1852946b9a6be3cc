"""Servers of OpenAI's API that answer in this engine's place."""

SERVED = "served"  # the precision of a run that a server answers: its own business
