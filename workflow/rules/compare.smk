# results/compare: one set of results held against another, in accuracy and in speed.
# needs: the results that compare.of and compare.to name: this run's, published ones, or a folder's
# makes: results/compare/: compare.md, compare.html, and where both sides have such figures accuracy.csv, accuracy.svg,
#        speed.csv, speed.svg
from baichuan2.report.choice import choose, shared_kinds

SIDES = [checked(choose, config["compare"][side], f"compare.{side}") for side in ("of", "to")]
COMPARED = checked(shared_kinds, *SIDES)


rule compare:
    input:
        figures=sorted({file for side in SIDES for kind in COMPARED for file in side.files[kind]}),
        subjects=SUBJECTS,
    output:
        **tables("results/compare", ["compare.md", *(f"{kind}.csv" for kind in COMPARED)]),
        page=in_report("results/compare/compare.html", "Comparison", "tables", "compare.rst"),
        figures=[
            in_report(f"results/compare/{kind}.svg", "Comparison", f"figure: {kind}", f"{kind}_figure.rst")
            for kind in COMPARED
        ],
    log:
        "results/logs/tabulate_compare.log",
    conda:
        environment("cpu")
    params:
        code=code("tabulate_compare.py"),
        of=config["compare"]["of"],
        to=config["compare"]["to"],
        language=LANGUAGE,
    message:
        "Comparing {params.of} with {params.to}"
    shell:
        """
        python workflow/scripts/tabulate_compare.py \
            --of {params.of:q} \
            --to {params.to:q} \
            --language {params.language} \
            --subjects {input.subjects:q} \
            --out {output.directory:q} \
            2> >(tee {log:q} >&2)
        """
