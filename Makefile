# demo, test, check, bench, deploy. Everything they need beyond Python, Node and make is installed here, in .tools and .venv.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

UV := .tools/bin/uv
RUN := .venv/bin
UV_VERSION := 0.13.9
# the dependency groups of pyproject.toml that become layers, and `census`, of which the tables do
SHIPPED := core feeds matching policy console census
AXE := .tools/axe/node_modules/axe-core/axe.min.js
ASL := .tools/asl/node_modules/.bin/asl-validator
CDK := npx --yes aws-cdk@2.1148.1
# the first Python that runs and is new enough, Lambda's before others; the name of one that merely lies on the path is not enough
PYTHON := $(shell for p in python3.13 python3 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$p && break; done)

export UV_PYTHON_DOWNLOADS := never
# Bytecode is kept whatever the shell says: without it each process compiles the CDK, boto3 and the tests anew, for ten seconds.
export PYTHONDONTWRITEBYTECODE :=
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

# four processes on two cores: half of the time they wait for the local cloud
PYTEST := $(RUN)/python -m pytest --numprocesses 4 --dist loadgroup

.PHONY: help demo quick test browser thorough exhaustive check rules client sbom bench peers synth preflight deploy bootstrap destroy

help:
	@echo "make demo    the whole path on a local cloud   (DROP=FILE PROFILE=nypd: a file of your own; KEEP=1: leave it running)"
	@echo "make quick   the unit tests of what changed since origin/main, within 20 s"
	@echo "make test    the tests"
	@echo "make browser what the tests of the console's pages need: a browser, and the checks of accessibility"
	@echo "make check   rules (lint, types, imports, templates), the tests, more cases of them (make thorough), and the long"
	@echo "             ones (make exhaustive)"
	@echo "make bench   speed and memory, beside their floors; make peers: matching, beside other packages"
	@echo "make client  a Python client of the office API;  make sbom: what is shipped, as CycloneDX"
	@echo "make synth   ENV=dev or prod: the templates that would be deployed, in cdk.out, without an account"
	@echo "make preflight ENV=dev or prod: what the account still lacks for it; make deploy looks first as well"
	@echo "make deploy  ENV=dev or prod, to the AWS account you are signed in to   (REGION=us-gov-west-1: in another region;"
	@echo "             ONLY=services: code alone, the state stays as it is)"

demo: .venv/.ready
	@DROP="$(DROP)" PROFILE="$(PROFILE)" KEEP="$(KEEP)" $(RUN)/python -m tests.demo

# while you work; says which tests it runs, and how many it left out
quick: .venv/.ready
	@$(RUN)/python -m tests.quick

test: .venv/.ready
	$(PYTEST) -m "not thorough and not exhaustive"

# tests/browser runs in `make test` where these are, and is skipped with a sentence elsewhere
browser: .venv/.ready $(AXE)
	@$(RUN)/python -m tests.browser.chromium

$(AXE): tests/browser/package-lock.json
	@mkdir -p .tools/axe && cp tests/browser/package.json tests/browser/package-lock.json .tools/axe/
	@npm ci --prefix .tools/axe --ignore-scripts --no-audit --no-fund --silent && touch $@

# more cases of what the tests show already, and four times as many of what Hypothesis draws
thorough: .venv/.ready
	$(PYTEST) --hypothesis-profile=thorough -m "(thorough or hypothesis) and not exhaustive"

# every schedule of crashes, thousands of files and alerts, killed machines
exhaustive: .venv/.ready
	$(PYTEST) --hypothesis-profile=exhaustive -m "exhaustive or hypothesis"

check: rules test thorough exhaustive

rules: .venv/.ready $(ASL)
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(PYTEST) -m "not thorough and not exhaustive" tests/infra tests/aws

$(ASL): tests/infra/package-lock.json
	@mkdir -p .tools/asl && cp tests/infra/package.json tests/infra/package-lock.json .tools/asl/
	@npm ci --prefix .tools/asl --ignore-scripts --no-audit --no-fund --silent && touch $@

# a Python client of the office API, made from its document: a package `arrest_alert_client` in the folder build/
client: .venv/.ready
	@mkdir -p build && PATH="$(CURDIR)/$(RUN):$$PATH" $(RUN)/python -m openapi_python_client generate --path shared/office_api/openapi.json --meta none \
		--output-path build/arrest_alert_client --overwrite --fail-on-warning

# what is shipped to Lambda, as CycloneDX 1.5
sbom: .venv/.ready
	@mkdir -p build && $(UV) export --frozen --quiet --format cyclonedx1.5 $(SHIPPED:%=--only-group %) --output-file build/sbom.json
	@echo build/sbom.json

bench: .venv/.ready
	$(RUN)/python -m tests.bench

# who is told, beside splink, recordlinkage and nomenklatura on the same people
peers: .venv/.ready
	@$(UV) sync --frozen --quiet --inexact --group peers
	PEERS=1 $(RUN)/python -c "from tests.bench import likeness, same_work; likeness.main(strangers=0); same_work.main()"

# the state's stack first, then the services'; ONLY=services leaves the state as it is: an older release, for instance
STACKS = $(if $(filter services,$(ONLY)),--exclusively arrest-alert-$(ENV),--all)

deploy bootstrap destroy preflight synth: .venv/.ready
	@[[ -z "$(ONLY)" || "$(ONLY)" == services ]] || { echo "ONLY is services, or nothing"; exit 2; }
	@[[ "$(ENV)" == dev || "$(ENV)" == prod ]] || { echo "say which: make $@ ENV=dev   or   make $@ ENV=prod"; exit 2; }
	@[[ $@ != deploy && $@ != preflight ]] || $(RUN)/python -m infra.preflight $(ENV) $(REGION)
	@[[ $@ != synth ]] || CDK_OUTDIR=cdk.out CDK_CONTEXT_JSON='{"environment": "$(ENV)", "region": "$(REGION)"}' $(RUN)/python -m infra.app
	@[[ $@ != synth ]] || ls cdk.out/arrest-alert-$(ENV)*.template.json
	@[[ $@ == preflight || $@ == synth ]] || $(CDK) $@ $(if $(filter bootstrap,$@),,$(STACKS)) --context environment=$(ENV) \
		$(if $(REGION),--context region=$(REGION))

.venv/.ready: pyproject.toml uv.lock | .tools/bin/uv
	@$(UV) sync --frozen --quiet --python "$(PYTHON)"
	@touch $@

.tools/bin/uv:
	@[[ -n "$(PYTHON)" ]] || \
		{ echo "Python 3.11 or newer is missing: install it (python.org, or your system's package python3.11)."; exit 2; }
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || \
		{ echo "Node 20 or newer is missing: install it (nodejs.org); the AWS CDK synthesises with it."; exit 2; }
	@echo "installing what the project needs (a minute the first time) ..."
	@"$(PYTHON)" -m venv .tools || \
		{ rm -rf .tools; echo "Python's venv module is missing: install it (on Debian: apt install python3-venv)."; exit 2; }
	@.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
