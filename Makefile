.DEFAULT_GOAL := help
.PHONY: help run test test-axe test-channels test-deep lint format types unit vendor lock translations docs pictures bench

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## set everything up and serve at http://127.0.0.1:8000 (PORT=… for another)
	@bash scripts/run.sh

test: ## everything a change must pass: lint, types, contracts, SQLite, PostgreSQL, browser
	@bash scripts/test.sh

test-channels: ## the adapters against real servers, installed where possible; ARGS='-k wordpress' narrows it
	@bash scripts/test_channels.sh $(ARGS)

test-axe: ## every page in both themes, both languages, at both widths, with every rule
	@bash scripts/test.sh axe

test-deep: ## the long batteries, before a release
	@bash scripts/test.sh deep

lint: ## ruff and djlint
	@bash scripts/test.sh lint

format: ## rewrite Python as ruff wants it
	@.venv/bin/ruff check --fix --exit-zero --quiet . && .venv/bin/ruff format .

types: ## mypy --strict and the import contracts
	@bash scripts/test.sh types

unit: ## pytest on SQLite; ARGS='tests/stories -x' narrows it
	@bash scripts/test.sh unit $(ARGS)

vendor: ## rebuild humasflow/static/vendor from assets/ (needs Node)
	@bash scripts/vendor.sh

lock: ## rewrite requirements*.lock from pyproject.toml; ARGS=--upgrade takes newer versions
	@bash scripts/lock.sh $(ARGS)

translations: ## collect the Indonesian texts, update the catalogues, compile them
	@bash scripts/translations.sh

docs: ## write docs/workflow.md again from the transition tables
	@PYTHONPATH=. .venv/bin/python scripts/workflow_page.py

bench: ## speed beside a floor page on the same machine
	@bash scripts/bench.sh

pictures: ## take the pictures of README and docs again (docs/pictures)
	@bash scripts/pictures.sh
