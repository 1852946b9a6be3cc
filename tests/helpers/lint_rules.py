"""What `snakemake --lint` says, on stdin, less its wish for functions in common.smk: here each stands above the
rule that takes it. Ends with code 1 for any other lint, and where the linter itself failed.
"""

import sys

EXPECTED = "Mixed rules and functions in same snakefile."

text = sys.stdin.read()
lints = [line.strip() for line in text.splitlines() if line.startswith("    * ")]
if not lints or any(EXPECTED not in lint for lint in lints):
    sys.exit(text)
