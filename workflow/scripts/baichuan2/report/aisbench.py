"""C-Eval's answers and the speed cases in AISBench's layout, as one of its output folders (outputs/default/<time>).

    predictions/<model>/<data set>.jsonl      an answer a line
    results/<model>/<data set>.json           the accuracy in percent, and each answer beside the right one
    summary/summary_ceval.csv, .md            data sets, and groups of them
    performances/<model>/<data set>.csv       of each figure its statistics over requests; a data set is a case
    performances/<model>/<data set>.json      the figures of all its requests together

Names and definitions are those of ais-bench-benchmark 3.1.20260630 (github.com/AISBench/benchmark). A data set is
ceval-<subject>; a group's naive_average is the mean of its subjects' accuracies, and ceval-weighted weighs them by
questions. Records hold no prompts, so origin_prompt is empty. Times have more digits than AISBench gives them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy
import pandas

from baichuan2.ceval.exam import HARD, Subject
from baichuan2.ceval.records import Record
from baichuan2.files import publish_directory, write_json, write_text
from baichuan2.integrity import MANIFEST, files_beside, write_sealed
from baichuan2.speed.cases import Case, Run
from baichuan2.text.tables import csv_text, table

FORMAT: dict[str, str | int] = {"format": "baichuan2-aisbench", "version": 1}
NO_VERSION = "-"  # the version of AISBench's own prompt, which was not asked
STATISTICS = ("Average", "Min", "Max", "Median", "P75", "P90", "P99")
STAGE = "total"
GENERATED = "sdk"  # the protocol whose answers are texts; of the others the options are scored


def export_aisbench(
    out: Path,
    name: str,
    header: Mapping[str, Any],
    records: Sequence[Record],
    subjects: Iterable[Subject],
    measurement: Mapping[str, Any],
) -> None:
    """Publish the answers of a records file and a measurement as the directory `out`.

    name: of the model; that of W8A8 is followed by its precision. header: the records', and demo. subjects: C-Eval's.
    Cases that were not measured are left out.
    """
    model = _model(name, header["precision"])
    measured = _model(measurement.get("model_name", name), measurement["precision"])
    with publish_directory(out) as partial:
        _write_answers(partial, model, header, records, subjects)
        for entry in measurement["cases"]:
            if not entry["reason"]:
                case = Case(entry["batch_size"], entry["input_len"], entry["output_len"])
                runs = [Run(**values) for values in entry["runs"]]
                _write_case(partial / "performances" / measured, case, runs, measurement["mode"])
        files = [path.relative_to(partial).as_posix() for path in partial.rglob("*") if path.is_file()]
        write_sealed(partial / MANIFEST, {**FORMAT, "files": files_beside(partial, files)})


def _model(name: str, precision: str) -> str:
    return name if precision == "float" else f"{name}-{precision}"


# ---- answers -----------------------------------------------------------------------------------------------


def _write_answers(
    out: Path, model: str, header: Mapping[str, Any], records: Sequence[Record], subjects: Iterable[Subject]
) -> None:
    class_of = header.get("subjects") or {subject.name: subject.class_name for subject in subjects}
    exam = header.get("exam") or ("demo" if header.get("demo") else "ceval")
    asked = {name: [record for record in records if record.subject == name] for name in class_of}
    accuracies = {}
    for name, answers in asked.items():
        if not answers:
            continue
        abbr = f"{exam}-{name}"
        lines = [json.dumps(_prediction(abbr, k, answer), ensure_ascii=False) for k, answer in enumerate(answers)]
        write_text(out / "predictions" / model / f"{abbr}.jsonl", "".join(f"{line}\n" for line in lines))
        accuracies[name] = 100 * sum(answer.correct for answer in answers) / len(answers)
        details = {str(k): _detail(answer) for k, answer in enumerate(answers)}
        result = {"accuracy": accuracies[name], "details": {"type": "GEN", **details}}
        write_json(out / "results" / model / f"{abbr}.json", result)
    counts = {name: len(answers) for name, answers in asked.items() if answers}
    mode = "gen" if header["protocol"] == GENERATED else "ppl"
    rows = [[f"{exam}-{name}", "accuracy", value] for name, value in accuracies.items()]
    for group, metric, names in _groups(exam, class_of):
        if names <= accuracies.keys():  # AISBench has no row for part of a group
            weights = [counts[name] if metric == "weighted_average" else 1 for name in sorted(names)]
            value = numpy.average([accuracies[name] for name in sorted(names)], weights=weights)
            rows += [[group, "accuracy", value], [group, metric, value]]
    cells = [[name, NO_VERSION, metric, mode, f"{value:.2f}"] for name, metric, value in rows]
    columns = ["dataset", "version", "metric", "mode", model]
    write_text(out / "summary" / "summary_ceval.csv", csv_text(pandas.DataFrame(cells, columns=columns)))
    write_text(out / "summary" / "summary_ceval.md", table(cells, columns, "github", "lllll") + "\n")


def _groups(exam: str, class_of: Mapping[str, str]) -> list[tuple[str, str, set[str]]]:
    """[(name, its metric, its subjects)]: the classes, C-Eval Hard, all, and all weighted by questions."""
    classes = [
        (f"{exam}-{name.lower().replace(' ', '-')}", {subject for subject, of in class_of.items() if of == name})
        for name in dict.fromkeys(class_of.values())
    ]
    hard = [(f"{exam}-hard", set(HARD))] if class_of.keys() >= set(HARD) else []
    plain = [*classes, *hard, (exam, set(class_of))]
    averages = [(name, "naive_average", names) for name, names in plain]
    return [*averages, (f"{exam}-weighted", "weighted_average", set(class_of))]


def _prediction(abbr: str, number: int, record: Record) -> dict[str, Any]:
    return {
        "data_abbr": abbr,
        "id": number,
        "success": True,
        "uuid": f"{abbr}-{record.id}",
        "origin_prompt": "",
        "prediction": _answer(record),
        "gold": record.truth,
    }


def _detail(record: Record) -> dict[str, Any]:
    return {
        "prompt": "",
        "origin_prediction": _answer(record),
        "predictions": record.prediction,
        "references": record.truth,
        "correct": record.correct,
    }


def _answer(record: Record) -> str:
    return record.prediction if record.continuation is None else record.continuation


# ---- times -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Request:
    """The times of one request in seconds; steps: of its single tokens after the first, where they are known."""

    whole: float
    first: float
    tpot: float | None
    steps: Sequence[float] = ()


def _write_case(out: Path, case: Case, runs: Sequence[Run], mode: str) -> None:
    """The two files of one case, whose runs followed one another."""
    stem = f"batch{case.batch_size}-input{case.input_len}-output{case.output_len}"
    requests = [request for run in runs for request in _requests(case, run, mode)]
    write_text(out / f"{stem}.csv", csv_text(pandas.DataFrame(_statistics(case, requests))))
    common = _common(case, requests, sum(run.response_s for run in runs))
    write_json(out / f"{stem}.json", {name: {STAGE: value} for name, value in common.items()})


def _requests(case: Case, run: Run, mode: str) -> list[_Request]:
    """The requests of a run: its batch's, which have the same times unless a server streamed each one's tokens."""
    if run.token_s:
        return [_request(case, sum(times), times[0], times[1:]) for times in run.token_s]
    if mode == "detail":
        tokens = numpy.array(run.pre_s) + numpy.array(run.forward_s) + numpy.array(run.post_s)
        return [_request(case, run.response_s, float(tokens[0]), tokens[1:].tolist())] * case.batch_size
    assert run.first_s is not None  # as of every run of these modes
    assert run.total_s is not None
    one = replace(_request(case, run.total_s, run.first_s), whole=run.response_s)
    return [one] * case.batch_size


def _request(case: Case, whole: float, first: float, steps: Sequence[float] = ()) -> _Request:
    later = case.output_len - 1
    return _Request(whole, first, (whole - first) / later if later else None, steps)


def _statistics(case: Case, requests: Sequence[_Request]) -> list[dict[str, Any]]:
    """A row a figure; none for what requests have not: TPOT and ITL of one token, ITL without single tokens."""
    whole = [one.whole for one in requests]
    figures: dict[str, tuple[Sequence[float], str]] = {
        "E2EL": (whole, "ms"),
        "TTFT": ([one.first for one in requests], "ms"),
        "TPOT": ([one.tpot for one in requests if one.tpot is not None], "ms"),
        "ITL": ([step for one in requests for step in one.steps], "ms"),
        "InputTokens": ([case.input_len], ""),
        "OutputTokens": ([case.output_len], ""),
        "OutputTokenThroughput": ([case.output_len / seconds for seconds in whole], "token/s"),
    }
    return [
        {"Performance Parameters": name, "Stage": STAGE, **_over(values, unit), "N": len(requests)}
        for name, (values, unit) in figures.items()
        if values
    ]


def _over(values: Sequence[float], unit: str) -> dict[str, Any]:
    scaled = numpy.array(values) * (1000 if unit == "ms" else 1)
    percentiles = [50, 75, 90, 99]
    figures = [scaled.mean(), scaled.min(), scaled.max(), *numpy.percentile(scaled, percentiles)]
    return {name: _with_unit(value, unit) for name, value in zip(STATISTICS, figures, strict=True)}


def _with_unit(value: float, unit: str) -> Any:
    rounded = round(float(value), 4)
    return f"{rounded} {unit}" if unit else rounded


def _common(case: Case, requests: Sequence[_Request], seconds: float) -> dict[str, Any]:
    """The figures of all requests; seconds: those of the runs, one after the other."""
    count = len(requests)
    inputs, outputs = count * case.input_len, count * case.output_len
    return {
        "Benchmark Duration": _with_unit(1000 * seconds, "ms"),
        "Total Requests": count,
        "Failed Requests": 0,
        "Success Requests": count,
        "Concurrency": _with_unit(sum(one.whole for one in requests) / seconds, ""),
        "Max Concurrency": case.batch_size,
        "Request Throughput": _with_unit(count / seconds, "req/s"),
        "Total Input Tokens": inputs,
        "Prefill Token Throughput": _with_unit(inputs / sum(one.first for one in requests), "token/s"),
        "Total Generated Tokens": outputs,
        "Input Token Throughput": _with_unit(inputs / seconds, "token/s"),
        "Output Token Throughput": _with_unit(outputs / seconds, "token/s"),
        "Total Token Throughput": _with_unit((inputs + outputs) / seconds, "token/s"),
    }
