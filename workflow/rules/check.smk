# check: whether this host can run the model as configured. Run only by name, never part of `all`.
# needs: results/model/manifest.json, for the model's sizes
# makes: no file; results/logs/check.log


rule check:
    input:
        manifest="results/model/manifest.json",
    log:
        "results/logs/check.log",
    conda:
        environment(devices.resolve(config["engine"]["device"]))
    params:
        world_size=config["parallel"]["world_size"],
        nodes=config["parallel"]["nodes"],
        batch_size=config["inference"]["batch_size"],
        left_in_float=literal(as_json(settings.rollback_list(config) + config["quantize"]["disable_names"])),
        perf_weights=config["perf"]["weights"],
        perf_batch_size=max(config["perf"]["batch_size"]),
        engine=own_engine_options(config),
    message:
        "Checking this host"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/check_environment.py" \
            --model results/model \
            --world-size {params.world_size} \
            --nodes {params.nodes} \
            --batch-size {params.batch_size} \
            --left-in-float {params.left_in_float:q} \
            --perf-weights {params.perf_weights:q} \
            --perf-batch-size {params.perf_batch_size} \
            {params.engine} \
            2>&1 | tee {log:q}
        """
