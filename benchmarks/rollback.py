"""Ways of choosing what stays in float, on the demo's exam: python benchmarks/rollback.py

For each way the workflow quantizes the demo model and answers all 520 questions; the table has the points, the share
of the linears' bytes in int8 and how many linears stayed in float. It runs in a copy of this repository. The numbers
are the demo's, not C-Eval's.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

import pandas
import yaml
from tqdm import tqdm

from harness import RESULTS, copy_tracked, environment, markdown, write_results

# The guide leaves 20 of 40 layers in float, whole; of the demo's four layers that is two.
WAYS = {
    "none": {"rollback": []},
    "half of the layers, as the guide": {"rollback": [1, 3]},
    "every down_proj, the vendor's later recipe": {"rollback": ["*.mlp.down_proj"]},
    "disable_level L3": {"rollback": [], "disable_level": "L3"},
    "config.yaml's list": {},
    "auto, KL of 0.01": {"rollback": "auto"},
    "auto, 1 point on dev": {"rollback": "auto", "auto": {"metric": "accuracy", "budget": 1}},
    "none, smoothed": {"rollback": [], "anti_outlier": "smooth"},
    "none, dynamic": {"rollback": [], "scheme": "dynamic"},
}


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        copy_tracked(project)
        rows.append({"in float": "everything", **_score(project, "ceval", {})})
        for name, settings in tqdm(WAYS.items(), unit="way"):
            rows.append({"in float": name, **_score(project, "ceval_quant", settings), **_artefact(project)})
    table = pandas.DataFrame(rows, dtype=object).fillna("")
    write_results(RESULTS, "rollback", table, [markdown(table)], environment(os.cpu_count() or 1))


def _score(project: Path, target: str, quantize: dict) -> dict:
    """Correct answers of a target's run with these keys of quantize."""
    overlay = project / "overlay.yaml"
    overlay.write_text(yaml.safe_dump({"quantize": quantize}), encoding="utf-8")
    command = ["snakemake", "--cores", "all", f"results/{target}", "--configfile", str(overlay)]
    with open(project / "log", "ab") as log:
        subprocess.run(command, cwd=project, check=True, stdout=log, stderr=log)
    average = json.loads((project / "results" / target / "summary.json").read_text(encoding="utf-8"))["average"]
    return {"correct": average["correct"], "of": average["total"], "points": f"{100 * average['accuracy']:.1f}"}


def _artefact(project: Path) -> dict:
    manifest = json.loads((project / "results/quant/manifest.json").read_text(encoding="utf-8"))
    share = f"{100 * manifest['int8_share_of_linear_bytes']:.1f} %"
    return {"int8 bytes of linears": share, "linears in float": len(manifest["float"])}


if __name__ == "__main__":
    main()
