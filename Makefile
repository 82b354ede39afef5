# Every target sets up what it needs by itself; see scripts/setup.
#
#   make run [PORT=8081]   start orkd on this machine; without a key, against the bundled mock
#   make test              every test
#   make differential      our HTTP parsers against others', 200,000 streams (STREAMS=…, SEED=…)
#   make fuzz              every parser 30 s under libFuzzer (FUZZ='--runs 10000000 chunks')
#   make bench             CPU, latency and memory beside nginx and haproxy
#   make usage             `orkctl usage` on ten million stored requests, and their pruning (USAGE='--requests 1000000')
#   make incidents         five incidents upstream, a minute each, and what becomes of callers and keys (SECONDS=60)
#   make exhaust           thousands that never read, and ten times what can be served: two minutes each
#   make simulate          the pool's simulation, 100,000 seeds (SEEDS=10000000 FIRST=1 TASKS=2)
#   make decide            what the engine's decisions cost with 100,000 keys, against the baseline (DECIDE='--save FILE')
#   make crash             the daemon is killed under load, and its ledger judged (CRASH='--kills N --points N --cuts N --fills N --faults N')
#   make model             the model of the ledger's protocol, in every state it can be in
#   make sanitize          every test under ThreadSanitizer, then under AddressSanitizer (SANITIZE='thread FILTER')
#   make audit             secrets in files, faults in scripts
#   make lint              the format check of CI
#   make install           release build into PREFIX (default /usr/local; DESTDIR is honoured)
#   make clean             remove what was built; .ork/ (state of make run) stays

PORT ?= 8080
PREFIX ?= /usr/local
STREAMS ?= 200000

.PHONY: run test differential fuzz incidents bench exhaust usage simulate decide crash model sanitize audit lint install clean

run:
	@PORT='$(PORT)' scripts/run

test:
	@scripts/setup test
	@swift test

differential:
	@scripts/setup test
	@ORK_STREAMS='$(STREAMS)' $(if $(SEED),ORK_SEED='$(SEED)') swift test --filter DifferentialTests

fuzz:
	@scripts/setup run
	@scripts/fuzz $(FUZZ)

incidents:
	@scripts/setup test
	@ORK_INCIDENT_SECONDS='$(or $(SECONDS),60)' swift test --filter IncidentTests

bench:
	@scripts/setup bench
	@scripts/release
	@Benchmarks/gateway/run.py $(BENCH)

exhaust:
	@scripts/setup bench
	@scripts/release
	@Benchmarks/exhaustion/exhaust.py $(EXHAUST)

usage:
	@scripts/setup bench
	@scripts/release
	@Benchmarks/usage/usage.py $(USAGE)

simulate:
	@scripts/setup run
	@swift run -c release simulate '$(or $(FIRST),1)' '$(or $(SEEDS),100000)' '$(or $(TASKS),1)'

decide:
	@scripts/setup run
	@swift run -c release decide $(or $(DECIDE),--against Benchmarks/decide/baseline.tsv)

crash:
	@scripts/setup crash
	@swift build
	@ORK_BIN_DIR='$(CURDIR)/.build/debug' Tests/crash/crash.py $(or $(CRASH),--kills 200 --points 20)

model:
	@scripts/setup model
	@scripts/model

sanitize:
	@scripts/setup test
	@scripts/sanitize $(SANITIZE)

audit:
	@scripts/setup test
	@scripts/audit

lint:
	@scripts/setup lint
	@swift format lint --strict --parallel --recursive Package.swift Sources Tests Fuzz Benchmarks

install:
	@scripts/setup run
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' scripts/install

clean:
	@swift package clean
	@rm -rf .venv
