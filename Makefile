# Two commands for a fresh machine: `make ceval` and `make test`. Both make .venv first, from pinned packages.
PYTHON := $(shell for python in python3.11 python3.12 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
CORES ?= 1
TARGETS := inference ceval perf inference_quant ceval_quant perf_quant compare

.PHONY: all $(TARGETS) report sweep verify check acceptance cpu_performance check_ceval check_ceval_quant exports openvino slurm serve serve_quant test test-all lint peers arm64 clean

$(TARGETS): .venv/ready
	$(BIN)/snakemake --cores $(CORES) results/$@

all: .venv/ready
	$(BIN)/snakemake --cores $(CORES)

sweep verify check acceptance cpu_performance check_ceval check_ceval_quant serve serve_quant: .venv/ready
	$(BIN)/snakemake --cores $(CORES) $@

report: all
	$(BIN)/snakemake --cores $(CORES) --report results/report.html

# What `make test` leaves to `make test-all`; pyproject.toml says what these markers mean.
BEYOND := ascend or cuda or cluster or browser or network or exhaustive
PYTEST := OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive $(BIN)/python -m pytest \
	--numprocesses 2 --dist loadfile --no-loadscope-reorder

test: .venv/ready-dev
	-$(MAKE) .torch-npu/ready  # without it the tests on a fake Ascend card are skipped, and say so
	$(PYTEST) -m "not ($(BEYOND))"
	@echo "make test-all also runs the tests of: $(BEYOND)"

test-all: .venv/ready-dev .venv/ready-slurm
	-$(MAKE) .torch-npu/ready
	$(PYTEST)

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/snakefmt --check Snakefile workflow  # it calls shfmt
	$(BIN)/snakemake --lint 2>&1 | $(BIN)/python tests/helpers/lint_rules.py
	PYTHONPATH=workflow/scripts $(BIN)/lint-imports --no-cache
	$(BIN)/mypy

.venv/ready: envs/requirements.txt envs/constraints.txt
	$(if $(PYTHON),,$(error Python 3.11 or 3.12 is needed: install one, or run make PYTHON=/path/to/python))
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar off \
		--requirement envs/requirements.txt --constraint envs/constraints.txt
	touch $@

.venv/ready-dev: .venv/ready envs/requirements-dev.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar off \
		--requirement envs/requirements-dev.txt --constraint envs/constraints.txt
	touch $@

.torch-npu/ready: .venv/ready envs/requirements-npu.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar off --upgrade --no-deps \
		--target .torch-npu --requirement envs/requirements-npu.txt
	touch $@

.PHONY: docs
docs: .venv/ready-docs
	$(BIN)/mkdocs build --strict

.venv/ready-docs: .venv/ready envs/requirements-docs.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar off \
		--requirement envs/requirements-docs.txt --constraint envs/constraints.txt
	touch $@

slurm: .venv/ready-slurm

.venv/ready-slurm: .venv/ready envs/requirements-slurm.txt
	$(if $(shell command -v which 2>&1),,$(error Snakemake's plugin for Slurm calls which: install it (dnf install which)))
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar off \
		--requirement envs/requirements-slurm.txt --constraint envs/constraints.txt
	touch $@

openvino: .venv/ready-openvino

.venv/ready-openvino: .venv/ready envs/requirements-openvino.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar off \
		--requirement envs/requirements-openvino.txt --constraint envs/constraints.txt
	touch $@

exports: .venv/ready-openvino
	$(BIN)/snakemake --cores $(CORES) exports

peers: .venv/ready-peers

# A machine for tests/test_arm.py, in .arm64.
arm64: .venv/ready-dev
	PYTHONPATH=tests $(BIN)/python -m helpers.arm64

# llama.cpp is compiled. gcc 12 drops the stores of its AMX tile configuration, and the first int8 product crashes:
# hence CXXFLAGS, and no wheel of a cache that was built without.
.venv/ready-peers: .venv/ready envs/requirements-peers.txt
	CXXFLAGS="$$CXXFLAGS -fno-tree-dse -fno-dse" $(BIN)/python -m pip install --disable-pip-version-check --quiet \
		--progress-bar off --no-cache-dir --requirement envs/requirements-peers.txt --constraint envs/constraints.txt
	touch $@

clean:
	rm -rf results .snakemake
