# Every command a contributor needs. The work is done by scripts/; ARGS="…" is handed on.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help install run test check lint fmt bench reference schema screenshots lock clean
ARGS ?=

help: ## list these commands
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

install: ## make .venv with everything locked in requirements/ (again only when that changed)
	@scripts/install.sh

run: ## install, then start DevTime here: `devtime up` (ARGS="--port 8090")
	@DEVTIME_ENGINE=later scripts/install.sh
	@exec .venv/bin/devtime up $(ARGS)

test: install ## run the tests, fast ones first (ARGS="tests/unit -k slots")
	@scripts/test.sh $(ARGS)

check: lint test ## everything that must hold before a commit: lint, types, imports, tests

lint: install ## style, types, import rules and browser scripts; no tests
	@scripts/lint.sh

fmt: install ## lay out the Python files and mend what can be mended
	@.venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format .

screenshots: install ## take the pictures of docs/tutorial anew (ARGS="day.* keys")
	@.venv/bin/python scripts/make_screenshots.py $(ARGS)

bench: install ## measure this machine and print the medians
	@.venv/bin/python -m tests.bench $(ARGS)

reference: install ## write docs/reference anew from the program
	@.venv/bin/python scripts/gen_reference.py

schema: install ## write src/devtime/store/schema.sql anew from the migrations
	@.venv/bin/python scripts/gen_schema.py

lock: install ## resolve requirements/*.txt anew (ARGS="--upgrade")
	@scripts/lock.sh $(ARGS)

clean: ## remove what was built or downloaded into this folder
	rm -rf .venv node_modules .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
