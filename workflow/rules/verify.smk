# verify: everything under results/ read and held against its digests. Asked for by name, never part of `all`.
# needs: results/, whatever is there
# makes: no file; results/logs/verify.log


rule verify:
    input:
        code=code("verify_results.py"),
    log:
        "results/logs/verify.log",
    conda:
        environment("cpu")
    message:
        "Reading everything under results"
    shell:
        """
        python {input.code[0]:q} \
            --results results \
            2> >(tee {log:q} >&2)
        """
