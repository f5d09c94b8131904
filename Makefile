# amphi: `make run` serves a sample congress, `make check` runs every test.
# BUILD names the folder for objects; SAN=address,undefined or SAN=thread makes a sanitised build of its own.
SAN ?=
BUILD ?= build/$(if $(SAN),san-$(subst $(eval ) ,-,$(subst $(comma),-,$(SAN))),release)
comma := ,
ifeq ($(origin CC),default)
CC := gcc
endif
PKGS := zlib cjose libarchive jansson libnats libcbor libsodium libuv libwebsockets openssl libpq libcurl libical icu-i18n libseccomp opus
RENDER_PKGS := poppler-glib cairo libwebp libseccomp fontconfig
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
# Sanitised builds run once: compiling them quickly counts for more than running them quickly.
OPTIMISE := $(if $(SAN),-O1 -g1 -fsanitize=$(SAN) -fno-sanitize-recover=all,-O2 -g)
# Sanitisers bring their own checks, and do not go with the library's. clang before 16 wants a switch more.
accepts = $(shell echo | $(CC) $(1) -x c -c -o /dev/null - 2>/dev/null && echo $(1))
HARDEN := $(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE \
    $(call accepts,-fcf-protection) \
    $(or $(call accepts,-ftrivial-auto-var-init=zero),$(call accepts,-ftrivial-auto-var-init=zero \
        -enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang)))
HARDEN_LINK := $(if $(SAN),,-pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack)
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null | sed 's/-I\//-isystem \//g')
CFLAGS_ALL = -std=gnu17 $(OPTIMISE) $(HARDEN) -fno-omit-frame-pointer -D_GNU_SOURCE -Iserver $(WARN) $(PKG_CFLAGS) $(CFLAGS) \
    $(if $(SAN),-DCHECK_THREADS)
LDFLAGS_ALL = $(if $(SAN),-fsanitize=$(SAN)) $(HARDEN_LINK) $(if $(shell command -v ld.lld),-fuse-ld=lld) $(LDFLAGS)
LDFLAGS_ALL := $(LDFLAGS_ALL)
LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -linih -lpthread -lm
CHECK_LIBS := $(shell pkg-config --libs check libwebp 2>/dev/null)

LIB_SRC := $(wildcard server/base/*.c server/crypto/*.c server/loop/*.c server/media/*.c server/net/*.c server/http/*.c \
    server/db/*.c server/nodes/*.c server/grants/*.c server/jobs/*.c server/blob/*.c server/mail/*.c server/room/*.c \
    server/room/*/*.c server/storage/*.c server/recording/*.c \
    server/sample/*.c server/features/*/*.c) \
    $(filter-out server/main.c,$(wildcard server/*.c)) $(wildcard server/render/client*.c server/render/wire*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
HELPER_SRC := $(wildcard server/render/helper*.c)
HARNESS_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/harness/*.c))
# The longest first, so that none is left running alone at the end.
LONG_SRC := $(wildcard tests/integration/net_*_test.c)
UNIT_SRC := $(LONG_SRC) $(filter-out $(LONG_SRC),$(wildcard tests/integration/*_test.c tests/unit/*_test.c))
UNIT_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(UNIT_SRC))
UNIT := $(UNIT_OBJ:%.o=%)

.PHONY: all
all: $(BUILD)/amphi $(BUILD)/amphi-render

$(BUILD)/amphi: $(BUILD)/server/main.o $(BUILD)/libamphi.a
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BUILD)/libamphi.a: $(LIB_OBJ)
	rm -f $@ && ar rcs $@ $^

# The helper shares only wire.c with the server. It has no threads, and its sandbox lets
# ThreadSanitizer's runtime do nothing: there it is built plain.
HELPER_OBJ := $(patsubst server/render/%.c,$(BUILD)/helper/%.o,$(HELPER_SRC) server/render/wire.c)
HELPER_SAN := $(if $(filter-out thread,$(SAN)),-fsanitize=$(SAN) -fno-sanitize-recover=all)
# libseccomp's macros leave out a field, which clang minds.
HELPER_CFLAGS := -std=gnu17 -O2 -g $(HARDEN) -fno-omit-frame-pointer -D_GNU_SOURCE -Iserver $(WARN) -Wno-missing-field-initializers \
    $(HELPER_SAN) $(shell pkg-config --cflags $(RENDER_PKGS) | sed 's/-I\//-isystem \//g') \
    -DPOPPLER_DATA='"$(shell pkg-config --variable=poppler_datadir poppler-data 2>/dev/null || echo /usr/share/poppler)"' $(CFLAGS)

$(BUILD)/helper/%.o: server/render/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(HELPER_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/amphi-render: $(HELPER_OBJ)
	$(CC) $(HELPER_SAN) $(HARDEN_LINK) $(LDFLAGS) -rdynamic -o $@ $^ $(shell pkg-config --libs $(RENDER_PKGS)) -lm

$(BUILD)/server/crypto/common.o: server/crypto/common_passwords.txt
$(BUILD)/tests/%.o: CFLAGS_ALL += -Itests
$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(BUILD)/libharness.a: $(HARNESS_OBJ)
	rm -f $@ && ar rcs $@ $^

# Kept, so that a change of the library only links again.
.SECONDARY: $(UNIT_OBJ)
$(UNIT): %: %.o $(BUILD)/libharness.a $(BUILD)/libamphi.a
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS) $(CHECK_LIBS)

# --- the browser side ---
WEB_SRC := $(shell find web/src web/public -type f 2>/dev/null) $(wildcard web/*.mjs web/*.json web/.npmrc)

.PHONY: web
web: web/dist/index.html

web/node_modules/.ready: web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

web/dist/index.html: web/node_modules/.ready $(WEB_SRC)
	cd web && npm run --silent build

# --- running ---
.PHONY: run cluster speaker certs
run:
	@exec server/run.sh

# Three nodes, NATS, a database with a standby and haproxy, for trying.
cluster:
	@exec server/run.sh cluster

# Somebody to hear and see in the sample, beside `make run`.
speaker:
	@exec server/run.sh speaker

certs: certs/server.pem

certs/server.pem:
	@mkdir -p certs
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 397 -subj "/CN=localhost" \
	    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -keyout certs/server.key.pem -out $@ 2>/dev/null
	chmod 640 certs/server.key.pem

# --- what is made from the features' declarations: PROTOCOL.md's tables, the browser's decoders ---
.PHONY: docs
docs: all web/node_modules/.ready
	node tests/docs.mjs

# --- checking: `make check` is what CI runs; each part can be run alone ---
.PHONY: check check-native rules format-check format tidy unit e2e web-check fuzz-corpus
check check-native:
	@exec tests/check.sh $(patsubst check-%,%,$(filter check-%,$@))

.PHONY: tests
tests: $(UNIT) $(BUILD)/amphi-render $(BUILD)/amphi

# Each test prints one line, or all it had to say when it fails. One PostgreSQL serves them all, each
# test makes databases of its own. The sanitisers want a memory layout without surprises.
unit: $(UNIT) $(BUILD)/amphi-render
	+@tests/harness/with-pg $(MAKE) --no-print-directory run-unit

# Long ones that start no thread: ThreadSanitizer would see nothing in them.
ONE_THREAD := render_test render_page_test participation_test schema_test
RUN_UNIT := $(patsubst %,run-%,$(if $(filter thread,$(SAN)),$(filter-out $(ONE_THREAD:%=$(BUILD)/tests/integration/%),$(UNIT)),$(UNIT)))
.PHONY: run-unit $(RUN_UNIT)
run-unit: $(RUN_UNIT)
FIXED_LAYOUT := $(if $(SAN),$(shell setarch -R true 2>/dev/null && echo setarch -R))
$(RUN_UNIT): run-%: %
	@begin=$$(date +%s%N); AMPHI_TEST_BUILD=$(BUILD) CK_FORK=$(if $(SAN),no,yes) $(SAN_OPTIONS) \
	    timeout -k 5 240 $(FIXED_LAYOUT) $< >$<.log 2>&1 </dev/null || { status=$$?; cat $<.log; \
	    echo "$(notdir $<): failed ($$status)"; exit 1; }; \
	    printf '%-28s %6d ms\n' $(notdir $<) $$((($$(date +%s%N) - begin) / 1000000))

SAN_OPTIONS := TZ=UTC ASAN_OPTIONS=strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 \
    LSAN_OPTIONS=suppressions=tests/rules/lsan.supp:print_suppressions=0 \
    TSAN_OPTIONS=suppressions=tests/rules/tsan.supp:second_deadlock_stack=1

# --- fuzzing: one target a decoder of bytes from outside ---
# `make fuzz` gives each target FUZZ_SECONDS of libFuzzer; what it finds is kept below build/fuzz/found.
# `make fuzz-corpus` replays the golden frames and tests/fuzz/corpus.
FUZZ := $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_SECONDS ?= 60
FUZZ_BUILD := SAN=fuzzer-no-link,address,undefined CC=clang BUILD=build/fuzz
GOLDEN_FOR_command := tests/golden
GOLDEN_FOR_json := tests/golden
CORPUS = $(wildcard tests/fuzz/corpus/$*) $(GOLDEN_FOR_$*)
REPLAY := $(FUZZ:%=$(BUILD)/tests/fuzz/%_replay)

.SECONDARY: $(FUZZ:%=$(BUILD)/tests/fuzz/%_fuzz.o)
$(REPLAY): %_replay: %_fuzz.o $(BUILD)/tests/fuzz/replay.o $(BUILD)/libharness.a $(BUILD)/libamphi.a
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(FUZZ:%=$(BUILD)/tests/fuzz/%_fuzz): %: %.o $(BUILD)/libharness.a $(BUILD)/libamphi.a
	$(CC) -fsanitize=fuzzer $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

# Documents of strangers: the helper's drawing, which only this target links.
PDF_FUZZ := $(BUILD)/tests/fuzz/pdf_replay $(BUILD)/tests/fuzz/pdf_fuzz
$(PDF_FUZZ): $(patsubst %,$(BUILD)/helper/helper_%.o,annots faults page text webp)
$(PDF_FUZZ): LIBS += $(shell pkg-config --libs $(RENDER_PKGS))
$(BUILD)/tests/fuzz/pdf_fuzz.o: CFLAGS_ALL += $(shell pkg-config --cflags $(RENDER_PKGS) | sed 's/-I\//-isystem \//g')

.PHONY: fuzz fuzz-bin fuzz-corpus replay replay-bin $(FUZZ:%=fuzz-%) $(FUZZ:%=replay-%)
fuzz-corpus:
	+@$(MAKE) --no-print-directory SAN=address,undefined replay
replay-bin: $(REPLAY)
replay: $(REPLAY)
	+@tests/harness/with-pg $(MAKE) --no-print-directory $(FUZZ:%=replay-%)
$(FUZZ:%=replay-%): replay-%: $(BUILD)/tests/fuzz/%_replay
	@printf '%-12s' $*; $(SAN_OPTIONS) timeout -k 5 120 $(FIXED_LAYOUT) $< $(CORPUS)

fuzz:
	+@$(MAKE) --no-print-directory $(FUZZ_BUILD) fuzz-bin
	+@tests/harness/with-pg $(MAKE) --no-print-directory $(FUZZ_BUILD) $(FUZZ:%=fuzz-%)
fuzz-bin: $(FUZZ:%=$(BUILD)/tests/fuzz/%_fuzz)
$(FUZZ:%=fuzz-%): fuzz-%: $(BUILD)/tests/fuzz/%_fuzz
	@mkdir -p build/fuzz/found/$*
	$(SAN_OPTIONS) $(FIXED_LAYOUT) $< -max_total_time=$(FUZZ_SECONDS) -max_len=20000 -timeout=20 \
	    -artifact_prefix=build/fuzz/found/$*- build/fuzz/found/$* $(CORPUS) >build/fuzz/found/$*.log 2>&1 || \
	    { tail -n 40 build/fuzz/found/$*.log; exit 1; }
	@tail -n 1 build/fuzz/found/$*.log

# Layout and analysis are those of Debian 12's clang; other versions see other things.
C_FILES = $(shell git ls-files '*.c' '*.h')
CLANG_14 = clang-format --version | grep -q 'version 14\.'
format-check:
	@if $(CLANG_14); then clang-format --dry-run -Werror $(C_FILES) && echo "format: clean"; \
	    else echo "format: SKIPPED, clang-format is not version 14"; fi
format:
	clang-format -i $(C_FILES)

rules: all
	@python3 tests/rules/includes.py
	@python3 tests/rules/lengths.py
	@python3 tests/rules/unused.py
	@python3 tests/rules/web_layers.py
	@python3 tests/rules/web_engines.py
	@python3 tests/rules/migrations.py
	@python3 tests/rules/alerts.py
	@tests/rules/hardening.sh $(BUILD)/amphi $(BUILD)/amphi-render

# One object a file, so that only what changed is looked at again.
TIDY := $(patsubst %.c,build/tidy/%.ok,$(LIB_SRC) server/main.c $(HELPER_SRC))
tidy:
	+@if $(CLANG_14); then $(MAKE) --no-print-directory -k tidy-all; \
	    else echo "tidy: SKIPPED, clang-tidy is not version 14"; fi
.PHONY: tidy-all
tidy-all: $(TIDY)
	@echo "tidy: clean"
build/tidy/%.ok: %.c .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet $< -- -std=gnu17 -D_GNU_SOURCE -Iserver \
	    $(shell pkg-config --cflags $(PKGS) $(RENDER_PKGS)) >$@.log 2>&1 || { cat $@.log; exit 1; }
	@touch $@

web-check: web/node_modules/.ready
	node tests/rules/web_lengths.mjs
	cd web && npm run --silent check

# They wait more than they compute: for pages, for leases, for silence.
E2E_JOBS ?= $(shell echo $$(($$(nproc) * 3 / 2)))
# What measures seconds has the machine for itself: one after the other.
E2E_ALONE := media.test.mjs recording.test.mjs stage.test.mjs webinar.test.mjs
E2E_LAST := firefox.test.mjs
E2E_CALM := carried.test.mjs leave.test.mjs kill.test.mjs
E2E_SHARED = $(filter-out $(E2E_ALONE) $(E2E_CALM) $(E2E_LAST),$(notdir $(wildcard tests/e2e/*.test.mjs)))
.PHONY: e2e-shared e2e-alone e2e-calm e2e-last
e2e: all web
	+@$(MAKE) --no-print-directory -j1 e2e-shared e2e-alone e2e-calm e2e-last
e2e-shared:
	cd tests/e2e && node --test --test-concurrency=$(E2E_JOBS) $(E2E_SHARED)
e2e-alone:
	cd tests/e2e && node --test --test-concurrency=1 $(E2E_ALONE)
e2e-last:
	cd tests/e2e && node --test --test-concurrency=1 $(E2E_LAST)
e2e-calm:
	cd tests/e2e && node --test --test-concurrency=1 $(E2E_CALM)
	+@$(MAKE) --no-print-directory e2e-nodes NODES_TESTS=isolation.test.mjs

# On two nodes, with connections at either in turns. The webinar takes more than a minute: by hand.
NODES_TESTS ?= isolation.test.mjs webinar.test.mjs
.PHONY: e2e-nodes
e2e-nodes: all web
	@if nats-server --version >/dev/null 2>&1; then cd tests/e2e && NODES=2 node --test --test-concurrency=1 $(NODES_TESTS); \
	    else echo "on two nodes: SKIPPED, nats-server is not installed: $(NODES_TESTS)"; fi

# What breaks, and what holds all the same: tests/faults/README.md. CASE=name runs one of them, SHORT=1
# the form of at most ten seconds each that `make check` runs.
.PHONY: faults
faults: all web $(BUILD)/bench/gen
	@BUILD=$(BUILD) CASE="$(CASE)" SHORT=$(SHORT) node tests/faults/run.mjs

# --- measuring: amphi beside the limit and peers; tests/bench/README.md ---
# `make bench N=2000` is a short form, `make bench ONLY=fanout` some of the figures.
BENCH := $(BUILD)/bench
BENCH_C = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/bench/$(1)/*.c))
BENCH_BIN := $(BENCH)/gen $(BENCH)/raw $(BENCH)/votes_pg $(BENCH)/epoll_count.so $(BENCH)/long_sends.so $(BENCH)/studio $(BENCH)/link $(BENCH)/registry_lines $(BENCH)/nodes_sim
BENCH_LIBS := $(shell pkg-config --libs openssl jansson 2>/dev/null)

$(BENCH)/gen $(BENCH)/raw: $(BENCH)/%:
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(BENCH_LIBS)
$(BENCH)/gen: $(call BENCH_C,gen)
$(BENCH)/raw: $(call BENCH_C,raw)

$(BENCH)/link: $(BUILD)/tests/bench/link.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^

$(BENCH)/registry_lines: $(BUILD)/tests/bench/registry_lines.o $(BUILD)/tests/harness/registry_file.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^

$(BENCH)/votes_pg: $(BUILD)/tests/bench/votes_pg.o
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(shell pkg-config --libs libpq 2>/dev/null)

$(BENCH)/nodes_sim: $(BUILD)/tests/bench/nodes_sim_nats.o $(BUILD)/tests/bench/nodes_sim_gap.o
$(BENCH)/studio $(BENCH)/nodes_sim: $(BENCH)/%: $(BUILD)/tests/bench/%.o $(BUILD)/libharness.a $(BUILD)/libamphi.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS) $(CHECK_LIBS)

$(BENCH)/%.so: tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -fPIC -shared -o $@ $< -ldl

# The render helper beside pdftocairo.
.PHONY: bench-render
bench-render: $(BUILD)/amphi-render
	@python3 tests/bench/render.py $<

.PHONY: bench bench-bin
bench-bin: $(BENCH_BIN)
bench: all bench-bin web
	@N=$(N) ONLY=$(ONLY) REPEATS=$(REPEATS) taskset -c 1 node tests/bench/bench.mjs $(abspath $(BUILD))

.PHONY: clean
clean:
	rm -rf build web/dist

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
