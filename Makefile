# The daily commands. The work is done by the scripts in .ci/.

.DEFAULT_GOAL := help
.PHONY: help setup run build test bench fmt lint unit e2e screenshots clean-data

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build, fill an empty database with the demonstration, serve
	@.ci/run.sh

test: ## everything: formatting, lints, unit and route tests, end-to-end tests
	@.ci/test.sh

bench: ## measure the release server on loopback and print one table
	@.ci/bench.sh

build: ## release: target/release/machikoe and the site files it serves
	@.ci/build.sh release

setup: ## fetch what building and testing need
	@.ci/setup.sh test

fmt: ## format the code
	cargo fmt --all

lint: ## formatting, house rules, wording, clippy
	@.ci/test.sh lint

unit: ## unit and route tests
	@.ci/test.sh unit

e2e: ## end-to-end tests; make e2e ARGS="reading --project=no-js" for some of them
	@.ci/test.sh e2e $(ARGS)

screenshots: ## a picture of every page into end2end/screenshots/
	@.ci/test.sh screenshots

clean-data: ## remove the local database, uploads and outbox
	rm -rf data
