# cpu_performance: the CPUs' frequency governor set to "performance". Run only by name, never part of `all`.
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
        cpupower frequency-set -g performance >{log:q} 2>&1 && exit 0
        echo "error: cpupower frequency-set -g performance: $(head -c 300 {log:q} | tr '\\n' ' '); it needs" \
            "linux-tools (apt) or kernel-tools (dnf), and root; a virtual machine's governor is its host's" >&2
        exit 1
        """
