# part_model/<rank>/: the float and the W8A8 weights, cut for parallel.world_size ranks (run only where it is above 1).
# needs: results/model, results/quant
# makes: results/model/part_model/, results/quant/part_model/


rule cut_weights:
    input:
        code=code("cut_weights.py"),
        model=MODEL,
    output:
        expand("results/model/part_model/{rank}/manifest.json", rank=range(WORLD_SIZE)),
    log:
        "results/logs/cut_weights.log",
    conda:
        environment("cpu")
    resources:
        **NO_CARD,
    params:
        **of_plain(cut_params),
    message:
        "Cutting the float weights for {params.world_size} ranks"
    shell:
        """
        python {input.code[0]:q} \
            --model {params.model:q} \
            --out {params.parts:q} \
            --world-size {params.world_size} \
            2> >(tee {log:q} >&2)
        """


rule cut_quant:
    input:
        code=code("cut_quant.py"),
        model=MODEL,
        quant="results/quant/manifest.json",
    output:
        expand("results/quant/part_model/{rank}/manifest.json", rank=range(WORLD_SIZE)),
    log:
        "results/logs/cut_quant.log",
    conda:
        environment("cpu")
    resources:
        **NO_CARD,
    params:
        **of_plain(cut_quant_params),
    message:
        "Cutting the W8A8 weights for {params.world_size} ranks"
    shell:
        """
        python {input.code[0]:q} \
            --model {params.model:q} \
            --quant {params.quant:q} \
            --out {params.parts:q} \
            --world-size {params.world_size} \
            2> >(tee {log:q} >&2)
        """
