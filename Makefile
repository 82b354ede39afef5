# Every target sets up what it needs by itself; see scripts/setup.
#
#   make run [PORT=8081]   start orkd on this machine; without a key, against the bundled mock
#   make test              every test
#   make bench             CPU, latency and memory beside nginx and haproxy
#   make exhaust           thousands that never read, and ten times what can be served: two minutes each
#   make lint              the format check of CI
#   make install           release build into PREFIX (default /usr/local; DESTDIR is honoured)
#   make clean             remove what was built; .ork/ (state of make run) stays

PORT ?= 8080
PREFIX ?= /usr/local

.PHONY: run test bench exhaust lint install clean

run:
	@PORT='$(PORT)' scripts/run

test:
	@scripts/setup test
	@swift test

bench:
	@scripts/setup bench
	@scripts/release
	@Benchmarks/gateway/run.py $(BENCH)

exhaust:
	@scripts/setup bench
	@scripts/release
	@Benchmarks/exhaustion/exhaust.py $(EXHAUST)

lint:
	@scripts/setup lint
	@swift format lint --strict --parallel --recursive Package.swift Sources Tests

install:
	@scripts/setup run
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' scripts/install

clean:
	@swift package clean
	@rm -rf .venv
