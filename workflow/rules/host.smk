# cpu_performance: the CPUs' frequency governor set to "performance". Asked for by name, never part of `all`.
# needs: cpupower, and the right to set it (root)
# makes: no file; results/logs/cpu_performance.log


rule cpu_performance:
    log:
        "results/logs/cpu_performance.log",
    conda:
        environment("cpu")
    message:
        "Setting the CPUs' frequency governor to performance"
    shell:
        """
        python workflow/scripts/cpu_performance.py \
            2> >(tee {log:q} >&2)
        """
