# make            what there is
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROTOS := $(wildcard proto/heyan/v1/*.proto) proto/buf/validate/validate.proto

.DEFAULT_GOAL := help
.PHONY: help setup demo test check deployment cluster-test lint types imports contract conformance crash hostile bench proto openapi manual image release-contract release-ledger constraints clean load seal-text

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## a .venv with the pinned packages, and Tesseract where apt can be used

# A fresh Debian has python3 without ensurepip; the package python3-venv brings it.
$(VENV)/.ready: constraints.txt pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" VENV="$(VENV)" bash scripts/setup.sh
	@touch $@

demo: setup ## a make-believe call of 12 submissions, checked over gRPC; leaves demo/
	@$(BIN)/python -m clients.demo demo --count 12 --seed 7

test: setup ## the tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup lint types imports contract deployment ## lint, types, imports, contract, deployment files

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup
	@$(BIN)/mypy extractors services clients benchmarks

imports: setup
	@$(BIN)/lint-imports --config pyproject.toml

deployment: setup
	@$(BIN)/hadolint docker/Dockerfile
	@$(BIN)/kubernetes-validate --quiet docker/kubernetes/*.yaml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker/compose.yaml

contract: setup
	@cd proto && ../$(BIN)/buf lint && ../$(BIN)/buf format --diff --exit-code --path heyan
	@cd proto && ../$(BIN)/buf breaking --against last-release.binpb
	@bash scripts/proto.sh $(BIN) build/proto
	@diff -r -x '*.proto' -x 'buf.yaml' -x '*.binpb' -x '__pycache__' build/proto proto \
		|| { echo 'the stubs are stale: run make proto'; exit 1; }

proto: setup ## the stubs beside the .proto files
	@bash scripts/proto.sh $(BIN) proto

manual: setup ## the reference part of docs/calls.md, from the checks
	@$(BIN)/python -m scripts.manual

# Needs faces, jieba and PyTorch: scripts/seal_text says which. FONTS: a further folder with faces.
seal-text: setup ## teaches the recogniser of seals further: extractors/ocr/seal_text.npz; some two hours of one core
	@$(BIN)/python -m scripts.seal_text $(if $(FONTS),--fonts $(FONTS)) draw --seed 1900 --parts 8 --development
	@$(BIN)/python -m scripts.seal_text $(if $(FONTS),--fonts $(FONTS)) draw --seed 7001 --parts 200
	@$(BIN)/python -m scripts.seal_text train --start extractors/ocr/seal_text.npz

openapi: setup ## the contract for HTTP, from the .proto files: services/http/openapi.json
	@mkdir -p build && cd proto && ../$(BIN)/buf build -o ../build/contract.binpb
	@PYTHONPATH=.:proto $(BIN)/python -m services.http.openapi build/contract.binpb > services/http/openapi.json

release-contract: setup ## at a release: the contract that buf breaking compares with
	@cd proto && ../$(BIN)/buf build --exclude-source-info -o last-release.binpb

hostile: setup ## hostile files, the matrix of methods and scopes, 10,000 fuzzed messages
	@FUZZED_MESSAGES=10000 $(BIN)/python -m pytest tests/services/test_hostile_files.py tests/services/callers tests/services/http

release-ledger: setup ## at a release: the ledger with data that the next version's upgrade is tested on
	@PYTHONPATH=.:proto $(BIN)/python -m tests.services.intake.last_release

cluster-test: setup ## a server that only accepts, two workers, PostgreSQL and S3 as processes; one is killed, all are renewed
	@$(BIN)/python -m pytest tests/cluster -p no:cacheprovider

crash: setup ## kill -9 of everything through 500 submissions, on SQLite and on PostgreSQL where it is installed; fsync, a full disk
	@PYTHONPATH=.:proto $(BIN)/python -m tests.services.intake.crash

conformance: setup ## against the real files of ../shared, when they are there
	@$(BIN)/python -m pytest tests/conformance

bench: setup ## accuracy and speed, as ratios in one run; writes to docs/benchmarks.md what it prints
	@$(BIN)/python -m benchmarks

load: setup ## the server under load: 64 callers, uploads, 10,000 submissions; some 12 minutes (--seconds 10 for a look)
	@$(BIN)/python -m benchmarks.load
	@$(BIN)/python -m benchmarks.ledger
	@$(BIN)/python -m benchmarks.stream

image: ## the container image
	docker build -f docker/Dockerfile -t heyan:latest .

constraints: setup ## pin the newest versions, with hashes
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--python-version 3.11 --all-extras --upgrade pyproject.toml -o constraints.txt
	@$(MAKE) --no-print-directory docker/requirements.txt

docker/requirements.txt: constraints.txt ## what the image has of it
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--python-version 3.11 --extra traces --extra image \
		-c <(sed -n 's/^\([a-z0-9].*\) \\\\$$/\1/p' constraints.txt) pyproject.toml -o $@

clean: ## everything that was made
	rm -rf $(VENV) build demo
