# The two commands of the README: `make run` and `make test`. Both do all the set-up that they need.
SHELL := /bin/bash
PYTHON ?= /usr/bin/python3
BIN := .venv/bin

.PHONY: setup setup-models run test test-slow prove prove-changed soak bench clean

setup: .venv/ready

.venv/ready: pyproject.toml constraints.txt vm/system-packages.txt vm/install-system-packages
	vm/install-system-packages
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --use-pep517 --constraint constraints.txt --editable '.[office,media,browser,video,dev]'
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
	$(BIN)/pytest

test-slow: setup setup-models
	$(BIN)/pytest -m slow

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
