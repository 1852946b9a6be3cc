# verify: everything under results/ read and held against its digests. Run only by name, never part of `all`.
# needs: results/, whatever is there
# makes: no file; results/logs/verify.log


rule verify:
    log:
        "results/logs/verify.log",
    conda:
        environment("cpu")
    message:
        "Reading everything under results"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/verify_results.py" \
            --results results \
            2> >(tee {log:q} >&2)
        """
