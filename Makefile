PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SIM := $(BIN)/prakerja-sim
# Whose contract `make fuzz` sends made-up requests to; empty for every party's.
PARTY ?=
# How many made-up requests an operation gets from `make fuzz`.
EXAMPLES ?= 300
# How often `make races` runs each race.
ROUNDS ?= 200
# Which parts `make bench` measures; empty for all. What else it is told.
ONLY ?=
BENCH ?=
# Which Pythons `make digests` compares.
PYTHONS ?= python3.11 python3.12 python3.13

.PHONY: coverage install replay test lint suite test-load test-console chromium fuzz serve load cohort bench peers exports test-collections crash leases races partners brute test-postgres digests properties mutants planted docs format

install: .venv/dev

# One environment: the simulator alone is enough to replay and serve, all the rest needs `install`.
# What is there stays: pip adds to it and takes nothing away.
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check -c constraints.txt -e
# pip compiles what it copies; what stays here would be compiled at every start that may write no cache.
COMPILE = $(BIN)/python -m compileall -q prakerja_sim simulator mocks scenarios loadtests

.venv/base: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python $(PIP_INSTALL) .
	$(COMPILE)
	touch $@

.venv/dev: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python $(PIP_INSTALL) '.[dev]'
	$(COMPILE)
	touch .venv/base $@

.venv/browser: .venv/dev
	$(BIN)/python $(PIP_INSTALL) '.[dev,browser]'
	touch .venv/base .venv/dev $@

replay: .venv/base
	$(SIM) replay

# What reads the code keeps one core busy, and tests wait now and then: they run beside each other.
test: install
	@$(MAKE) --no-print-directory -j 2 lint suite

lint: install
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Neighbours go to one worker, so that what a module of tests starts is started once.
# One worker more than there are cores, since tests wait for disks and servers.
suite: install
	$(BIN)/pytest -n $$($(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 1)') --dist worksteal

# Load runs of some seconds each, with Locust in processes of its own.
test-load: install
	$(BIN)/pytest -n 2 tests/load --load

# The pages in a headless browser, and pictures of them in reports/console. Where there is none, it says so.
test-console: .venv/browser
	@if command -v chromium >/dev/null; then $(BIN)/pytest tests/browser --browser; \
	else echo 'SKIPPED: no page was tested. chromium is missing; as root: make chromium'; fi

chromium:
	command -v chromium || { apt-get update && apt-get install -y chromium; }

fuzz: install
	$(BIN)/pytest -n auto --dist worksteal tests/mocks/test_fuzzed_chains.py tests/mocks/test_fuzzed_contracts.py --examples $(EXAMPLES) --timeout 900 -k '$(PARTY)'

serve: .venv/base
	$(SIM) serve

load: install
	$(SIM) load

cohort: .venv/base
	$(SIM) cohort

# Some of its parts by ONLY="payments flows"; further options by BENCH, as BENCH="--people 1000000".
bench: install
	$(BIN)/python -m prakerja_sim.loadtests.bench $(addprefix --only ,$(ONLY)) $(BENCH)

# Programs that others use, to be measured beside ours: each in an environment of its own.
PEERS := .venv/peers
NODE_PEERS = @stoplight/prism-cli@5.14.2 @mockoon/cli@9.9.0 @mbtest/mountebank@2.9.2 wiremock@3.13.2 mockserver-node@8.0.0 json-server@0.17.4
peers: install
	command -v npm >/dev/null && npm install --prefix $(PEERS)/node --no-save --no-audit --no-fund --ignore-scripts $(NODE_PEERS) || echo 'there is no npm: its programs are left out'
	for peer in 'moto[server]==5.2.5' localstripe==1.15.10; do \
		folder=$(PEERS)/$$(echo $$peer | sed 's/[^a-z].*//'); \
		{ test -x $$folder/bin/python || $(PYTHON) -m venv $$folder; } && $$folder/bin/python -m pip install --quiet --disable-pip-version-check $$peer || exit 1; \
	done

# Two readers that are no Python: Mermaid's own parser, and the schema of HAR 1.2.
exports: install
	npm install --prefix .venv/node --no-save --no-audit --no-fund --ignore-scripts mermaid@11.17.2 jsdom@26.1.0 har-schema@2.0.0
	$(BIN)/pytest tests/mocks/admin/test_exports_elsewhere.py -rs

# The collections for Postman and Bruno, by the programs that run them without a window. Without npm, it says so.
test-collections: install
	@if command -v npm >/dev/null; then \
	  npm install --prefix .venv/node-collections --no-save --no-audit --no-fund --ignore-scripts newman@6.2.2 @usebruno/cli@4.1.0 && \
	  $(BIN)/pytest tests/mocks/docs/test_collections_elsewhere.py -rs; \
	else echo 'SKIPPED: no collection was run. npm is missing'; fi

crash: install
	$(BIN)/pytest tests/crash --kills 200 --cuts 200 --timeout 1800

leases: install
	$(BIN)/pytest tests/kit/test_many_sandboxes.py --sandboxes 1000 --timeout 1800 -s

# What partners do by our pages: every command of them, and the examples from a wheel in an environment of its own.
partners: install
	$(BIN)/pytest -n auto tests/kit/test_pages_run.py tests/kit/test_examples.py --partners --timeout 600

races: install
	$(BIN)/pytest tests/races --rounds $(ROUNDS) --timeout 1800

# What the tests of the stores, of serving and the races show, on a PostgreSQL server that they start and stop.
POSTGRES := tests/simulator/stores tests/mocks/server/test_on_postgres.py tests/races/test_over_http.py tests/crash/test_killed_at_any_moment.py tests/crash/test_database_restarted.py

test-postgres: install
	$(BIN)/pytest $(POSTGRES) --postgres --timeout 600

brute: install
	$(BIN)/pytest tests/mocks/test_brute_force.py --brute

digests: install
	for python in $(PYTHONS); do $$python -m venv .venv-$$python && .venv-$$python/bin/python $(PIP_INSTALL) . || exit 1; done
	$(BIN)/pytest tests/scenarios/test_one_digest.py --timeout 300 $(foreach python,$(PYTHONS),--python $(CURDIR)/.venv-$(python)/bin/python)

properties: install
	$(BIN)/pytest tests/properties --runs 10000 --timeout 0 -n auto

mutants: install
	$(BIN)/python -m tests.mutants

planted: install
	$(BIN)/python -m tests.mutants.planted

docs: install
	$(BIN)/python -m prakerja_sim.mocks.docs.reference
	$(BIN)/python -m prakerja_sim.scenarios.engine.reference

coverage: install
	$(BIN)/pytest -n auto tests/simulator tests/mocks tests/scenarios --cov=simulator --cov-branch --cov-report=
	$(BIN)/coverage report --omit='simulator/stores/*' --show-missing --fail-under=100

format: install
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .
