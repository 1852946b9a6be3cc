# part_model/<rank>/: the float and the W8A8 weights, cut for parallel.world_size ranks (only where it is above 1).
# needs: results/model, results/quant
# makes: results/model/part_model/, results/quant/part_model/


if WORLD_SIZE > 1:

    rule cut_weights:
        input:
            code=code("cut_weights.py"),
            model=MODEL,
        output:
            parts("results/model"),
        log:
            "results/logs/cut_weights.log",
        conda:
            environment("cpu")
        resources:
            **NO_CARD,
        params:
            world_size=WORLD_SIZE,
        message:
            "Cutting the float weights for {params.world_size} ranks"
        shell:
            """
            python {input.code[0]:q} \
                --model results/model \
                --out results/model/part_model \
                --world-size {params.world_size} \
                2> >(tee {log:q} >&2)
            """

    rule cut_quant:
        input:
            code=code("cut_quant.py"),
            model=MODEL,
            quant="results/quant/manifest.json",
        output:
            parts("results/quant"),
        log:
            "results/logs/cut_quant.log",
        conda:
            environment("cpu")
        resources:
            **NO_CARD,
        params:
            world_size=WORLD_SIZE,
        message:
            "Cutting the W8A8 weights for {params.world_size} ranks"
        shell:
            """
            python {input.code[0]:q} \
                --model results/model \
                --quant results/quant \
                --out results/quant/part_model \
                --world-size {params.world_size} \
                2> >(tee {log:q} >&2)
            """
