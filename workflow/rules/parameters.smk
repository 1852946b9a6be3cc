# What the rules of each stage take, as functions of a configuration: config.yaml's, or that of a run of a sweep.


# ---- the model -----------------------------------------------------------------------------------------------------


def download_params(config):
    into = directory_of(settings.model_source(config))
    return {"source": config["model"]["source"], "into": str(into)}


def linked_files(config):
    """What link_model copies or reads of a source, beside the weights."""
    return source_files(
        settings.model_source(config),
        lambda name: name in LINKED or name.endswith(".index.json"),
    )


def link_params(config):
    source = settings.model_source(config)
    return {
        "source": str(directory_of(source)),
        "weights": {} if source.hub else fingerprints_of(directory_of(source)),
        "model": f"{homes(config, 'model')}/model",
    }


# ---- the cut -------------------------------------------------------------------------------------------------------


def cut_params(config):
    return {
        "world_size": config["parallel"]["world_size"],
        "model": f"{homes(config, 'model')}/model",
        "parts": parts_folder(config, "cut"),
    }


def cut_quant_params(config):
    return cut_params(config) | {
        "quant": f"{homes(config, 'quant')}/quant",
        "parts": parts_folder(config, "cut_quant"),
    }


# ---- W8A8 ----------------------------------------------------------------------------------------------------------


def calibration_of(config):
    return f"{homes(config, 'calibration')}/records/calibration.json"


def calibrations(config):
    """The calibration that quantize needs, or none."""
    quantize = config["quantize"]
    needed = (
        quantize["scheme"] == "static"
        or quantize["anti_outlier"] == "smooth"
        or quantize["disable_level"] != "L0"
    )
    return [calibration_of(config)] if needed else []


def chosen(config):
    """What rollback: auto chose, or none."""
    if config["quantize"]["rollback"] != "auto":
        return []
    return [f"{homes(config, 'rollback')}/records/rollback.json"]


def quantize_inputs(of):
    """What quantize reads; `of` makes of a function of a configuration what a rule takes."""
    streaming = QUANTIZE["engine"] == "streaming"
    return {
        "code": code("quantize.py" if streaming else "quantize_modelslim.py"),
        "model": of(lambda config: model_files(homes(config, "model"))),
        "calibration": of(
            calibrations
            if streaming
            else lambda config: config["quantize"]["calibration"]
        ),
        "chosen": of(chosen),
    }


def left_in_float(config):
    """What decides which linears stay in float."""
    quantize = config["quantize"]
    return (
        f"--disable-level {quantize['disable_level']}"
        f" --disable-names {shlex.quote(as_json(quantize['disable_names']))}"
        f" --rollback {shlex.quote(as_json(settings.rollback_list(config)))}"
    )


def rounded(config):
    """How activations and weights become int8."""
    quantize = config["quantize"]
    activations = f"--act-method {quantize['act_method']}"
    if quantize["scheme"] == "dynamic":
        activations = "--scheme dynamic"
    return f"{activations} --{'' if quantize['mm_tensor'] else 'no-'}mm-tensor"


def calibrate_params(config):
    quantize = config["quantize"]
    return {
        "model": f"{homes(config, 'model')}/model",
        "smooth": "--smooth" if quantize["anti_outlier"] == "smooth" else "",
        "device": quantize["device"],
    }


def quantize_params(config):
    """Of both engines; the last four are ModelSlim's own."""
    quantize = config["quantize"]
    of_both = {
        "model": f"{homes(config, 'model')}/model",
        "quant": f"{homes(config, 'quant')}/quant",
        "rounded": rounded(config),
        "left_in_float": left_in_float(config),
        "chosen": " ".join(f"--chosen {file}" for file in chosen(config)),
    }
    if quantize["engine"] == "streaming":
        files = calibrations(config)
        calibration = " ".join(f"--calibration {file}" for file in files)
        return of_both | {"calibration": calibration}
    return of_both | {
        "w_bit": quantize["w_bit"],
        "pr": float(quantize["pr"]),
        "anti_outlier": optional("--anti-outlier", quantize["anti_outlier"]),
        "seed": quantize["seed"],
    }


# ---- what stays in float -------------------------------------------------------------------------------------------


def sensitivity_of(config):
    return f"{homes(config, 'sensitivity')}/records/sensitivity.json"


def exam_of_metric(config):
    """The exam that auto's accuracy is of, and its subjects, where it is asked for."""
    if config["quantize"]["auto"]["metric"] != "accuracy":
        return {"exam": [], "subjects": []}
    return {"exam": files_of(EXAM), "subjects": [SUBJECTS]}


def sensitivity_params(config):
    by_accuracy = config["quantize"]["auto"]["metric"] == "accuracy"
    exam = f"--exam {shlex.quote(EXAM)} --subjects {SUBJECTS}"
    return {
        "model": f"{homes(config, 'model')}/model",
        "device": config["quantize"]["device"],
        "rounded": rounded(config),
        "exam": exam if by_accuracy else "",
    }


def choose_params(config):
    auto = config["quantize"]["auto"]
    return {
        "metric": auto["metric"],
        "budget": float(auto["budget"]),
        "spare": auto["spare"],
    }


# ---- C-Eval --------------------------------------------------------------------------------------------------------


def score_params(config):
    ceval = config["ceval"]
    asked = [] if ceval["subjects"] == "all" else ceval["subjects"]
    # The other protocols score options, all of a subject together.
    generates = ceval["protocol"] == "sdk"
    return {
        "launch": launch(config),
        "exam": EXAM,
        "protocol": ceval["protocol"],
        "shots": ceval["shots"],
        "split": ceval["split"],
        "subjects": " ".join(f"--subject {shlex.quote(name)}" for name in asked),
        "batch_size": f"--batch-size {ceval['batch_size']}" if generates else "",
        "exact": str(ceval["exact"]).lower(),
        "engine": engine_options(config),
    }


def shares_of(home):
    """The records of all replicas."""
    return [
        f"{home}/records/ceval{{quant}}.{share}-of-{DATA}.jsonl"
        for share in range(1, DATA + 1)
    ]


# ---- speed ---------------------------------------------------------------------------------------------------------


def perf_weights(config, quant):
    return weights_of(config, quant) if config["perf"]["weights"] == "model" else []


def perf_weights_options(config, quant):
    if config["perf"]["weights"] == "model":
        return weights_options(config, quant)
    # Any value of --quant means W8A8.
    return f"--model {config['perf']['weights']}{' --quant w8a8' if quant else ''}"


def perf_params(config):
    perf = config["perf"]
    grid = f"--min-len-exp {perf['min_len_exp']} --max-len-exp {perf['max_len_exp']}"
    pairs = f"--case-pair '{as_json(perf['case_pair'])}'"
    return {
        "launch": launch(config),
        "mode": perf["mode"],
        "batch_sizes": as_json(perf["batch_size"]),
        "lengths": pairs if perf["case_pair"] else grid,
        "warmup": perf["warmup"],
        "repeats": perf["repeats"],
        "seed": perf["seed"],
        "engine": engine_options(config),
    }
