# amphi: `make run` serves a sample congress, `make check` runs every test.
# BUILD names the folder for objects; SAN=address,undefined or SAN=thread makes a sanitised build of its own.
SAN ?=
BUILD ?= build/$(if $(SAN),san-$(subst $(eval ) ,-,$(subst $(comma),-,$(SAN))),release)
comma := ,
CC ?= gcc
PKGS := jansson libsodium libuv libwebsockets openssl libpq libcurl libical libseccomp
RENDER_PKGS := poppler-glib cairo libwebp libseccomp
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
CFLAGS_ALL = -std=gnu17 -O2 -g -fno-omit-frame-pointer -D_GNU_SOURCE -Iserver -I$(BUILD) $(WARN) \
    $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) \
    $(shell pkg-config --cflags $(PKGS) | sed 's/-I\//-isystem \//g') $(CFLAGS)
LDFLAGS_ALL = $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)
LIBS = $(shell pkg-config --libs $(PKGS)) -linih -lpthread -lm

LIB_SRC := $(wildcard server/base/*.c server/crypto/*.c server/loop/*.c server/net/*.c server/http/*.c \
    server/db/*.c server/blob/*.c server/mail/*.c server/bus/*.c server/room/*.c server/features/*/*.c) \
    $(filter-out server/main.c,$(wildcard server/*.c)) $(wildcard server/render/client*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
HELPER_SRC := $(wildcard server/render/helper*.c)
UNIT := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*_test.c tests/integration/*_test.c))

.PHONY: all
all: $(BUILD)/amphi $(BUILD)/amphi-render

$(BUILD)/amphi: $(BUILD)/server/main.o $(BUILD)/libamphi.a
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BUILD)/libamphi.a: $(LIB_OBJ)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/amphi-render: $(HELPER_SRC) $(BUILD)/libamphi.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(shell pkg-config --cflags $(RENDER_PKGS) | sed 's/-I\//-isystem \//g') $(LDFLAGS_ALL) -o $@ $(HELPER_SRC) \
	    $(BUILD)/libamphi.a $(shell pkg-config --libs $(RENDER_PKGS)) -ljansson -lsodium -lpthread -lm

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%: tests/%.c $(wildcard tests/harness/*.c) $(BUILD)/libamphi.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -Itests -MMD -MP -MF $@.d $(LDFLAGS_ALL) -o $@ $< $(wildcard tests/harness/*.c) \
	    $(BUILD)/libamphi.a $(LIBS) $(shell pkg-config --libs check)

# --- the browser side ---
WEB_SRC := $(shell find web/src web/public -type f 2>/dev/null) $(wildcard web/*.mjs web/*.json web/.npmrc)

.PHONY: web
web: web/dist/index.html

web/node_modules/.ready: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	touch $@

web/dist/index.html: web/node_modules/.ready $(WEB_SRC)
	cd web && npm run --silent build

# --- running ---
.PHONY: run certs
run:
	@exec server/run.sh

certs: certs/server.pem

certs/server.pem:
	@mkdir -p certs
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 397 -subj "/CN=localhost" \
	    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -keyout certs/server.key.pem -out $@ 2>/dev/null
	chmod 640 certs/server.key.pem

# --- checking: `make check` is what CI runs; each part can be run alone ---
.PHONY: check check-native check-asan check-tsan rules format-check format tidy unit e2e web-check fuzz-corpus
check:
	@exec tests/check.sh

.PHONY: tests
tests: $(UNIT) $(BUILD)/amphi-render $(BUILD)/amphi

RUN_UNIT := $(UNIT:%=run-%)
.PHONY: $(RUN_UNIT)
unit: $(RUN_UNIT)
$(RUN_UNIT): run-%: % $(BUILD)/amphi-render
	@AMPHI_TEST_BUILD=$(BUILD) CK_FORK=$(if $(SAN),no,yes) ASAN_OPTIONS=detect_leaks=1 \
	    LSAN_OPTIONS=suppressions=tests/rules/lsan.supp:print_suppressions=0 \
	    TSAN_OPTIONS=suppressions=tests/rules/tsan.supp:second_deadlock_stack=1 timeout 120 $<

C_FILES = $(shell git ls-files '*.c' '*.h')
format-check:
	@clang-format --dry-run -Werror $(C_FILES) && echo "format: clean"
format:
	clang-format -i $(C_FILES)

rules:
	@python3 tests/rules/includes.py
	@python3 tests/rules/lengths.py

# One object a file, so that only what changed is looked at again.
TIDY := $(patsubst %.c,build/tidy/%.ok,$(LIB_SRC) server/main.c $(HELPER_SRC))
tidy: $(TIDY)
	@echo "tidy: clean"
build/tidy/%.ok: %.c .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet $< -- -std=gnu17 -D_GNU_SOURCE -Iserver \
	    $(shell pkg-config --cflags $(PKGS) $(RENDER_PKGS)) >$@.log 2>&1 || { cat $@.log; exit 1; }
	@touch $@

web-check: web/node_modules/.ready
	cd web && npm run --silent check

e2e: all web
	cd tests/e2e && node --test --test-concurrency=1 .

.PHONY: clean
clean:
	rm -rf build web/dist

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
