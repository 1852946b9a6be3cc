# results/compare: one set of results held against another, in accuracy and in speed.
# needs: the results that compare.of and compare.to name: this run's, published ones, or a folder's
# makes: results/compare/: compare.md, compare.html, and where both sides have such figures accuracy.csv, accuracy.svg,
#        speed.csv, speed.svg
from baichuan2.report.choice import choose, shared_kinds

PUBLISHED = checked(paths.resolved, "config/references", "compare")
SIDES = [checked(choose, config["compare"][side], f"compare.{side}", PUBLISHED) for side in ("of", "to")]
COMPARED = checked(shared_kinds, *SIDES)
FIGURES = sorted({file for side in SIDES for kind in COMPARED for file in side.files[kind]})


rule compare:
    input:
        figures=listed(FIGURES),
        subjects=listed([SUBJECTS]),
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
        of=literal(config["compare"]["of"]),
        to=literal(config["compare"]["to"]),
        by_name=literal(as_json(config["compare"])),
        references=literal(PUBLISHED),
        subjects=literal(SUBJECTS),
        unlisted=literal(unlisted([*FIGURES, SUBJECTS])),
        language=LANGUAGE,
    message:
        "Comparing {params.of} with {params.to}"
    shell:
        """
        python "$BAICHUAN2_SCRIPTS/tabulate_compare.py" \
            --of {params.of:q} \
            --to {params.to:q} \
            --language {params.language} \
            --references {params.references:q} \
            --subjects {params.subjects:q} \
            --out {output.directory:q} \
            2> >(tee {log:q} >&2)
        """
