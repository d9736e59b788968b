# The two commands of the README: `make run` and `make test`. Both do all the set-up that they need.
SHELL := /bin/bash
PYTHON ?= /usr/bin/python3
BIN := .venv/bin

.PHONY: setup setup-models run test test-desktops test-rest test-slow test-machines prove prove-changed soak bench clean

setup: .venv/ready

.venv/ready: pyproject.toml constraints.txt vm/system-packages.txt vm/osarena_guest/images/desktop-packages.txt vm/install-system-packages
	vm/install-system-packages
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --use-pep517 --constraint constraints.txt --editable '.[office,media,browser,video,programs,archives,docker,dev]'
	touch $@

# What loads weights and detectors, which is large; `make run` does without.
setup-models: .venv/models-ready

.venv/models-ready: .venv/ready
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[models,detectors]' onnx
	touch $@

run: setup
	$(BIN)/osarena run --suite core --agent oracle --parallel 2

test: setup setup-models
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(MAKE) --no-print-directory --jobs 2 test-desktops test-rest

test-desktops:
	$(BIN)/pytest -m 'desktop and not slow and not machines'

# Beside the desktops, which mostly wait, and never in their way. It is told of when it has ended.
test-rest:
	@mkdir -p build
	@nice -n 19 $(BIN)/pytest -m 'not desktop and not slow and not machines' >build/test-rest.txt 2>&1 && tail -n 1 build/test-rest.txt || { cat build/test-rest.txt; exit 1; }

test-slow: setup setup-models
	$(BIN)/pytest -m slow

test-machines: setup
	vm/install-system-packages vm/machine-packages.txt
	$(BIN)/pytest -m machines

prove: setup
	$(BIN)/osarena task prove --suite core --seeds 3

prove-changed: setup
	$(BIN)/osarena task prove --suite core --seeds 3 --changed --sample 1 --within 20

soak: setup
	$(BIN)/python -m tests.soak.run

bench: setup
	vm/install-system-packages vm/bench-packages.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --no-deps pyautogui pymsgbox pytweening pyscreeze pygetwindow mouseinfo
	$(BIN)/python -m tests.benchmarks.run

clean:
	-$(BIN)/osarena clean
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
