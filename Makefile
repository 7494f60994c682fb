# Unisson: the commands of every day. "make demo" and "make test" need nothing but Go, make and (for the tests) a
# Debian-like system or the programs that scripts/setup-tests names.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo build test check soak bench race generate lint setup tools clean

GO ?= go
ADDR ?= 127.0.0.1:8080
VERSION := $(shell scripts/version)
LDFLAGS := -s -w -X unisson/internal/platform/config.Version=$(VERSION)
# One PostgreSQL for all packages of a run, and one short report of it.
WITHPG := $(GO) run ./internal/platform/db/dbtest/withpg --
GOTEST := $(WITHPG) $(GO) test -json -timeout 20m
REQUIRE := UNISSON_REQUIRE_POSTGRES=1 UNISSON_REQUIRE_CHROMIUM=1
# The browser drives the built program, so a race detector in the test process would see nothing.
RACED = $(shell $(GO) list ./... | grep -v -e /e2e -e /bench -e /withpg)

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1|\2/' | column -t -s '|'

demo: build ## build Unisson and serve the demo company on http://localhost:8080
	bin/unisson demo --addr $(ADDR)

build: ## build bin/unisson, stamped with its version
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/unisson ./cmd/unisson

test: setup lint ## everything: install what is missing, lint, all tests on both engines, browser, race detector
	$(REQUIRE) $(GOTEST) ./... | bin/testsum
	@$(MAKE) --no-print-directory race

check: lint ## the fast loop: lint and the tests that take no browser journey
	$(GOTEST) -short ./... | bin/testsum

race: bin/testsum ## the tests under the race detector, on SQLite (ENGINES=sqlite,postgres for both; needs a C compiler)
	CGO_ENABLED=1 UNISSON_TEST_ENGINES=$(or $(ENGINES),sqlite) $(WITHPG) \
		$(GO) test -race -short -json -timeout 20m $(RACED) | bin/testsum -label race

soak: bin/testsum ## the long runs (ONLY=T-J01,T-D01 FACTOR=2 SEED=42)
	$(REQUIRE) UNISSON_SOAK=1 UNISSON_SOAK_ONLY='$(ONLY)' UNISSON_SOAK_FACTOR='$(FACTOR)' UNISSON_SOAK_SEED='$(SEED)' \
		UNISSON_SOAK_LEDGER=$(CURDIR)/bin/soak-ledger.txt $(WITHPG) $(GO) test -v -count=1 -timeout 90m -p 1 -run '^TestSoak' ./... \
		| grep -v -e 'no test files' -e 'no tests to run'

bench: build ## requests a second and p50/p99 of two pages, on both engines
	$(GO) run ./bench -binary bin/unisson

generate: bin/templ ## write the *_templ.go files anew
	bin/templ generate
	gofmt -l . | (! grep .)

lint: tools ## gofmt, go vet, staticcheck
	@test -z "$$(gofmt -l cmd internal migrations e2e bench tools 2>/dev/null | tee /dev/stderr)" || \
		{ echo 'gofmt -w the files above'; exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags crashtest ./internal/platform/crash
	bin/staticcheck ./...
	cd tools && $(GO) vet ./... && $(GO) test ./... >/dev/null

setup: ## install PostgreSQL, Chromium and a C compiler where they are missing
	@scripts/setup-tests

tools: bin/templ bin/staticcheck bin/testsum

bin/templ: tools/go.mod
	cd tools && $(GO) build -o ../bin/templ github.com/a-h/templ/cmd/templ
bin/staticcheck: tools/go.mod
	cd tools && $(GO) build -o ../bin/staticcheck honnef.co/go/tools/cmd/staticcheck
bin/testsum: tools/go.mod tools/testsum/main.go
	cd tools && $(GO) build -o ../bin/testsum ./testsum

clean: ## remove what was built
	rm -rf bin dist
